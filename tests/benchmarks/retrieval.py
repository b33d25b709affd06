"""Answers from documents: are the right passages found, how fast, and is silence kept otherwise.

A bot of ../shared learns as always, with documents made of a public corpus
(`tests/benchmarks/corpora/documents.py`).

The bot of the English corpora is financial-demo; that of the Chinese ones, `frame init --template
starter-zh`, has the encoder that a Chinese project gets.

Questions of `dev` chose weights and settings (`--fit` prints the weights), those of `test` nothing.
The handbooks (`corpora/handbooks`, written for this) chose the bias.

    python tests/benchmarks/retrieval.py --part test
    python tests/benchmarks/retrieval.py --fit
    python tests/benchmarks/retrieval.py --handbooks
    python tests/benchmarks/retrieval.py --passages 10000
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import framework
from framework.assistant import bundle
from framework.assistant.loading import load_knowledge, load_pipeline
from framework.nlu.bert.untrained import UntrainedEncoder
from framework.nlu.pipeline import Pipeline
from framework.project import scaffold
from framework.responses.knowledge import search as searching
from framework.responses.knowledge.index import KnowledgeIndex
from framework.responses.knowledge.quote import quote
from tests.benchmarks.corpora.documents import (
    Corpus,
    banking,
    chatterbot,
    crosswoz,
    handbook,
    labelled,
    own_docs,
    personality,
    strangers,
)

MOST_TIMED = 300
HANDBOOKS = ("bicycles", "library", "teahouse", "museum")


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """A corpus that a bot has indexed; `vectors` are those of its questions."""

    corpus: Corpus
    index: KnowledgeIndex
    pipeline: Pipeline


def make_project(folder: Path, corpus: Corpus) -> Path:
    """Write a bot with the corpus as its documents."""
    root = folder / corpus.name.replace(", ", "-")
    shutil.rmtree(root, ignore_errors=True)
    if corpus.language == "en":
        shutil.copytree(
            "../shared/bots/financial-demo", root, ignore=shutil.ignore_patterns("models")
        )
        root.chmod(0o755)
        (root / "config.yml").chmod(0o644)
    else:
        scaffold.create(root, template="starter-zh")
    with (root / "config.yml").open("a", encoding="utf-8") as config:
        config.write("\nknowledge: docs/\n")
    (root / "docs").mkdir()
    for name, content in corpus.documents.items():
        (root / "docs" / name).write_text(content, encoding="utf-8")
    return root


def train(folder: Path, corpus: Corpus) -> Indexed:
    """Train the bot; what it shares with the one before is taken from there."""
    project = framework.load_project(make_project(folder, corpus))
    started = time.perf_counter()
    report = framework.train(project, output=folder / f"models-{corpus.language}")
    seconds = {part.name: round(part.seconds, 1) for part in report.parts}
    print(f"{corpus.name}: {time.perf_counter() - started:.0f} s, {seconds}", flush=True)
    read = bundle.read(report.bundle)
    answers = load_knowledge(read)
    if answers is None:
        raise SystemExit("the bot has no documents")
    return Indexed(corpus=corpus, index=answers.index, pipeline=load_pipeline(read))


def keys(index: KnowledgeIndex) -> list[frozenset[str]]:
    """Give what a question's gold may name of each passage: its file and headings."""
    return [frozenset({Path(passage.file).name, *passage.headings}) for passage in index.passages]


def ways(indexed: Indexed, questions: Sequence[str]) -> dict[str, np.ndarray]:
    """Score all passages for questions in several ways, shape (questions, passages) each."""
    index, vectors = indexed.index, indexed.pipeline.embed(questions)
    texts = [passage.in_context for passage in index.passages]
    words = np.stack([index.lexical.coverage(question) for question in questions])
    meaning = np.stack([searching.similarities(index, vector) for vector in vectors])
    own = indexed.pipeline.embed(texts)
    encoder = UntrainedEncoder(None, language=indexed.corpus.language, root=Path())
    everything = [*questions, *texts]
    before = [
        run(encoder.encode(group, purpose=purpose, languages_of=everything))
        for group, purpose in ((questions, "question"), (texts, "passage"))
    ]
    hybrid = np.stack([searching.score(index, w, m) for w, m in zip(words, meaning, strict=True)])
    return {
        "words (BM25)": words,
        "meaning": meaning,
        "words and meaning": hybrid,
        "words and meaning, by rank (RRF)": by_rank(words) + by_rank(meaning),
        "meaning, trained encoder on both sides": vectors @ own.T,
        "meaning, encoder before training on both sides": before[0] @ before[1].T,
    }


