"""A tiny encoder with random weights, for tests that train a tagger in under a second.

Its tokenizer is a real WordPiece one over letters, digits and signs, so that words, offsets and
everything after them behave as with a pretrained encoder. Only what the weights know is missing.
"""

from __future__ import annotations

import json
import string
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_WORDS = (
    *(
        "a",
        "about",
        "and",
        "are",
        "at",
        "book",
        "can",
        "could",
        "do",
        "find",
        "for",
        "from",
        "give",
    ),
    *("hello", "help", "how", "i", "in", "is", "it", "me", "my", "no", "not", "of", "on", "order"),
    *("please", "show", "tell", "thank", "thanks", "that", "the", "there", "this", "to", "today"),
    *(
        "two",
        "want",
        "what",
        "when",
        "where",
        "which",
        "who",
        "with",
        "would",
        "yes",
        "you",
        "your",
    ),
)
_WIDTH, _LAYERS, _HEADS, _INNER, _POSITIONS = 32, 2, 2, 64, 128


def write_tiny_encoder(folder: Path, *, seed: int = 0) -> Path:
    """Write a BERT of two layers and width 32 in Hugging Face's layout.

    Args:
        folder: made if it isn't there; its path serves as `encoder:` of a project.
        seed: of the random weights.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    (folder / "config.json").write_text(json.dumps(_config(size)), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(_safetensors(_weights(size, seed=seed)))
    return folder


def _tokenizer() -> Tokenizer:
    characters = [*string.ascii_lowercase, *string.digits]
    pieces = (*_SPECIAL, *string.punctuation, *characters, *(f"##{c}" for c in characters))
    vocabulary = list(dict.fromkeys((*pieces, *_WORDS)))
    numbers = {piece: number for number, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", numbers["[CLS]"]), ("[SEP]", numbers["[SEP]"])],
    )
    return tokenizer


def _config(vocabulary: int) -> dict[str, object]:
    return {
        "model_type": "bert",
        "vocab_size": vocabulary,
        "hidden_size": _WIDTH,
        "num_hidden_layers": _LAYERS,
        "num_attention_heads": _HEADS,
        "intermediate_size": _INNER,
        "max_position_embeddings": _POSITIONS,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": 0,
    }


def _weights(vocabulary: int, *, seed: int) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    weights: dict[str, NDArray[np.float32]] = {}

    def add(name: str, *shape: int) -> None:
        weights[f"{name}.weight"] = rng.normal(0, 1 / np.sqrt(shape[-1]), shape).astype(np.float32)

    def add_linear(name: str, outputs: int, inputs: int) -> None:
        add(name, outputs, inputs)
        weights[f"{name}.bias"] = np.zeros(outputs, dtype=np.float32)

    def add_norm(name: str) -> None:
        weights[f"{name}.weight"] = np.ones(_WIDTH, dtype=np.float32)
        weights[f"{name}.bias"] = np.zeros(_WIDTH, dtype=np.float32)

    add("embeddings.word_embeddings", vocabulary, _WIDTH)
    add("embeddings.position_embeddings", _POSITIONS, _WIDTH)
    add("embeddings.token_type_embeddings", 2, _WIDTH)
    add_norm("embeddings.LayerNorm")
    for layer in range(_LAYERS):
        prefix = f"encoder.layer.{layer}."
        for part in ("query", "key", "value"):
            add_linear(f"{prefix}attention.self.{part}", _WIDTH, _WIDTH)
        add_linear(f"{prefix}attention.output.dense", _WIDTH, _WIDTH)
        add_norm(f"{prefix}attention.output.LayerNorm")
        add_linear(f"{prefix}intermediate.dense", _INNER, _WIDTH)
        add_linear(f"{prefix}output.dense", _WIDTH, _INNER)
        add_norm(f"{prefix}output.LayerNorm")
    return weights


def _safetensors(weights: dict[str, NDArray[np.float32]]) -> bytes:
    """Lay arrays out as safetensors: length of the header, header, values in its order."""
    header: dict[str, object] = {}
    values, start = b"", 0
    for name, array in weights.items():
        data = array.tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [start, start + len(data)],
        }
        values += data
        start += len(data)
    described = json.dumps(header).encode()
    described += b" " * (-len(described) % 8)
    return len(described).to_bytes(8, "little") + described + values
