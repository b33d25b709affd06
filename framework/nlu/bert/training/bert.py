"""BERT as a small torch module, read straight from a model's files.

It covers the models that share BERT's architecture under other names (RoBERTa, XLM-RoBERTa,
DistilBERT, ELECTRA …), because importing transformers takes longer than training a small bot.

Shapes: B batch, S word pieces, D width, H heads, V vocabulary.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from framework.errors import EncoderError
from framework.learning.weights import read_weights


@dataclass(frozen=True, kw_only=True)
class BertShape:
    """Sizes of a BERT, from its config.json.

    Attributes:
        width: D.
        layers: number of transformer layers.
        heads: H.
        inner: width of the feed-forward layers.
        epsilon: of the layer norms.
        positions: longest sequence in pieces, special ones included.
        first_position: number of the first piece's position (RoBERTa starts after its padding).
    """

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    positions: int
    first_position: int = 0


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
_NAMES = {
    "bert": _BERT,
    "roberta": _BERT,
    "xlm-roberta": _BERT,
    "camembert": _BERT,
    "electra": _BERT,
    "distilbert": _DISTILBERT,
}
_OFFSET_TYPES = frozenset({"roberta", "xlm-roberta", "camembert"})


class Layer(nn.Module):
    """One transformer layer, norms after the sums, with q, k and v in one matrix."""

    def __init__(self, shape: BertShape, *, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = dropout
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.attended = nn.Linear(shape.width, shape.width)
        self.attended_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.outer_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)

    def forward(self, states_BSD: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """Give the states after attention and the feed-forward part."""
        batch, pieces, width = states_BSD.shape
        qkv = self.qkv(states_BSD).view(batch, pieces, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        scores_BHSS = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        if mask_B11S is not None:
            scores_BHSS = scores_BHSS.masked_fill(~mask_B11S, -math.inf)
        attended = scores_BHSS.softmax(dim=-1) @ value
        attended = self.attended(attended.transpose(1, 2).reshape(batch, pieces, width))
        states = self.attended_norm(states_BSD + self._drop(attended))
        outer = self.outer(functional.gelu(self.inner(states)))
        result: Tensor = self.outer_norm(states + self._drop(outer))
        return result

    def _drop(self, states: Tensor) -> Tensor:
        return functional.dropout(states, self.dropout, self.training) if self.dropout else states


class Bert(nn.Module):
    """A BERT encoder whose word embedding may hold only the pieces that training sees."""

    def __init__(self, shape: BertShape, *, vocabulary: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.word = _blank_embedding(vocabulary, shape.width)
        self.position = _blank_embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape, dropout=dropout) for _ in range(shape.layers))

    def embed(self, ids_BS: Tensor) -> Tensor:
        """Give the states before the first layer."""
        pieces = ids_BS.shape[1]
        states: Tensor = self.norm(self.word(ids_BS) + self.position.weight[:pieces])
        return states

    def run_layers(
        self, states_BSD: Tensor, mask_B11S: Tensor | None, *, first: int = 0
    ) -> list[Tensor]:
        """Give the states after each layer from number `first` on."""
        outputs = []
        for layer in list(self.layers)[first:]:
            states_BSD = layer(states_BSD, mask_B11S)
            outputs.append(states_BSD)
        return outputs


def _blank_embedding(rows: int, width: int) -> nn.Embedding:
    """Make an embedding without random weights: drawing them on `meta` imports the compiler."""
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width))


def read_shape(folder: Path) -> BertShape | None:
    """Read the sizes of a model; None when it isn't of BERT's architecture."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = config.get("model_type", "")
    if kind not in _NAMES or not _is_plain(config):
        return None
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
    return BertShape(
        width=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        epsilon=config.get("layer_norm_eps", 1e-12),
        positions=config["max_position_embeddings"] - first,
        first_position=first,
    )


def _is_plain(config: Mapping[str, Any]) -> bool:
    activation = config.get("hidden_act", config.get("activation", "gelu"))
    positions = config.get("position_embedding_type", "absolute")
    embedding = config.get("embedding_size", config.get("hidden_size"))
    return (
        activation == "gelu"
        and positions in ("absolute", None)
        and embedding == config.get("hidden_size")
        and not config.get("is_decoder", False)
    )


def read_bert(folder: Path, shape: BertShape) -> Bert:
    """Read a whole model from its folder.

    Raises:
        EncoderError: the weights are missing or not those that config.json describes.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = config["model_type"]
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


def from_state(shape: BertShape, state: Mapping[str, Tensor]) -> Bert:
    """Make a model of weights under their names here, without random ones first."""
    with torch.device("meta"):
        model = Bert(shape, vocabulary=len(state["word.weight"]))
    model.load_state_dict(state, assign=True)
    return model.requires_grad_().eval()


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
    for number in range(shape.layers):
        theirs, ours = names.layer.format(number), f"layers.{number}."
        for end in (".weight", ".bias"):
            parts = [weights[theirs + n + end] for n in (names.query, names.key, names.value)]
            state[f"{ours}qkv{end}"] = torch.cat(parts).float()
            for part in ("attended", "attended_norm", "inner", "outer", "outer_norm"):
                state[ours + part + end] = weights[theirs + getattr(names, part) + end].float()
    return state
