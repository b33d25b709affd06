from __future__ import annotations

import itertools

import numpy as np
import pytest

from framework.actions.recommending.action import Recommend
from framework.actions.recommending.amounts import number_of
from framework.actions.recommending.catalogue import Catalogue, unit, words
from framework.actions.recommending.ranking import rank
from framework.actions.recommending.taste import SHOWN, Taste, TasteObserver, taste_of
from framework.assistant.explain import explain, lines
from framework.conversation.events import BotUttered, UserUttered
from framework.nlu.types import IntentScore, Understanding
from framework.project.schema.domain import (
    Domain,
    EntityType,
    Intent,
    Response,
    ResponseVariation,
    Slot,
    SlotMapping,
)
from framework.project.schema.recommend import Item, RecommendSettings
from framework.testing.conversation import Conversation, Meanings, Script
from tests.bots import tracker_of

BREADS = [
    {"id": "Baguette", "grain": "wheat", "price": 2, "about": "crisp and light", "sold": 90},
    {"id": "Borodinsky", "grain": "rye", "price": 5, "about": "dark and sour", "sold": 10},
    {"id": "Finnish rye", "grain": "rye", "price": 4, "about": "flat and dry", "sold": 30},
    {"id": "Focaccia", "grain": ["wheat", "oats"], "price": 6, "about": "oily", "sold": None},
]
TASTES = ("light", "dark", "dry", "oily")


def embed(texts):
    """Stands for an encoder: which words of taste are in a text."""
    return np.array([[word in text for word in TASTES] for text in texts], dtype=np.float32)


def settings(**changes):
    match = {"grain": "grain", "price": {"from": "budget", "rule": "at_most"}}
    return RecommendSettings(**{"catalogue": "breads.csv", "match": match, **changes})


def catalogue(*, texts=(), rows=BREADS):
    items = [Item(id=row["id"], values=row) for row in rows]
    return Catalogue.of(items, embed([words(item, texts) for item in items]) if texts else None)


def order(known=None, *, wanted=None, said=None, taste=None, **changes):
    chosen = settings(**changes)
    known = known or catalogue(texts=chosen.texts)
    query = unit(embed([said])[0]) if said else None
    ranked = rank(known, chosen, wanted=wanted or {}, query=query, taste=taste or Taste())
    return [one.item.id for one in ranked]


def test_a_cold_start_follows_the_file_or_the_popularity():
    assert order()[0] == "Baguette"
    backwards = catalogue(rows=BREADS[::-1])
    assert order(backwards, popularity="sold")[:2] == ["Baguette", "Finnish rye"]


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ({"grain": "rye"}, "Borodinsky"),
        ({"grain": "RYE", "budget": 4}, "Finnish rye"),
        ({"grain": "oats"}, "Focaccia"),
        ({"grain": ["rye", "oats"], "budget": "4.5"}, "Finnish rye"),
        ({"budget": 1}, "Baguette"),
    ],
)
def test_what_the_user_wants_decides(wanted, first):
    assert order(wanted=wanted)[0] == first


def test_what_must_fit_leaves_out_all_else():
    match = {"grain": {"must": True}, "price": {"from": "budget", "rule": "at_most", "must": True}}
    assert order(wanted={"grain": "rye", "budget": 4}, match=match) == ["Finnish rye"]
    assert order(wanted={"grain": "rye", "budget": 1}, match=match) == []


@pytest.mark.parametrize(
    ("rule", "value", "first"),
    [("at_least", 6, "Focaccia"), ("near", 4.2, "Finnish rye"), ("at_most", 1, "Baguette")],
)
def test_numbers_are_compared_by_their_rule(rule, value, first):
    match = {"price": {"from": "price", "rule": rule}}
    assert order(wanted={"price": value}, match=match)[0] == first


def test_the_users_words_decide_among_what_fits():
    assert order(said="something dark please", texts=["about"])[0] == "Borodinsky"
    both = order(said="dark or light", texts=["about"], wanted={"grain": "wheat"})
    assert both[0] == "Baguette"


def test_without_an_encoder_words_count_for_nothing():
    assert order(catalogue(), said="something dark please", texts=["about"])[0] == "Baguette"


