import asyncio

import pytest

from framework.assistant.explain import explain, lines
from framework.nlu.types import IntentScore, Understanding
from framework.responses.knowledge.answers import KnowledgeAnswers, NoKnowledge
from framework.testing.conversation import Conversation, Meanings, Script
from tests.bots import make_domain, slot
from tests.responses.knowledge.indexes import make_index, passage

BREAD = passage("Rye bread keeps for five days.", "Storing", file="docs/bread.md", line=7)
REFUND = passage("You get your money back within a day.", "Refunds")
ACTION = "action_answer_from_knowledge"
NOTHING = "I found no answer to that in my documents."
QUOTED = "Rye bread keeps for five days.\n(Source: docs/bread.md:7 > Storing)"


class Model:
    """Words answers as told."""

    def __init__(self, reply, reason=""):
        self.reply, self.reason = reply, reason
        self.asked = []

    async def write(self, passages, *, tracker, language):
        self.asked.append((tuple(passages), language))
        return self.reply, {"said_instead": self.reason} if self.reason else {"written_by": "small"}


def talk(*, responses=(), writer=None, slots=(), **about):
    domain = make_domain(responses=dict(responses), slots=list(slots))
    index = make_index(BREAD, REFUND, **about)
    return Conversation(
        domain=domain,
        nlu=Meanings(domain=domain),
        policies=Script({"nlu_fallback": [ACTION]}),
        knowledge=KnowledgeAnswers(index, writer=writer),
    )


def test_a_question_is_answered_with_a_quotation_and_its_source():
    conversation = talk()
    assert conversation.say("how long does rye bread keep?") == [QUOTED]
    [reply] = conversation.turn.replies
    assert reply.metadata["utter_action"] == "utter_knowledge_answer"
    [best, _] = reply.metadata["knowledge"]["passages"]
    assert (best["file"], best["line"], best["headings"]) == ("docs/bread.md", 7, ["Storing"])
    assert best["text"] == BREAD.text
    assert 0.5 < best["confidence"] <= 1


@pytest.mark.parametrize("text", ["who won the cup?", "???", "/nlu_fallback"])
def test_where_the_documents_have_no_answer_that_is_said(text):
    assert talk().say(text) == [NOTHING]


def test_the_threshold_decides_what_is_an_answer():
    assert talk(threshold=1.0).say("how long does rye bread keep?") == [NOTHING]
    assert talk(threshold=0.0).say("who won the cup?") != [NOTHING]


def test_the_domain_may_word_both_replies():
    conversation = talk(
        responses={
            "utter_knowledge_answer": "{answer} See {source}, {name}.",
            "utter_no_answer": "No idea, {name}.",
        },
        slots=[slot("name", initial_value="Ada")],
    )
    assert conversation.say("how long does rye bread keep?") == [
        "Rye bread keeps for five days. See docs/bread.md:7 > Storing, Ada."
    ]
    assert conversation.say("who won the cup?") == ["No idea, Ada."]
    assert "knowledge" in conversation.turn.replies[0].metadata


def test_braces_in_a_document_are_no_placeholders():
    odd = make_index(passage("Write {name} into the box."))
    found = asyncio.run(
        KnowledgeAnswers(odd).answer(
            Understanding(text="what do I write into the box?"), tracker=talk().tracker
        )
    )
    assert found.text.startswith("Write {name} into the box.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Dazu habe ich in meinen Unterlagen nichts gefunden."),
        ("zh-CN", "我在资料中没有找到相关内容。"),
        ("xx", NOTHING),
    ],
)
def test_nothing_is_found_in_the_bots_language(language, text):
    assert talk(language=language).say("who won the cup?") == [text]


def test_a_bot_without_documents_says_that_it_found_nothing():
    domain = make_domain()
    policies = Script({"nlu_fallback": [ACTION]})
    bare = Conversation(domain=domain, nlu=Meanings(domain=domain), policies=policies)
    assert bare.say("how long does rye bread keep?") == [NOTHING]
    found = asyncio.run(NoKnowledge("de").answer(Understanding(text="x"), tracker=bare.tracker))
    assert not found.is_found


def test_a_model_words_the_answer_from_the_good_passages():
    model = Model("It keeps five days.")
    conversation = talk(writer=model)
    assert conversation.say("how long does rye bread keep?") == [
        "It keeps five days.\n(Source: docs/bread.md:7 > Storing)"
    ]
    assert conversation.turn.replies[0].metadata["written_by"] == "small"
    assert model.asked == [((BREAD.in_context,), "en")]


def test_the_source_is_the_passage_that_a_model_has_its_words_from():
    model = Model("Your money is back within a day.")
    conversation = talk(writer=model, threshold=0.0)
    [said] = conversation.say("how long does rye bread keep?")
    assert model.asked == [((BREAD.in_context, REFUND.in_context), "en")]
    assert said == "Your money is back within a day.\n(Source: docs/a.md:3 > Refunds)"


def test_a_model_is_not_asked_where_nothing_was_found():
    model = Model("Nobody knows.")
    assert talk(writer=model).say("who won the cup?") == [NOTHING]
    assert model.asked == []


def test_the_passage_is_quoted_where_the_model_fails():
    conversation = talk(writer=Model("", "the model is down"))
    assert conversation.say("how long does rye bread keep?") == [QUOTED]
    assert conversation.turn.replies[0].metadata["said_instead"] == "the model is down"


def test_an_explanation_shows_passages_with_scores_and_sources():
    conversation = talk()
    conversation.say("how long does rye bread keep?")
    told = [line for line in lines(explain(conversation.turn)) if "passage" in line]
    assert len(told) == 2
    assert told[0].startswith("  passage 0.")
    assert "(words 0." in told[0]
    assert told[0].endswith("docs/bread.md:7 > Storing: 'Rye bread keeps for five days.'")


def test_the_intent_does_not_matter_to_the_action():
    domain = make_domain(intents=("ask",))
    understood = Understanding(
        text="does rye bread keep?", ranking=(IntentScore(name="ask", confidence=1.0),)
    )
    conversation = Conversation(
        domain=domain,
        nlu=Meanings({"does rye bread keep?": understood}, domain=domain),
        policies=Script({"ask": [ACTION]}),
        knowledge=KnowledgeAnswers(make_index(BREAD, REFUND)),
    )
    assert conversation.say("does rye bread keep?") == [QUOTED]
