"""The word pieces of questions and answers, learned from them, and words that no piece covers.

Han characters and digits stand alone, other words are cut by byte-pair encoding. A character that
no pair holds is unknown to the model, but not lost: in each question the unknown ones are numbered
after the vocabulary's pieces, so that a reply can copy them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import regex
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

PAD, BEGIN, END, UNKNOWN = range(4)
_SHIFT = UNKNOWN
"""The tokenizer numbers its pieces from 0, its unknown one; the model has three more before it."""

_UNKNOWN_PIECE, _SPACE = "<unk>", "▁"
_BLANKS = regex.compile(r"[^\S\n]+")


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A question as numbers.

    Attributes:
        ids: pieces the model knows, `UNKNOWN` for others.
        extended: the same, the unknown ones numbered after the vocabulary.
        unknown: what those stand for, in the order of their numbers.
    """

    ids: tuple[int, ...]
    extended: tuple[int, ...]
    unknown: tuple[str, ...] = ()

    def cut(self, most: int) -> Self:
        """Give the first pieces alone."""
        return replace(self, ids=self.ids[:most], extended=self.extended[:most])


class Vocabulary:
    """Texts <-> numbers of pieces."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take a trained tokenizer."""
        self._tokenizer = tokenizer
        self.size = int(tokenizer.get_vocab_size()) + _SHIFT

    @classmethod
    def learn(cls, texts: Iterable[str], *, size: int) -> Vocabulary:
        """Learn the pieces of texts; every character of them is covered."""
        tokenizer = Tokenizer(models.BPE(unk_token=_UNKNOWN_PIECE))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always"),
                pre_tokenizers.Split(Regex(r"\p{Han}|\p{Hiragana}|\p{Katakana}"), "isolated"),
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.Punctuation(behavior="isolated"),
            ]
        )
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=2,
            special_tokens=[_UNKNOWN_PIECE],
            initial_alphabet=[_SPACE],
            show_progress=False,
        )
        tokenizer.train_from_iterator(map(tidy, texts), trainer)
        return cls(tokenizer)

    @classmethod
    def from_bytes(cls, content: bytes) -> Vocabulary:
        """Take back what `to_bytes` gave."""
        return cls(Tokenizer.from_buffer(content))

    def to_bytes(self) -> bytes:
        """Give the tokenizer as a file."""
        return str(self._tokenizer.to_str()).encode()

    def encode(self, question: str) -> Encoded:
        """Give the pieces of a question."""
        text = tidy(question)
        found = self._tokenizer.encode(text, add_special_tokens=False)
        ids = [number + _SHIFT for number in found.ids]
        unknown: dict[str, int] = {}
        extended = list(ids)
        for place, (number, (start, end)) in enumerate(zip(ids, found.offsets, strict=True)):
            if number == UNKNOWN:
                extended[place] = self.size + unknown.setdefault(text[start:end], len(unknown))
        return Encoded(ids=tuple(ids), extended=tuple(extended), unknown=tuple(unknown))

    def encode_answer(self, answer: str, unknown: Sequence[str] = ()) -> tuple[int, ...]:
        """Give the pieces of an answer and its end; those unknown that the question has can be."""
        own = self.encode(answer)
        numbers = {piece: self.size + place for place, piece in enumerate(unknown)}
        surfaces = [numbers.get(piece, UNKNOWN) for piece in own.unknown]
        known = (n if n < self.size else surfaces[n - self.size] for n in own.extended)
        return (*known, END)

    def decode(self, ids: Iterable[int], unknown: Sequence[str] = ()) -> str:
        """Give the text of a reply's pieces."""
        pieces = [
            unknown[number - self.size]
            if number >= self.size
            else self._tokenizer.id_to_token(number - _SHIFT) or ""
            for number in ids
            if number > UNKNOWN
        ]
        return "".join(pieces).replace(_SPACE, " ").strip()


def tidy(text: str) -> str:
    """Give a text with single blanks, in Unicode's composed form, without broken characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", whole)).strip()