def test_what_was_shown_or_declined_comes_up_again_only_when_nothing_else_is_left():
    taste = Taste(shown=("Baguette", "Borodinsky"), rejected=("Finnish rye",))
    assert order(taste=taste) == ["Focaccia", "Baguette", "Borodinsky", "Finnish rye"]


def test_what_was_shown_and_fits_goes_before_what_fits_nothing():
    match = {"grain": None}
    shown = Taste(shown=("Borodinsky",), rejected=("Baguette",))
    assert order(wanted={"grain": "rye"}, taste=shown, match=match)[:2] == [
        "Finnish rye",
        "Borodinsky",
    ]


def test_what_was_declined_in_this_session_does_not_come_up_again():
    taste = Taste(shown=("Borodinsky", "Finnish rye"), rejected=("Finnish rye",))
    assert "Finnish rye" not in order(taste=taste)


@pytest.mark.parametrize(
    "value",
    [
        *("4", "4 euros", "€4", "under 4.00", "four", "4元以内"),
        *({"value": 4, "unit": "EUR"}, ["4"], 4.0),
    ],
    ids=str,
)
def test_an_amount_is_read_in_what_the_user_said(value):
    match = {"price": {"from": "budget", "rule": "at_most", "must": True}}
    assert order(wanted={"budget": value}, match=match) == ["Baguette", "Finnish rye"]


@pytest.mark.parametrize(
    ("said", "number"),
    [("一百五十元", 150), ("预算两百以内", 200), ("1,200 dollars", 1200), ("a hundred", 100)],
)
def test_numbers_in_words_are_read(said, number):
    assert number_of(said) == number


@pytest.mark.parametrize("value", ["shop", "", "4 or 5", True, "nan", "1e999", [], {"unit": "EUR"}])
def test_what_states_no_number_is_no_wish_for_one(value):
    match = {"price": {"from": "budget", "rule": "at_most", "must": True}}
    assert len(order(wanted={"budget": value}, match=match)) == len(BREADS)


def test_choices_pull_towards_what_is_like_them_and_away_from_what_was_declined():
    assert order(taste=Taste(chosen=("Borodinsky",)))[0] == "Finnish rye"
    assert order(taste=Taste(rejected=("Baguette",)))[0] != "Focaccia"


def test_the_usual_is_recommended_where_repeating_is_wanted():
    taste = Taste(chosen=("Borodinsky",))
    assert order(taste=taste, repeat=True)[0] == "Borodinsky"
    assert order(taste=taste)[-1] == "Borodinsky"


INTENTS = ("ask", "another", "affirm", "deny", "forget")
SLOTS = {
    "grain": Slot(
        name="grain", type="text", mappings=(SlotMapping(type="from_entity", entity="grain"),)
    ),
    "history": Slot(name="history", type="any", influence_conversation=False, profile=True),
}


def response(name, text):
    return Response(name=name, variations=(ResponseVariation(text=text),))


DOMAIN = Domain(
    intents={name: Intent(name=name) for name in INTENTS},
    entities={name: EntityType(name=name) for name in ("grain", "budget")},
    slots=SLOTS,
    responses={
        "utter_recommend": response("utter_recommend", "How about {id}, {grain}, {price} euros?"),
        "utter_nothing_to_recommend": response("utter_nothing_to_recommend", "Nothing fits."),
    },
)


def talk(*, name="ada", texts=(), **changes):
    chosen = settings(texts=texts, **changes)
    return Conversation(
        domain=DOMAIN,
        nlu=Meanings(
            {
                "bread please": "ask",
                "something dark": "ask",
                "rye bread": ("ask", {"grain": "rye"}),
                "for 4 euros": ("ask", {"budget": 4}),
                "spelt": ("ask", {"grain": "spelt"}),
                "another": "another",
                "yes": "affirm",
                "no": "deny",
                "no, not the Baguette": "deny",
                "forget me": "forget",
            },
            domain=DOMAIN,
        ),
        policies=Script(
            {
                "ask": ["action_recommend"],
                "another": ["action_recommend"],
                "forget": ["action_forget_me"],
            }
        ),
        actions=[Recommend(chosen, catalogue(texts=texts), embed=embed)],
        observers=[TasteObserver(chosen)],
        name=name,
    )


