"""Reads a published model of BERT's architecture from its files into a `Bert`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from framework.errors import EncoderError
from framework.learning.weights import read_weights
from framework.nlu.bert.training.bert import Bert, BertShape, from_state


@dataclass(frozen=True, kw_only=True)
class _Names:
    """Where a model type keeps its weights; `{}` stands for the layer's number."""

    layer: str = "encoder.layer.{}."
    query: str = "attention.self.query"
    key: str = "attention.self.key"
    value: str = "attention.self.value"
    attended: str = "attention.output.dense"
    attended_norm: str = "attention.output.LayerNorm"
    inner: str = "intermediate.dense"
    outer: str = "output.dense"
    outer_norm: str = "output.LayerNorm"


_BERT = _Names()
_DISTILBERT = _Names(
    layer="transformer.layer.{}.",
    query="attention.q_lin",
    key="attention.k_lin",
    value="attention.v_lin",
    attended="attention.out_lin",
    attended_norm="sa_layer_norm",
    inner="ffn.lin1",
    outer="ffn.lin2",
    outer_norm="output_layer_norm",
)
_ALBERT = _Names(
    layer="encoder.albert_layer_groups.0.albert_layers.0.",
    query="attention.query",
    key="attention.key",
    value="attention.value",
    attended="attention.dense",
    attended_norm="attention.LayerNorm",
    inner="ffn",
    outer="ffn_output",
    outer_norm="full_layer_layer_norm",
)
_NAMES = {
    "bert": _BERT,
    "roberta": _BERT,
    "xlm-roberta": _BERT,
    "camembert": _BERT,
    "electra": _BERT,
    "distilbert": _DISTILBERT,
    "albert": _ALBERT,
}
_PROJECTIONS = ("embeddings_project", "encoder.embedding_hidden_mapping_in")
_OFFSET_TYPES = frozenset({"roberta", "xlm-roberta", "camembert"})


def read_shape(folder: Path) -> BertShape:
    """Read the sizes of a model.

    Raises:
        EncoderError: its config.json is damaged, or of an architecture that isn't supported.
    """
    config = read_config(folder)
    kind = config.get("model_type", "")
    strange = _strangeness(config)
    if strange:
        raise EncoderError(
            f"the encoder in {folder} can't be used: {strange}",
            id="unsupported-encoder",
            hint=f"take a model of one of the types {', '.join(sorted(_NAMES))}, or convert one "
            "that was fine-tuned from them",
        )
    try:
        return _shape_of(config, kind)
    except (KeyError, TypeError) as error:
        raise EncoderError(
            f"the config.json in {folder} lacks {error}", id="altered-encoder"
        ) from error


def read_config(folder: Path) -> dict[str, Any]:
    """Read the config.json of a model.

    Raises:
        EncoderError: it isn't JSON with names and values.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EncoderError(f"{path} is damaged ({error})", id="altered-encoder") from error
    if not isinstance(config, dict):
        raise EncoderError(f"{path} is not the configuration of a model", id="altered-encoder")
    return config


def _shape_of(config: Mapping[str, Any], kind: str) -> BertShape:
    first = config.get("pad_token_id", 1) + 1 if kind in _OFFSET_TYPES else 0
    if kind == "distilbert":
        config = {
            **config,
            "hidden_size": config["dim"],
            "num_hidden_layers": config["n_layers"],
            "num_attention_heads": config["n_heads"],
            "intermediate_size": config["hidden_dim"],
            "layer_norm_eps": 1e-12,
        }
    embedding = config.get("embedding_size", config["hidden_size"])
    return BertShape(
        width=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        epsilon=config.get("layer_norm_eps", 1e-12),
        positions=config["max_position_embeddings"] - first,
        first_position=first,
        embedding=embedding if embedding != config["hidden_size"] or kind == "albert" else 0,
        activation="gelu" if _activation(config) == "gelu" else "gelu_new",
    )


def _strangeness(config: Mapping[str, Any]) -> str:
    """Say what of a model's architecture isn't supported, or nothing."""
    kind = config.get("model_type", "")
    activation = _activation(config)
    positions = config.get("position_embedding_type", "absolute")
    if kind not in _NAMES:
        return f"its model type is {kind!r}"
    if activation not in ("gelu", "gelu_new", "gelu_pytorch_tanh"):
        return f"its activation is {activation!r}"
    if positions not in ("absolute", None):
        return f"its positions are {positions!r}"
    if config.get("num_hidden_groups", 1) != 1 or config.get("inner_group_num", 1) != 1:
        return "its layers are in several groups"
    return "it is a decoder" if config.get("is_decoder", False) else ""


def _activation(config: Mapping[str, Any]) -> str:
    default = "gelu_new" if config.get("model_type") == "albert" else "gelu"
    return str(config.get("hidden_act", config.get("activation", default)))


def read_bert(folder: Path, shape: BertShape) -> Bert:
    """Read a whole model from its folder.

    Raises:
        EncoderError: the weights are missing or not those that config.json describes.
    """
    kind = read_config(folder)["model_type"]
    weights = _without_prefix(read_weights(folder))
    try:
        state = _rename(weights, _NAMES[kind], shape)
        model = from_state(shape, state)
    except (KeyError, RuntimeError) as error:
        raise EncoderError(
            f"the weights in {folder} are not those of the {kind} model in its config.json "
            f"({str(error).splitlines()[0]})",
            id="altered-encoder",
        ) from error
    return model


def _without_prefix(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Take the model's own name off (`bert.encoder…` in files saved with a head)."""
    anchor = "embeddings.word_embeddings.weight"
    prefix = next((name[: -len(anchor)] for name in weights if name.endswith(anchor)), "")
    return {
        name.removeprefix(prefix).replace(".gamma", ".weight").replace(".beta", ".bias"): tensor
        for name, tensor in weights.items()
        if name.startswith(prefix)
    }


def _rename(weights: Mapping[str, Tensor], names: _Names, shape: BertShape) -> dict[str, Tensor]:
    position = weights["embeddings.position_embeddings.weight"].float()
    types = weights.get("embeddings.token_type_embeddings.weight")
    if types is not None:
        position = position + types[0].float()
    state = {
        "word.weight": weights["embeddings.word_embeddings.weight"].float(),
        "position.weight": position[shape.first_position :],
        "norm.weight": weights["embeddings.LayerNorm.weight"].float(),
        "norm.bias": weights["embeddings.LayerNorm.bias"].float(),
    }
    for name in _PROJECTIONS if shape.embedding else ():
        if f"{name}.weight" in weights:
            state["projection.weight"] = weights[f"{name}.weight"].float()
            state["projection.bias"] = weights[f"{name}.bias"].float()
    for number in range(shape.layers):
        theirs, ours = names.layer.format(number), f"layers.{number}."
        for end in (".weight", ".bias"):
            parts = [weights[theirs + n + end] for n in (names.query, names.key, names.value)]
            state[f"{ours}qkv{end}"] = torch.cat(parts).float()
            for part in ("attended", "attended_norm", "inner", "outer", "outer_norm"):
                state[ours + part + end] = weights[theirs + getattr(names, part) + end].float()
    return state