def by_rank(scores: np.ndarray) -> np.ndarray:
    """Give 1 / (60 + rank), as reciprocal rank fusion sums it."""
    return 1.0 / (60 + np.argsort(np.argsort(-scores, axis=1), axis=1))


def run(steps: Iterator[object]) -> np.ndarray:
    """Run a generator to its end and give its result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def recall(scores: np.ndarray, gold: Sequence[set[int]], count: int) -> float:
    """Give the share of questions with a right passage among the first."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return float(np.mean([bool(set(row) & right) for row, right in zip(order, gold, strict=True)]))


def evaluate(indexed: Indexed, part: str) -> None:
    """Print a table of a corpus."""
    index, corpus = indexed.index, indexed.corpus
    named = keys(index)
    pairs = [
        (question, {place for place, key in enumerate(named) if key & right})
        for question, right in corpus.questions
    ]
    pairs = [(question, right) for question, right in pairs if right]
    questions, gold = [question for question, _ in pairs], [right for _, right in pairs]
    print(f"\n### {corpus.name}: {len(pairs)} questions, {len(index.passages)} passages\n")
    print("| found by | recall@1 | recall@5 |\n|---|---|---|")
    scored = ways(indexed, questions)
    for way, scores in scored.items():
        print(f"| {way} | {recall(scores, gold, 1):.3f} | {recall(scores, gold, 5):.3f} |")
    hybrid = scored["words and meaning"]
    sure = 1 / (1 + np.exp(-hybrid.max(axis=1)))
    right = np.array([row.argmax() in one for row, one in zip(hybrid, gold, strict=True)])
    others = strangers(part, corpus)
    doubt = np.array(
        [best(indexed, text, vector) for text, vector in with_vectors(indexed, others)]
    )
    for threshold in (0.3, 0.5, 0.7):
        answered = sure >= threshold
        print(
            f"\nthreshold {threshold}: {answered.mean():.3f} answered, of them"
            f" {right[answered].mean() if answered.any() else 0:.3f} rightly;"
            f" {np.mean(doubt < threshold):.3f} of {len(others)} strange messages not answered"
        )
    print()
    show_times(indexed, questions)


