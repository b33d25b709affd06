"""The trained model when serving: windows of states -> probabilities, by ONNX Runtime."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from framework.policies.learned.vocabulary import Label, Vocabulary, to_dense
from framework.policies.states import DialogueState

GRAPH_FILE = "model.onnx"
FACTS_FILE = "model.json"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the graph doesn't hold: the vocabulary and how many states it reads."""

    vocabulary: Vocabulary
    window: int


class TurnScorer:
    """Scores what comes next after a conversation's latest states."""

    def __init__(self, graph: bytes, facts: Facts) -> None:
        """Load the graph; one thread suffices for windows of states."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._graph = graph
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        self.facts = facts

    @property
    def vocabulary(self) -> Vocabulary:
        """The features and labels of the model."""
        return self.facts.vocabulary

    def score(self, states: Sequence[DialogueState]) -> NDArray[np.float32]:
        """Give the probability of each label after the last state, shape (A,).

        Args:
            states: oldest first, at least one; those before the window aren't looked at.
        """
        window = states[-self.facts.window :]
        encoded = [self.vocabulary.encode(state) for state in window]
        features_TF, texts_TE = to_dense(encoded, self.vocabulary)
        (chances,) = self._session.run(
            None,
            {
                "features": features_TF[None],
                "texts": texts_TE[None],
                "back": np.arange(len(window) - 1, -1, -1, dtype=np.int64),
            },
        )
        row: NDArray[np.float32] = chances[0]
        return row

    def to_files(self) -> Mapping[str, bytes]:
        """Give the model as named bytes."""
        vocabulary = self.facts.vocabulary
        facts = {
            "window": self.facts.window,
            "embedding_width": vocabulary.embedding_width,
            "labels": [asdict(label) for label in vocabulary.labels],
            "names": vocabulary.names,
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        return {GRAPH_FILE: self._graph, FACTS_FILE: text.encode()}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> TurnScorer:
        """Take back what `to_files` gave."""
        facts = json.loads(files[FACTS_FILE])
        vocabulary = Vocabulary(
            names=tuple(facts["names"]),
            labels=tuple(Label(**label) for label in facts["labels"]),
            embedding_width=facts["embedding_width"],
        )
        return cls(files[GRAPH_FILE], Facts(vocabulary=vocabulary, window=facts["window"]))
