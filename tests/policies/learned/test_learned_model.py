"""The parts of the learned policy: features, sequences, varied batches, and the exported graph."""

import numpy as np
import pytest
import torch

from framework.policies.features import Decision, decisions
from framework.policies.learned.batches import PLAIN, Draw, Variation, collate, draws, encode
from framework.policies.learned.export import to_onnx
from framework.policies.learned.network import Shape, TurnTransformer
from framework.policies.learned.runtime import Facts, TurnScorer
from framework.policies.learned.sequences import PIECE_STATES, TurnSequence, sequences
from framework.policies.learned.training import best_temperature, default_epochs
from framework.policies.learned.vocabulary import Label, Vocabulary, build, features
from framework.policies.states import DialogueState
from framework.policies.views import View
from tests.policies.learned.bot import DOMAIN, STORIES, story


def learned(stories=STORIES, *, window=5) -> tuple[TurnSequence, ...]:
    found = decisions(stories, DOMAIN, view=View(DOMAIN, sees_setting=True), keep_repeated=True)
    return sequences(list(found), window=window)


def vocabulary_of(found: tuple[TurnSequence, ...]) -> Vocabulary:
    states = {state for sequence in found for state in sequence.states}
    labels = {label for sequence in found for label in sequence.labels if label}
    return build(states, labels)


def names(state: DialogueState) -> set[str]:
    return {name for name, _ in features(state)}


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (DialogueState(intent="affirm+ask_price"), DialogueState(intent="affirm")),
        (DialogueState(entities=("city#from",)), DialogueState(entities=("city",))),
        (
            DialogueState(previous_action="utter_ask_city"),
            DialogueState(previous_action="utter_ask_date"),
        ),
        (DialogueState(text="to Paris"), DialogueState(text="to Rome")),
        (DialogueState(loop="form", loop_rejected=True), DialogueState(loop="form")),
    ],
    ids=["multi-intent", "role", "action", "words", "rejected form"],
)
def test_what_is_alike_shares_features(whole, part):
    assert names(whole) & names(part) - names(DialogueState())
    assert names(whole) != names(part)


def test_a_name_that_training_lacks_is_the_unknown_one_of_its_kind():
    vocabulary = vocabulary_of(learned())
    unknown = vocabulary.encode(DialogueState(intent="new", previous_action="action_listen"))
    assert vocabulary.index["intent:?"] in unknown.indices
    composed = vocabulary.encode(DialogueState(intent="affirm+deny"))
    assert {vocabulary.index["intent:affirm+"], vocabulary.index["intent:deny+"]} <= set(
        composed.indices.tolist()
    )


def test_unknown_slots_and_entities_are_left_out():
    vocabulary = vocabulary_of(learned())
    strange = DialogueState(slots=(("new", (1.0,)),), entities=("new",))
    plain = DialogueState()
    assert vocabulary.encode(strange).indices.tolist() == vocabulary.encode(plain).indices.tolist()


def test_a_dialogue_becomes_one_sequence_and_equal_dialogues_one():
    found = learned((*STORIES[:2], STORIES[0]))
    assert len(found) == 2
    assert [label.name for label in found[0].labels if label] == [
        "action_listen",
        "utter_greet",
        "action_listen",
    ]


def test_decisions_that_can_not_be_learned_leave_gaps():
    state = DialogueState()
    run = [Decision(history=(state,) * n, action=f"a{n}") for n in (1, 3)]
    (sequence,) = sequences(run, window=5)
    assert sequence.labels == (Label(name="a1"), None, Label(name="a3"))


@pytest.mark.parametrize("window", [1, 3, 10])
def test_pieces_of_a_long_dialogue_hold_every_decision_once_with_its_window(window):
    steps = ["greet", "utter_greet", "order", "utter_ask_size", "deny", "utter_sorry"] * 60
    whole = list(decisions([story("long", *steps)], DOMAIN, view=View(DOMAIN), keep_repeated=True))
    pieces = sequences(whole, window=window)
    assert all(len(piece.states) <= PIECE_STATES + window for piece in pieces)
    windows = {
        (piece.states[max(0, place - window + 1) : place + 1], label)
        for piece in pieces
        for place, label in enumerate(piece.labels)
        if label
    }
    wanted = {(each.history[-window:], Label(name=each.action)) for each in whole}
    assert windows == wanted


def test_batches_hold_each_sequence_once_and_follow_from_the_seed():
    first = draws(range(37), batches=3, seed=1, epoch=0)
    assert sorted(number for draw in first for number in draw.numbers) == list(range(37))
    assert first == draws(range(37), batches=3, seed=1, epoch=0)
    assert first != draws(range(37), batches=3, seed=1, epoch=1)


