"""How often the unexpected-intent policy is wrong, and how much it notices.

It learns from a share of the `sgd` corpus and judges every user message of the test part, once with
the intent that the user really had and once with one of the stories' intents drawn at random. The
result is written to `docs/benchmarks/dialogue.md`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from framework.conversation.events import Event, UserUttered
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.data.unfold import dialogues, unfold
from framework.nlu.types import IntentScore
from framework.policies.base import PolicyTrainingData
from framework.policies.unexpected import UnexpectedIntentPolicy
from framework.project.load import load_project, read_tests
from framework.project.schema.domain import Domain

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "data" / "dialogue" / "sgd"
REPORT = ROOT / "docs" / "benchmarks" / "dialogue.md"
MARK = "<!-- unexpected -->"
SIZES = (16, 50, 100, 500, 1000)
MAX_HISTORY = 5
SEED = 0


def learn(stories: Sequence[Dialogue], domain: Domain) -> UnexpectedIntentPolicy:
    """Train the policy and load it as an assistant would."""
    policy = UnexpectedIntentPolicy(max_history=MAX_HISTORY)
    data = PolicyTrainingData(dialogues=stories, domain=domain, seed=SEED)
    for _ in policy.train(data):
        pass
    return UnexpectedIntentPolicy(max_history=MAX_HISTORY).load(policy.save(), domain)


def messages(tests: Sequence[Dialogue], domain: Domain) -> Iterator[tuple[Tracker, UserUttered]]:
    """Give every user message with the conversation before it."""
    for dialogue in tests:
        tracker = Tracker.start("", domain)
        for event in story_events(dialogue, domain):
            if isinstance(event, UserUttered):
                yield tracker, event
            tracker = tracker.apply(event)


def with_intent(message: UserUttered, intent: str) -> Event:
    """Give the message as if it had meant something else."""
    ranking = (IntentScore(name=intent, confidence=1.0),)
    return replace(message, understanding=replace(message.understanding, ranking=ranking))


def intent_of(message: UserUttered) -> str:
    """Give the intent of a message of a story."""
    best = message.understanding.intent
    return best.name if best else ""


def main() -> None:
    """Measure every size and write the table."""
    project = load_project(CORPUS)
    suite = read_tests(CORPUS, "test/stories.yml")
    tests = unfold(suite.stories, (), project.domain).dialogues
    order = list(project.stories)
    random.Random(SEED).shuffle(order)
    lines = [
        "| training dialogues | messages | called unexpected | random intents | noticed |",
        "|---|---|---|---|---|",
    ]
    for size in SIZES:
        training = dialogues(replace(project, stories=tuple(order[:size])))
        policy = learn(training, project.domain)
        rng = random.Random(SEED)
        known = sorted({intent_of(m) for _, m in messages(training, project.domain)})
        alarms = noticed = count = 0
        for tracker, message in messages(tests, project.domain):
            other = with_intent(message, rng.choice(known))
            alarms += policy.predict(tracker.apply(message), project.domain) is not None
            noticed += policy.predict(tracker.apply(other), project.domain) is not None
            count += 1
        share, caught = 100 * alarms / count, 100 * noticed / count
        lines.append(f"| {size} | {count} | {share:.1f} % | {count} | {caught:.1f} % |")
        print(lines[-1])
    head, _, tail = REPORT.read_text(encoding="utf-8").split(MARK)
    table = "\n".join(lines)
    REPORT.write_text(f"{head}{MARK}\n{table}\n{MARK}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