def test_an_item_is_said_with_its_fields_and_not_twice_in_a_row():
    conversation = talk()
    assert conversation.say("bread please") == ["How about Baguette, wheat, 2 euros?"]
    assert conversation.say("another") == ["How about Borodinsky, rye, 5 euros?"]
    said = [conversation.say("another")[0] for _ in range(5)]
    assert all(first != second for first, second in itertools.pairwise(said))


def test_slots_and_entities_of_the_conversation_are_wishes():
    conversation = talk()
    conversation.say("rye bread")
    assert conversation.say("for 4 euros") == ["How about Finnish rye, rye, 4 euros?"]


def test_words_of_the_conversation_are_listened_to():
    assert talk(texts=["about"]).say("something dark")[0].startswith("How about Borodinsky")


def test_several_items_are_said_one_by_one_and_lists_with_commas():
    assert len(talk(count=4).say("bread please")) == 4
    assert talk(count=4).say("bread please")[3] == "How about Focaccia, wheat, oats, 6 euros?"


def test_nothing_that_fits_is_said_so():
    match = {"grain": {"must": True}}
    assert talk(match=match).say("spelt") == ["Nothing fits."]
    assert talk(match={"grain": None}).say("spelt") == ["Nothing fits."]


def test_what_is_taken_or_declined_is_remembered_in_the_slot():
    conversation = talk(history_slot="history")
    conversation.say("bread please")
    conversation.say("no")
    conversation.say("another")
    conversation.say("yes")
    assert conversation.slots["history"] == {"chosen": ["Borodinsky"], "rejected": ["Baguette"]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, not A1", ["A1"]),
        ("我不要A1这个", ["A1"]),
        ("no, at A10 please", ["A1", "龙井"]),
        ("不要龙井茶", ["龙井"]),
        ("no", ["A1", "龙井"]),
    ],
)
def test_an_item_is_named_by_words_of_its_own(text, meant):
    no = Understanding(text=text, ranking=(IntentScore(name="deny", confidence=1.0),))
    tracker = tracker_of(
        DOMAIN,
        BotUttered(text="A1? 龙井?", metadata={SHOWN: ["A1", "龙井"]}),
        UserUttered(text=text, understanding=no),
    )
    assert list(taste_of(tracker, settings()).rejected) == meant


def test_only_what_fits_is_recommended_however_many_are_asked_for():
    assert len(talk(count=4, match={"grain": None}).say("rye bread")) == 2


def test_an_item_that_is_named_is_the_one_meant():
    conversation = talk(history_slot="history", count=2)
    conversation.say("bread please")
    conversation.say("no, not the Baguette")
    assert conversation.slots["history"] == {"chosen": [], "rejected": ["Baguette"]}


def test_an_answer_to_something_else_is_no_choice():
    conversation = talk(history_slot="history")
    conversation.say("bread please")
    conversation.say("what a nice shop")
    conversation.say("yes")
    assert "history" not in conversation.slots


def test_choices_reach_a_later_conversation_through_the_profile():
    first = talk(history_slot="history")
    first.say("bread please")
    first.say("no")
    later = talk(history_slot="history")
    later.assistant.profiles.store = first.assistant.profiles.store
    assert later.say("bread please") != ["How about Baguette, wheat, 2 euros?"]


def test_a_user_who_is_forgotten_starts_anew():
    conversation = talk(history_slot="history")
    conversation.say("bread please")
    conversation.say("no")
    conversation.say("forget me")
    action = conversation.assistant.engine.runner.find("action_recommend")
    assert action.ranked(conversation.tracker)[0].item.id == "Baguette"


def test_the_reasons_are_told():
    conversation = talk(texts=["about"], popularity="sold")
    conversation.say("rye bread")
    told = "\n".join(lines(explain(conversation.turn)))
    assert "because: Finnish rye: grain is rye (as wanted); popular (0.25)" in told
    reply = conversation.turn.replies[0]
    assert reply.metadata["recommended"] == ["Finnish rye"]


def test_a_catalogue_comes_back_from_its_files():
    known = catalogue(texts=["about"])
    again = Catalogue.load(known.save())
    assert [(item.id, dict(item.values)) for item in again.items] == [
        (item.id, dict(item.values)) for item in known.items
    ]
    assert np.allclose(again.vectors, known.vectors, atol=1e-3)
