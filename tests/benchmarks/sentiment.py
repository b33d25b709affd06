"""The sentiment of messages: what the lines that come with Frame teach, on texts it never saw.

A bot is trained with an encoder, `sentiment` learns on its sentence vectors, and is asked about
labelled texts of `../shared`: the moods of `rasa_topics` and of moodbot, and sentences with a
negation that are written below. Prints a Markdown table.

    python tests/benchmarks/sentiment.py --fast
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.nlu.component import NluTrainingData
from framework.nlu.pipeline import Pipeline
from framework.nlu.sentiment import sentiment_of
from framework.project.load import read_tests
from framework.project.schema.domain import Domain
from framework.registry import find

SHARED = Path(__file__).parents[3] / "shared"
BOT = SHARED / "bots/moodbot/data/nlu.yml"
TOPICS = SHARED / "data/nlu/rasa_topics/mood.yml"
POSITIVE = {"mood_great", "mood_happy", "mood_excited"}
NEGATIVE = {
    *("mood_unhappy", "mood_angry", "mood_bored", "mood_lonely"),
    *("mood_nervous", "mood_scared", "mood_tired"),
}
NEGATED = {
    "positive": (
        "that wasn't bad",
        "it couldn't be better",
        "no complaints from me",
        "I was not disappointed",
        "there is nothing I don't like about it",
        "not a bad idea",
        "I've never been happier",
        "that isn't wrong at all, thanks",
    ),
    "negative": (
        "that isn't good",
        "I'm not satisfied",
        "it didn't help me",
        "not a good idea",
        "I was never this unhappy",
        "this is not what you promised",
        "it isn't fun any more",
        "I don't feel well",
    ),
}


def read(path: Path) -> tuple[Utterance, ...]:
    """Read the examples of a file."""
    return from_examples(read_tests(Path(), [str(path)]).examples)


def moods(items: Sequence[Utterance]) -> list[tuple[str, str]]:
    """Give text and label of the examples whose intent is a mood."""
    labels = {**dict.fromkeys(POSITIVE, "positive"), **dict.fromkeys(NEGATIVE, "negative")}
    return [(item.text, labels[item.intent]) for item in items if item.intent in labels]


def main() -> None:
    """Train and score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fast", action="store_true", help="leave the encoder as it is")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    learned = read(BOT)
    tagger = find("component", "bert_tagger")(fast=options.fast)
    for _ in tagger.train(NluTrainingData(utterances=learned, seed=options.seed)):
        pass
    encoder = Pipeline([tagger], Domain())
    texts = [item.text for item in learned]
    started = time.perf_counter()
    part = find("component", "sentiment")()
    data = NluTrainingData(
        utterances=learned, understandings=encoder.parse_batch(texts), embed=encoder.embed
    )
    scores = [step.scores for step in part.train(data)][-1]
    print(f"held out: {100 * scores['held_out_accuracy']:.1f} %", end=", ")
    print(f"trained in {time.perf_counter() - started:.1f} s\n")
    pipeline = Pipeline([tagger, part], Domain())
    print("| texts | number | label % | side % |\n|---|---|---|---|")
    for name, labelled in {
        "rasa_topics, mood": moods(read(TOPICS)),
        "moodbot": moods(learned),
        "negations": [(text, label) for label, texts in NEGATED.items() for text in texts],
    }.items():
        found = [sentiment_of(one) for one in pipeline.parse_batch([text for text, _ in labelled])]
        pairs = [(one, label) for one, (_, label) in zip(found, labelled, strict=True) if one]
        right = sum(one.label == label for one, label in pairs)
        side = sum((one.score > 0) == (label == "positive") for one, label in pairs)
        print(f"| {name} | {len(labelled)} | {100 * right / len(labelled):.1f} |", end=" ")
        print(f"{100 * side / len(labelled):.1f} |")


if __name__ == "__main__":
    main()
