"""Goes on from an earlier tagger: its weights, its labels and some of its examples, seen again.

New examples are learned together with a sample of the earlier ones, spread over all labels, so
that what was known stays known (experience replay; Rolnick et al. 2019). Labels that are new begin
as they do in a full training: an intent as a regression has it, a tag from nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from framework.data.types import Utterance
from framework.nlu.bert.labels import Labels, intent_label
from framework.nlu.bert.tagger import GRAPH, LABELS, REPORT, SEEN, TOKENIZER
from framework.nlu.bert.training.model import Tagger, tag_parts, tag_shares
from framework.nlu.bert.training.pretrained import Pretrained
from framework.nlu.bert.training.readback import Weights, read_weights
from framework.nlu.component import Earlier

logger = logging.getLogger(__name__)

RATE_SHARE = 0.5
"""Share of the learning rates with which a tagger goes on."""

_LEAST_REPLAYED, _REPLAYED_PER_NEW = 100, 3
_MOST_NEW = 0.5
"""Share of new examples above which a full training is the better one."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """What an earlier training learned.

    Attributes:
        weights: read back from its graph.
        labels: what it could answer.
        pieces: number of each word piece in its vocabulary.
        seen: digests of the examples it learned from.
        temperatures: its calibration, which stays.
        epoch_fraction: share of the usual epochs to go on for.
    """

    weights: Weights
    labels: Labels
    pieces: Mapping[str, int]
    seen: frozenset[str]
    temperatures: Mapping[str, float]
    epoch_fraction: float


FROM_SCRATCH = "an encoder that is trained from scratch begins anew each time"


def find_start(
    earlier: Earlier | None, encoder: str, utterances: Sequence[Utterance], pretrained: Pretrained
) -> Start | None:
    """Give what to go on from; None where a full training is wanted, or called for by a reason.

    Args:
        earlier: files of an earlier training; None where it isn't wanted to go on.
        encoder: name of the encoder that is wanted now.
        utterances: all examples.
        pretrained: the encoder as it begins in a full training.
    """
    if earlier is None:
        return None
    start: Start | str = FROM_SCRATCH
    if isinstance(pretrained.tokenizer, Tokenizer):
        start = read_start(earlier, encoder=encoder)
    reason = start if isinstance(start, str) else why_not(start, utterances, pretrained)
    if isinstance(start, Start) and not reason:
        logger.info("intents and entities go on from what the earlier model learned")
        return start
    say_in_full(reason)
    return None


def say_in_full(reason: str) -> None:
    """Warn that the training doesn't go on from an earlier one, and why."""
    logger.warning("intents and entities are trained in full: %s", reason)


def read_start(earlier: Earlier, *, encoder: str) -> Start | str:
    """Read what an earlier training left.

    Args:
        earlier: its files.
        encoder: name of the encoder that is wanted now.

    Returns:
        What to start from, or the reason why that can't be.
    """
    files = earlier.files
    if any(name not in files for name in (GRAPH, LABELS, REPORT, SEEN, TOKENIZER)):
        return "the earlier model doesn't say what it learned from"
    report = json.loads(files[REPORT])
    if report["encoder"] != encoder:
        return f"the encoder was {report['encoder']!r} and is {encoder!r} now"
    weights = read_weights(files[GRAPH])
    if weights is None:
        return "the weights of the earlier model can't be read back"
    return Start(
        weights=weights,
        labels=Labels.from_json(files[LABELS].decode()),
        pieces=Tokenizer.from_str(files[TOKENIZER].decode()).get_vocab(),
        seen=frozenset(json.loads(files[SEEN])),
        temperatures=report["temperatures"],
        epoch_fraction=earlier.epoch_fraction,
    )


def why_not(start: Start, utterances: Sequence[Utterance], pretrained: Pretrained) -> str:
    """Give the reason why a full training is called for; an empty text where none is."""
    shape = pretrained.bert.state_dict()
    wrong = [
        name
        for name, array in start.weights.encoder.items()
        if name not in shape or shape[name].shape != array.shape
    ]
    if wrong or not start.weights.encoder:
        return "the encoder is of another size than that of the earlier model"
    if start.weights.tags.shape[1] != 2 * pretrained.bert.shape.width:
        return "the earlier model found entities by other evidence"
    new = sum(digest_of(utterance) not in start.seen for utterance in utterances)
    if new > _MOST_NEW * len(utterances):
        return f"{new} of {len(utterances)} examples are new"
    return ""