def test_a_glued_dialogue_inherits_the_slots_it_does_not_set_itself():
    found = learned((STORIES[4], STORIES[3]))
    vocabulary = vocabulary_of(found)
    data = encode(found, vocabulary)
    draw = Draw(numbers=(0, 1), seed=0)
    plain = collate(data, draw, vocabulary)
    glued = collate(data, draw, vocabulary, Variation(glue=1.0, inherit=1.0))
    full = vocabulary.index["slot:stock:0"]
    assert plain.labels_BT.shape[0] == 2
    assert glued.labels_BT.shape[0] == 1
    assert (glued.indices == full).sum() > (plain.indices == full).sum()
    assert (glued.labels_BT >= 0).sum() == (plain.labels_BT >= 0).sum() - 1


def test_the_actions_that_a_story_begins_with_are_skipped_and_nothing_is_learned_of_them():
    opened = story("opened", "utter_greet", "utter_price", "affirm", "utter_done")
    found = learned((opened, STORIES[1]))
    vocabulary = vocabulary_of(found)
    data = encode(found, vocabulary)
    assert [sequence.opening for sequence in data] == [2, 0]

    def batch(number, variation=PLAIN):
        return collate(data, Draw(numbers=(number,), seed=0), vocabulary, variation)

    skipped = batch(0, Variation(skip_opening=1.0))
    shown = {vocabulary.names[number] for number in skipped.indices}
    assert not shown & {"action:utter_greet", "action:utter_price"}
    assert {"action:", "intent:affirm"} <= shown
    labels = [vocabulary.labels[number].name for number in skipped.labels_BT[0] if number >= 0]
    assert labels == ["utter_done", "action_listen"]
    assert batch(1, Variation(skip_opening=1.0)).indices.tolist() == batch(1).indices.tolist()


def test_a_story_of_actions_alone_is_kept_whole():
    (sequence,) = learned((story("actions", "utter_greet", "utter_price"),))
    (encoded,) = encode((sequence,), vocabulary_of((sequence,)))
    assert encoded.opening == 0


def test_hidden_kinds_become_unknown():
    found = learned()
    vocabulary = vocabulary_of(found)
    draw = Draw(numbers=(0, 1, 2), seed=0)
    hidden = collate(encode(found, vocabulary), draw, vocabulary, Variation(hide_kind=1.0))
    kept = {vocabulary.names[number] for number in hidden.indices[hidden.values > 0]}
    intents = {name for name in kept if name.startswith("intent:")}
    assert intents == {"intent:?"}


def test_what_a_message_has_set_is_hidden_as_a_whole():
    found = learned((story("in stock", "order", ("stock", "full"), "utter_done"),))
    vocabulary = vocabulary_of(found)
    draw = Draw(numbers=(0,), seed=0)
    told = [number for number, name in enumerate(vocabulary.names) if name.startswith("set:")]
    data = encode(found, vocabulary)

    def shown(variation):
        batch = collate(data, draw, vocabulary, variation)
        return np.isin(batch.indices[batch.values > 0], told).sum()

    assert told
    assert shown(Variation()) > 0
    assert shown(Variation(hide_setting=1.0)) == 0


@pytest.mark.parametrize("text", [0, 6], ids=["intents", "texts"])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_graph_scores_as_the_model_does(text, layers):
    found = learned((STORIES[1], story("spoken", "user: a large one", "utter_done")), window=4)
    vectors = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    states = [
        DialogueState(**{**_fields(state), "embedding": vectors[place] if text else None})
        for place, state in enumerate(found[0].states)
    ]
    vocabulary = build(states, {label for label in found[0].labels if label})
    torch.manual_seed(3)
    shape = Shape(
        features=len(vocabulary.names),
        labels=len(vocabulary.labels),
        text=text,
        window=4,
        width=16,
        layers=layers,
    )
    model = TurnTransformer(shape).eval()
    for layer in model.layers:
        torch.nn.init.normal_(layer.distance)
    sequence = TurnSequence(states=tuple(states), labels=found[0].labels)
    batch = collate(encode([sequence], vocabulary), Draw(numbers=(0,), seed=0), vocabulary)
    with torch.no_grad():
        wanted = (model(batch) / 1.5).softmax(-1)[0].numpy()
    scorer = TurnScorer(
        to_onnx(model, temperature=1.5), Facts(vocabulary=vocabulary, window=shape.window)
    )
    for place in range(len(states)):
        np.testing.assert_allclose(scorer.score(states[: place + 1]), wanted[place], atol=1e-5)


def _fields(state: DialogueState) -> dict:
    return {name: getattr(state, name) for name in DialogueState.__dataclass_fields__}


def test_the_temperature_makes_confidence_as_high_as_accuracy():
    labels = torch.tensor([0] * 70 + [1] * 30)
    too_sure = torch.tensor([[4.0, 0.0]]).repeat(100, 1)
    sure = (too_sure / best_temperature(too_sure, labels)).softmax(-1)[0, 0]
    assert abs(sure.item() - 0.83) < 0.03


@pytest.mark.parametrize("count", [1, 16, 100, 1000, 100_000])
def test_training_time_is_bounded_for_few_and_linear_for_many(count):
    steps = default_epochs(count) * -(-count // 16)
    assert 160 <= steps <= 200 + 1.4 * count