def with_vectors(indexed: Indexed, texts: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Give texts with the vectors that they have as messages."""
    yield from zip(texts, indexed.pipeline.embed(texts), strict=True)


def best(indexed: Indexed, text: str, vector: np.ndarray) -> float:
    """Give the confidence of the best passage."""
    return searching.search(indexed.index, text, vector, count=1)[0].confidence


def show_times(indexed: Indexed, questions: Sequence[str]) -> None:
    """Print how long a search takes, the quotation included, on the clock and of the processor."""
    searches = with_vectors(indexed, questions[:MOST_TIMED])
    taken = np.array([timed(indexed, question, vector) for question, vector in searches])
    for name, column in zip(("clock", "processor"), 1000 * taken.T, strict=True):
        middle, slow = np.percentile(column, [50, 99])
        print(f"search, {name}: median {middle:.2f} ms, 99th percentile {slow:.2f} ms")


def timed(indexed: Indexed, question: str, vector: np.ndarray) -> tuple[float, float]:
    """Search and quote once, and give the seconds on the clock and of this thread's processor."""
    clock, processor = time.perf_counter(), time.thread_time()
    hits = searching.search(indexed.index, question, vector, count=3)
    quote(hits[0].passage, question, lexical=indexed.index.lexical, length=320)
    return time.perf_counter() - clock, time.thread_time() - processor


def features(indexed: Indexed, questions: Sequence[str]) -> Iterator[np.ndarray]:
    """Give for each question what is known of each passage, shape (passages, 2)."""
    index = indexed.index
    for question, vector in with_vectors(indexed, questions):
        meaning = searching.similarities(index, vector)
        above = np.clip((meaning - index.about.nearest) / index.about.spread, -8, 8)
        yield np.stack([above, index.lexical.coverage(question)], axis=1)


def comparisons(indexed: Indexed) -> Iterator[tuple[np.ndarray, float]]:
    """Give by how much right passages differ from the likeliest wrong ones, with weights."""
    named, pairs = keys(indexed.index), indexed.corpus.questions
    seen = features(indexed, [question for question, _ in pairs])
    for (_, right), known in zip(pairs, seen, strict=True):
        is_right = np.array([bool(key & right) for key in named])
        near = {place for column in known.T for place in np.argsort(-column)[:5]}
        wrong = [place for place in near if not is_right[place]]
        for place in np.flatnonzero(is_right)[:1] if wrong else ():
            for other in wrong:
                yield known[place] - known[other], 1000.0 / len(wrong) / len(pairs)


def outcomes(
    indexed: Indexed, part: str, direction: np.ndarray
) -> Iterator[tuple[float, bool, float]]:
    """Give the value of the best passage, whether it is right, and a weight, of each message."""
    named, pairs = keys(indexed.index), list(indexed.corpus.questions)
    pairs += [(text, frozenset()) for text in strangers(part, indexed.corpus)]
    seen = features(indexed, [question for question, _ in pairs])
    for (_, right), known in zip(pairs, seen, strict=True):
        values = known @ direction
        place = int(values.argmax())
        yield float(values[place]), bool(named[place] & right), 1000.0 / len(pairs)


def fit(all_indexed: Sequence[Indexed], part: str) -> None:
    """Print the weights of the logistic regression, with and without meaning."""
    rows = [row for indexed in all_indexed for row in comparisons(indexed)]
    seen, weight = np.stack([row for row, _ in rows]), np.array([one for _, one in rows])
    both = np.concatenate([seen, -seen])
    sides = np.repeat([1.0, 0.0], len(seen))
    direction = regress(both, sides, np.tile(weight, 2))
    for name, chosen in (("HYBRID", direction), ("WORDS_ONLY", np.array([0.0, 1.0]))):
        found = [one for indexed in all_indexed for one in outcomes(indexed, part, chosen)]
        values = np.array([[1.0, value] for value, _, _ in found])
        right = np.array([float(is_right) for _, is_right, _ in found])
        bias, scale = regress(values, right, np.array([one for *_, one in found]))
        print(name, round(float(bias), 2), np.round(chosen * scale, 2).tolist(), flush=True)


def regress(seen: np.ndarray, right: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fit a logistic regression by Newton's method."""
    solved = np.zeros(seen.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-seen @ solved))
        slope = seen.T @ (weight * (right - chance)) - 1e-3 * solved
        bend = (seen * (weight * chance * (1 - chance))[:, None]).T @ seen
        solved += np.linalg.solve(bend + 1e-3 * np.eye(len(solved)), slope)
    return solved


def time_many(folder: Path, number: int) -> None:
    """Time searches of so many passages: customers' questions, each a passage."""
    texts = [text for texts in labelled("nlu/banking77/train.yml").values() for text in texts]
    texts = list(dict.fromkeys(texts))
    while len(texts) < number:
        texts += [f"{text} ({len(texts)})" for text in texts[: number - len(texts)]]
    documents = {f"{place:05}.txt": text for place, text in enumerate(texts[:number])}
    asked = [
        (t, frozenset({"x"})) for ts in labelled("nlu/banking77/test.yml").values() for t in ts
    ]
    corpus = Corpus(name="many", language="en", documents=documents, questions=asked[::10])
    indexed = train(folder, corpus)
    size = sum(map(len, indexed.index.to_files().values())) / 1e6
    print(f"{len(indexed.index.passages)} passages, {size:.1f} MB in the bundle")
    show_times(indexed, [question for question, _ in corpus.questions])


def public(part: str) -> list[Corpus]:
    """Make documents of the public corpora."""
    english = [chatterbot(part, language="en"), personality(part), banking(part), own_docs(part)]
    return [*english, chatterbot(part, language="zh"), crosswoz(part)]


def main() -> None:
    """Run what the options name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--handbooks", action="store_true")
    parser.add_argument("--passages", type=int)
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--folder", type=Path, default=Path("results/retrieval"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.passages:
        time_many(options.folder, options.passages)
        return
    part = "dev" if options.fit else options.part
    corpora = [handbook(name) for name in HANDBOOKS] if options.handbooks else public(part)
    wanted = options.languages.split(",")
    indexed = [train(options.folder, one) for one in corpora if one.language in wanted]
    if options.fit:
        fit(indexed, part)
    for one in indexed:
        evaluate(one, part)


if __name__ == "__main__":
    main()
