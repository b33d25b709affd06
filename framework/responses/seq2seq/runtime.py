"""The trained model when serving: a question -> chances of pieces, by ONNX Runtime and numpy.

Shapes: S pieces of the question, K replies so far, T pieces of each, V vocabulary, X pieces to
choose from (the vocabulary and the question's unknown pieces), L layers, D width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from framework.responses.seq2seq.vocabulary import BEGIN, Encoded

ENCODER_FILE, DECODER_FILE = "encoder.onnx", "decoder.onnx"

Array = NDArray[Any]


class Model:
    """The two graphs of a trained model."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Load the graphs; one thread suffices for a question."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._encoder, self._decoder = (
            onnxruntime.InferenceSession(files[name], options, providers=["CPUExecutionProvider"])
            for name in (ENCODER_FILE, DECODER_FILE)
        )
        self._states = [each.name for each in self._decoder.get_inputs()][2:]
        self._has_prefix = not self._states
        self._vocabulary = int(self._decoder.get_outputs()[0].shape[-1])

    def begin(self, question: Encoded) -> Replies:
        """Read a question; gives the empty reply."""
        ids_S = np.array([question.ids], np.int64)
        memory, *states = self._encoder.run(None, {"source": ids_S})
        known = np.array(question.extended, np.int64)
        width = self._vocabulary + len(question.unknown)
        pointed_SX = np.zeros((len(known), width), np.float32)
        pointed_SX[np.arange(len(known)), known] = 1
        return Replies(
            model=self,
            memory=memory,
            pointed=pointed_SX,
            states=dict(zip(self._states, states, strict=True)),
            pieces=np.full((1, 1), BEGIN, np.int64),
        )

    def step(self, replies: Replies) -> tuple[Array, dict[str, Array]]:
        """Give the chances of the next pieces, and the states after the last ones."""
        pieces = replies.pieces
        seen = np.where(pieces < self._vocabulary, pieces, 3)
        given = {"target": seen if self._has_prefix else seen[:, -1], "memory": replies.memory}
        chances_KV, gate_K1, seen_KS, *states = self._decoder.run(None, {**given, **replies.states})
        mixed_KX = (1 - gate_K1) * (seen_KS @ replies.pointed)
        mixed_KX[:, : self._vocabulary] += gate_K1 * chances_KV
        return mixed_KX, dict(zip(self._states, states, strict=True))


@dataclass(frozen=True, kw_only=True)
class Replies:
    """Replies so far, all of one length.

    Attributes:
        model: continues them.
        memory: the question as read, shape (1, S, D).
        pointed: which piece each place of the question stands for, shape (S, X).
        states: of recurrent layers before the last piece, each of shape (L, K, D).
        pieces: shape (K, T), the begin included.
    """

    model: Model
    memory: Array
    pointed: Array
    states: Mapping[str, Array]
    pieces: Array

    @cached_property
    def _stepped(self) -> tuple[Array, dict[str, Array]]:
        return self.model.step(self)

    def chances(self) -> Array:
        """Give the probability of each next piece, shape (K, X)."""
        return self._stepped[0]

    def extend(self, beams: Sequence[int], pieces: Sequence[int]) -> Replies:
        """Give the chosen replies, each with one more piece."""
        chosen = np.array(beams)
        longer = np.concatenate([self.pieces[chosen], np.array(pieces)[:, None]], axis=1)
        states = {name: state[:, chosen] for name, state in self._stepped[1].items()}
        return Replies(
            model=self.model,
            memory=self.memory,
            pointed=self.pointed,
            states=states,
            pieces=longer,
        )
