from __future__ import annotations

import asyncio
import logging

import pytest

from framework import Action
from framework.conversation.events import SessionStarted, SlotSet
from framework.conversation.profiles import MemoryProfiles
from framework.errors import UsageError
from framework.project.schema.config import Endpoint, Endpoints
from framework.project.schema.domain import (
    Domain,
    EntityType,
    Intent,
    Response,
    ResponseVariation,
    SessionConfig,
    Slot,
    SlotCondition,
    SlotMapping,
)
from framework.testing.conversation import Conversation, Meanings, Script

FROM_ENTITY = (SlotMapping(type="from_entity", entity="name"),)
INTENTS = ("introduce", "greet", "forget", "restart")


def responses(**texts):
    return {
        name: Response(name=name, variations=(ResponseVariation(text=text),))
        for name, text in texts.items()
    }


def domain(*, carry_over=False):
    greet = Response(
        name="utter_greet",
        variations=(
            ResponseVariation(text="Hello."),
            ResponseVariation(
                text="Hello again, {name}.", conditions=(SlotCondition(slot="known", value=True),)
            ),
        ),
    )
    return Domain(
        intents={name: Intent(name=name) for name in INTENTS},
        entities={name: EntityType(name=name) for name in ("name", "mood")},
        slots={
            "name": Slot(name="name", type="text", mappings=FROM_ENTITY, profile=True),
            "known": Slot(
                name="known",
                type="bool",
                profile=True,
                mappings=(SlotMapping(type="from_intent", intents=("introduce",), value=True),),
            ),
            "mood": Slot(
                name="mood", type="text", mappings=(SlotMapping(type="from_entity", entity="mood"),)
            ),
        },
        responses={**responses(utter_forget_me="Forgotten."), "utter_greet": greet},
        session=SessionConfig(carry_over_slots=carry_over),
    )


def talk(endpoints=None, *, name="ada", known=None, **options):
    known = known or domain()
    return Conversation(
        domain=known,
        nlu=Meanings(
            {
                "I'm Ada": ("introduce", {"name": "Ada", "mood": "fine"}),
                "I'm Bob": ("introduce", {"name": "Bob"}),
                "hello": "greet",
                "forget me": "forget",
            },
            domain=known,
        ),
        policies=Script(
            {
                "greet": ["utter_greet"],
                "forget": ["action_forget_me"],
                "restart": ["action_restart"],
            }
        ),
        endpoints=endpoints,
        name=name,
        **options,
    )


def in_file(tmp_path, **options):
    options = {"path": str(tmp_path / "p.sqlite"), **options}
    return Endpoints(services={"profile_store": Endpoint(options=options)})


def profile(conversation, user="ada"):
    return dict(asyncio.run(conversation.assistant.profiles.store.load(user)))


def test_marked_slots_outlive_the_process_and_are_there_for_the_first_reply(tmp_path):
    talk(in_file(tmp_path)).say("I'm Ada")
    later = talk(in_file(tmp_path))
    assert later.say("hello") == ["Hello again, Ada."]
    assert later.slots == {"name": "Ada", "known": True}


def test_nothing_but_marked_slots_is_kept(tmp_path):
    conversation = talk(in_file(tmp_path))
    conversation.say("I'm Ada")
    assert conversation.slots["mood"] == "fine"
    assert profile(conversation) == {"name": "Ada", "known": True}
    assert b"fine" not in (tmp_path / "p.sqlite").read_bytes()


def test_without_marked_slots_there_is_no_file(tmp_path):
    slots = {"name": Slot(name="name", type="text", mappings=FROM_ENTITY)}
    talk(in_file(tmp_path), known=Domain(slots=slots)).say("I'm Ada")
    assert not (tmp_path / "p.sqlite").exists()


def test_another_user_gets_nothing_of_it(tmp_path):
    talk(in_file(tmp_path)).say("I'm Ada")
    assert talk(in_file(tmp_path), name="eve").say("hello") == ["Hello."]


def test_a_key_of_the_metadata_can_name_the_user(tmp_path):
    endpoints = in_file(tmp_path, user_key="user")
    first = talk(endpoints, name="web-1")
    first.send("I'm Ada", metadata={"user": "u7"})
    second = talk(endpoints, name="phone-2")
    assert [one.text for one in second.send("hello", metadata={"user": "u7"})] == [
        "Hello again, Ada."
    ]
    assert talk(endpoints, name="phone-3").say("hello") == ["Hello."]


@pytest.mark.parametrize("carry_over", [True, False])
def test_a_new_session_and_a_restart_begin_with_the_profile(carry_over):
    conversation = talk(known=domain(carry_over=carry_over))
    conversation.say("I'm Ada")
    conversation.say("/restart")
    assert conversation.say("hello") == ["Hello again, Ada."]
    assert conversation.slots == {"name": "Ada", "known": True}


def test_the_profile_goes_before_what_an_older_session_left(tmp_path):
    endpoints = in_file(tmp_path, user_key="user")
    known = domain(carry_over=True)
    now = [1.0]
    old = talk(endpoints, name="old", known=known, clock=lambda: now[0])
    old.send("I'm Ada", metadata={"user": "u7"})
    new = talk(endpoints, name="new", known=known)
    new.send("I'm Bob", metadata={"user": "u7"})
    now[0] += 24 * 60 * 60
    replies = old.send("hello", metadata={"user": "u7"})
    assert [one.text for one in replies] == ["Hello again, Bob."]
    assert profile(new, "u7")["name"] == "Bob"


class Greeter(Action):
    """Begins sessions with a name from elsewhere."""

    name = "action_session_start"

    def run(self, ctx):
        ctx.add_all([SessionStarted(), SlotSet(name="name", value="Countess")])


def test_what_the_bots_own_session_start_sets_goes_before_the_profile(tmp_path):
    talk(in_file(tmp_path)).say("I'm Ada")
    later = talk(in_file(tmp_path), actions=[Greeter()])
    assert later.say("hello") == ["Hello again, Countess."]


def test_the_user_can_have_the_profile_erased(tmp_path):
    conversation = talk(in_file(tmp_path))
    conversation.say("I'm Ada")
    assert conversation.say("forget me") == ["Forgotten."]
    assert conversation.slots == {"mood": "fine"}
    assert profile(conversation) == {}
    assert talk(in_file(tmp_path)).say("hello") == ["Hello."]


def test_a_program_can_have_the_profile_erased(tmp_path):
    conversation = talk(in_file(tmp_path))
    conversation.say("I'm Ada")
    conversation.assistant.forget("ada")
    assert profile(conversation) == {}
    assert conversation.say("hello") == ["Hello."]


def test_an_emptied_slot_leaves_the_profile():
    conversation = talk()
    conversation.say("I'm Ada")
    conversation.append(SlotSet(name="name", value=None))
    assert profile(conversation) == {"known": True}


def test_a_value_that_is_no_json_is_not_kept(caplog):
    conversation = talk()
    conversation.append(SlotSet(name="name", value=object()))
    assert profile(conversation) == {}
    assert "its value is no JSON" in caplog.text


class Broken(MemoryProfiles):
    async def load(self, user):
        raise UsageError("the disk is gone")

    save = load


def test_a_store_that_fails_costs_nothing_but_the_profile(caplog):
    conversation = talk()
    conversation.assistant.profiles.store = Broken()
    with caplog.at_level(logging.ERROR):
        assert conversation.say("hello") == ["Hello."]
    assert "a profile could not be read: the disk is gone" in caplog.text