def digest_of(utterance: Utterance) -> str:
    """Give what tells an example from others: its text, its label and its entities."""
    spans = [(e.start, e.end, e.entity, e.role, e.group) for e in utterance.entities]
    text = json.dumps([utterance.text, intent_label(utterance), spans])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def choose_examples(start: Start, utterances: Sequence[Utterance], *, seed: int) -> list[int]:
    """Give the places of the examples to learn from: new ones, and earlier ones of every label.

    Args:
        start: knows which ones are new.
        utterances: all examples.
        seed: chooses among the earlier ones.
    """
    new: list[int] = []
    earlier: defaultdict[str | None, list[int]] = defaultdict(list)
    for place, utterance in enumerate(utterances):
        if digest_of(utterance) in start.seen:
            earlier[intent_label(utterance)].append(place)
        else:
            new.append(place)
    if not new:
        return []
    wanted = max(_LEAST_REPLAYED, _REPLAYED_PER_NEW * len(new))
    rng = np.random.default_rng(seed)
    queues = [rng.permutation(earlier[label]).tolist() for label in sorted(earlier, key=str)]
    rounds = max((len(queue) for queue in queues), default=0)
    dealt = [queue[turn] for turn in range(rounds) for queue in queues if turn < len(queue)]
    return sorted([*new, *dealt[:wanted]])


def adopt_encoder(pretrained: Pretrained, start: Start) -> None:
    """Put the earlier encoder's weights in place of the pretrained ones, piece by piece."""
    table = pretrained.word_table
    numbers = _pieces_of(pretrained)
    shared = [(numbers[piece], row) for piece, row in start.pieces.items() if piece in numbers]
    ours, theirs = torch.tensor(shared).T
    table[ours] = torch.tensor(start.weights.words)[theirs]
    state = {name: torch.tensor(array) for name, array in start.weights.encoder.items()}
    pretrained.bert.load_state_dict({**state, "word.weight": table}, strict=False)


def _pieces_of(pretrained: Pretrained) -> Mapping[str, int]:
    tokenizer = pretrained.tokenizer
    return tokenizer.get_vocab() if isinstance(tokenizer, Tokenizer) else {}


@torch.no_grad()
def adopt_heads(model: Tagger, labels: Labels, start: Start) -> Tensor:
    """Put the earlier answers' weights into the heads.

    Returns:
        Which intents were known, shape (I,).
    """
    known = torch.zeros(len(labels.intents), dtype=torch.bool)
    rows = {intent: row for row, intent in enumerate(start.labels.intents)}
    theirs = torch.tensor(start.weights.intents, device=model.intents.device)
    biases = torch.tensor(start.weights.intent_biases, device=model.intents.device)
    for place, intent in enumerate(labels.intents):
        if intent in rows:
            known[place] = True
            model.intents[place] = theirs[rows[intent]]
            model.intent_biases[place] = biases[rows[intent]]
    _adopt_tags(model, labels, start)
    return known


def _adopt_tags(model: Tagger, labels: Labels, start: Start) -> None:
    """Split the earlier tags' weights into the parts that tags share, by the least change.

    A tag is a sum of parts (`tag_shares`); of all ways to write the earlier tags as such sums the
    one with the smallest numbers is taken, and parts of new labels begin at 0.
    """
    inverse = torch.linalg.pinv(tag_shares(start.labels.entities))
    parts = inverse @ torch.tensor(start.weights.tags)
    biases = inverse @ torch.tensor(start.weights.tag_biases)
    places = {name: place for place, name in enumerate(tag_parts(start.labels.entities))}
    for place, name in enumerate(tag_parts(labels.entities)):
        if name in places:
            model.tags.parts[place] = parts[places[name]]
            model.tags.biases[place] = biases[places[name]]
