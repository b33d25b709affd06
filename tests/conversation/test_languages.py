from __future__ import annotations

import sys

import pytest

from framework.conversation.languages import LanguageFinder
from framework.errors import MissingExtraError, UsageError
from framework.project.schema.domain import Domain, Response, ResponseVariation, Slot
from framework.testing.conversation import Conversation, Script

DOMAIN = Domain(
    slots={"language": Slot(name="language", type="text", influence_conversation=False)},
    responses={
        "utter_hi": Response(
            name="utter_hi",
            variations=(
                ResponseVariation(text="Hello!"),
                ResponseVariation(text="Hallo!", language="de"),
                ResponseVariation(text="Bonjour !", language="fr"),
            ),
        )
    },
)


def talk(*, domain=DOMAIN, **settings):
    return Conversation(
        domain=domain,
        policies=Script({"nlu_fallback": ["utter_hi"]}),
        observers=[LanguageFinder(**settings)],
    )


def say(conversation, text, **metadata):
    return [reply.text for reply in conversation.send(text, metadata=metadata)]


def test_the_metadata_of_a_message_decides_its_reply():
    conversation = talk(metadata="lang")
    assert say(conversation, "hey", lang="fr") == ["Bonjour !"]
    assert say(conversation, "hey") == ["Bonjour !"]
    assert say(conversation, "hey", lang="de") == ["Hallo!"]
    assert say(conversation, "hey", lang=7) == ["Hallo!"]


def test_the_language_of_the_words_is_detected_where_they_tell_it():
    pytest.importorskip("py3langid")
    conversation = talk(detect=["en", "de", "fr"])
    assert say(conversation, "ok") == ["Hello!"]
    assert say(conversation, "ich möchte einen Tisch für vier") == ["Hallo!"]
    assert say(conversation, "ok") == ["Hallo!"]
    assert say(conversation, "je voudrais une table pour quatre") == ["Bonjour !"]
    conversation.send("/greet")
    assert conversation.slots["language"] == "fr"


def test_without_the_slot_nothing_is_set():
    conversation = talk(domain=Domain(responses=DOMAIN.responses), metadata="lang")
    assert say(conversation, "hey", lang="fr") == ["Hello!"]


def test_an_unknown_language_to_detect_is_refused_with_the_nearest():
    pytest.importorskip("py3langid")
    with pytest.raises(UsageError, match="'en_GB' can't be detected"):
        LanguageFinder(detect=["en_GB", "de"]).load()


@pytest.mark.parametrize("settings", [{"detect": ["de"]}, {"min_confidence": 2.0}])
def test_settings_that_cant_be_used_are_refused(settings):
    with pytest.raises(UsageError):
        LanguageFinder(**settings)


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "py3langid", None)
    with pytest.raises(MissingExtraError, match="py3langid"):
        LanguageFinder(detect=["en", "de"])
