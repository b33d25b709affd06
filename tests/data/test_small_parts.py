import pytest

from framework.data.slot_features import slot_features
from framework.data.split import folds, split_evenly, split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.errors import UsageError
from framework.project.schema.domain import Slot
from framework.project.schema.nlu import Example


@pytest.mark.parametrize(
    ("slot", "values"),
    [
        (Slot(name="s", type="text"), {None: (0.0,), "": (1.0,), "x": (1.0,), 0: (1.0,)}),
        (
            Slot(name="s", type="bool"),
            {
                None: (0.0, 0.0),
                True: (1.0, 1.0),
                False: (1.0, 0.0),
                "True ": (1.0, 1.0),
                "false": (1.0, 0.0),
                "1": (1.0, 1.0),
                "2": (1.0, 0.0),
                7: (1.0, 0.0),
                "maybe": (0.0, 0.0),
            },
        ),
        (
            Slot(name="s", type="float", min_value=10, max_value=20),
            {
                None: (0.0, 0.0),
                15: (1.0, 0.5),
                "12.5": (1.0, 0.25),
                99: (1.0, 1.0),
                -1: (1.0, 0.0),
                "many": (0.0, 0.0),
            },
        ),
        (
            Slot(name="s", type="categorical", values=("low", "high")),
            {
                None: (0.0, 0.0, 0.0),
                "Low": (1.0, 0.0, 0.0),
                "high": (0.0, 1.0, 0.0),
                "other": (0.0, 0.0, 1.0),
            },
        ),
        (Slot(name="s", type="any", influence_conversation=False), {"x": ()}),
        (Slot(name="s", type="text", influence_conversation=False), {"x": ()}),
        (Slot(name="s", type="custom", custom_class="a.B"), {"x": ()}),
    ],
    ids=lambda value: value.type if isinstance(value, Slot) else "",
)
def test_policies_see_slots_as_in_rasa(slot, values):
    assert {value: slot_features(slot, value) for value in values} == values


def test_a_list_slot_counts_as_set_when_it_holds_something():
    slot = Slot(name="s", type="list")
    assert [slot_features(slot, value) for value in (None, [], ["a"], 0)] == [
        (0.0,),
        (0.0,),
        (1.0,),
        (0.0,),
    ]


def test_retrieval_labels_are_split_into_intent_and_response():
    examples = [
        Example(text="hi", intent="greet"),
        Example(text="name?", intent="faq/ask_name"),
        Example(text="hi there", intent="greet+ask"),
    ]
    assert [(u.intent, u.response_key) for u in from_examples(examples)] == [
        ("greet", None),
        ("faq", "faq/ask_name"),
        ("greet+ask", None),
    ]


def labelled(**counts):
    return [
        Utterance(text=f"{intent} {number}", intent=intent)
        for intent, count in counts.items()
        for number in range(count)
    ]


def test_both_parts_of_a_split_have_every_label_that_can_be_split():
    utterances = labelled(a=10, b=2, c=1)
    learn, score = split_utterances(utterances, fraction=0.8, seed=3)
    assert sorted([*learn, *score], key=utterances.index) == utterances
    assert [u.intent for u in score] == ["a", "a", "b"]
    assert (learn, score) == split_utterances(utterances, fraction=0.8, seed=3)
    assert learn != split_utterances(utterances, fraction=0.8, seed=4)[0]
    assert len(split_evenly(range(10), fraction=0.7)[0]) == 7


def test_each_example_is_scored_in_exactly_one_fold():
    utterances = labelled(a=7, b=5)
    found = folds(utterances, count=3, seed=1)
    scored = [utterance for _, score in found for utterance in score]
    assert sorted(scored, key=utterances.index) == utterances
    assert all({u.intent for u in score} == {"a", "b"} for _, score in found)


def test_impossible_splits_are_refused():
    with pytest.raises(UsageError, match="between 0 and 1"):
        split_evenly([1], fraction=1.0)
    with pytest.raises(UsageError, match="can't be split into 5 folds"):
        folds(labelled(a=3), count=5)
