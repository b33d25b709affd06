"""How often the guard is right, and how fast and how often usable a small language model writes.

Run: python tests/benchmarks/generation.py [--out FILE] [--seeds 1 2 3]
"""

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from ruamel.yaml import YAML

from framework.responses.generative import sources
from framework.responses.generative.models import make_model
from framework.responses.generative.prompt import Task
from framework.responses.generative.settings import LlmSettings
from framework.responses.generative.writer import Writer
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.verdict import Limits, faults
from tests.bots import make_domain, said, tracker_of

REPLIES_JUDGED = Path(__file__).parent.parent / "responses" / "guard"
CORPORA = (
    "cases",
    "heldout",
    "unseen",
    "untouched",
    "domains",
    "wordings",
    "kept_back",
    "last",
    "everyday",
    "errands",
    "services",
    "services_held",
    "blind",
    "runs",
    "plain",
    "plain_held",
    "refusals",
    "counted",
)
REPLIES = (
    ("can i get a table please", "Your table for 4 at 7 pm on Friday is booked, Ada."),
    ("when are you open", "Our shop is open from 10:00 to 18:00."),
    ("where is my order", "Thanks, your order A-1042 has been shipped."),
    ("i want to change my booking", "I can't change the booking. Please call us."),
    ("i want my money back", "The refund of 49.90 euros takes up to 14 days."),
    ("hello", "Hello! What can I do for you?"),
    ("is breakfast included", "Breakfast is included and served from 7 to 10."),
    ("what does it cost", "The plan costs 12 dollars a month."),
    ("i forgot my password", "I sent you a link to reset your password."),
    ("goodbye", "Goodbye, and have a nice day!"),
)


def judged(case, reply):
    grounds = Grounds(
        template=case["template"],
        slots=case.get("slots", {}),
        passages=tuple(case.get("passages", ())),
        required=tuple(case.get("required", ())),
        alternatives=case.get("alternatives", ()),
        heard=tuple(case.get("heard", ())),
    )
    limits = Limits(language=case.get("language", "en"), forbidden=tuple(case.get("forbidden", ())))
    return faults(reply, grounds=grounds, limits=limits)


def rows():
    for name in CORPORA:
        cases = YAML(typ="safe").load((REPLIES_JUDGED / f"{name}.yml").read_text("utf-8"))
        bad = [(case, reply) for case in cases for reply in case["bad"]]
        good = [(case, reply) for case in cases for reply in case["good"]]
        started = time.process_time()
        passed = sum(not judged(case, reply) for case, reply in bad)
        rejected = sum(bool(judged(case, reply)) for case, reply in good)
        spent = 1000 * (time.process_time() - started) / (len(bad) + len(good))
        yield (
            f"| `{name}` | {passed} of {len(bad)} ({passed / len(bad):.1%}) "
            f"| {rejected} of {len(good)} ({rejected / len(good):.1%}) | {spent:.1f} |"
        )


async def writing(seeds):
    settings = LlmSettings(
        model="smollm2", timeout_seconds=300, load_timeout_seconds=600, threads=1, max_tokens=60
    )
    model = make_model(settings)
    started = time.monotonic()
    await model.prepare()
    yield "loading", time.monotonic() - started
    domain = make_domain(intents=("ask",))
    for seed in seeds:
        writer = Writer(settings.model_copy(update={"seed": seed}), model=model)
        for text, reply in REPLIES:
            tracker = tracker_of(domain, said("ask", text=text))
            started = time.monotonic()
            outcome = await writer.write(Task(reply=reply), tracker=tracker)
            yield (seed, reply, outcome), time.monotonic() - started


async def model_lines(seeds):
    rows = [row async for row in writing(seeds)]
    (_, loading), *replies = rows
    seconds = [spent for _, spent in replies]
    tokens = sum(found[2].use["output_tokens"] for found, _ in replies)
    said_ones = [found for found, _ in replies if found[2].text]
    changed = [found for found in said_ones if found[2].text != found[1]]
    yield f"| library | {sources.find('smollm2').library} |"
    yield f"| loading | {loading:.1f} s |"
    yield f"| time to a judged reply, median | {statistics.median(seconds):.2f} s |"
    yield f"| longest | {max(seconds):.2f} s |"
    yield f"| tokens a second, prompts included in the time | {tokens / sum(seconds):.1f} |"
    yield f"| replies that the guard let pass | {len(said_ones)} of {len(replies)} |"
    yield f"| of these not just the template again | {len(changed)} |"
    yield ""
    for seed, reply, outcome in (found for found, _ in replies if found[0] == seeds[0]):
        yield f"- {seed}: {reply!r} -> {outcome.text or f'({outcome.reason})'!r}"


async def report(seeds):
    lines = [
        "| replies | bad ones that pass | good ones rejected | ms each |",
        "|---|---|---|---|",
        *rows(),
    ]
    lines += ["", "| SmolLM2-135M-Instruct, Q4_1, 1 thread | |", "|---|---|"]
    lines += [line async for line in model_lines(seeds)]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments = parser.parse_args()
    text = asyncio.run(report(arguments.seeds))
    if arguments.out:
        arguments.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
