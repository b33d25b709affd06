"""Corpora of questions and the documents that answer them.

- chatterbot: the first question of a conversation and its answer; an answer of at least four words
  (Chinese: eight characters) is a passage, a text file of its own.
- personality_chat: a FAQ in Markdown, a section for each topic: its first training question as the
  heading, the answer below it.
- own docs: a passage of this documentation without its second sentence, which is the question.
- banking77: a passage is three training questions of a topic (`train_5shot.yml`).
- crosswoz: the same with questions of a guest of Peking, each passage three questions of an intent.
- handbooks: a page as a small firm would write it, questions of its customers, and messages that
  have nothing to do with it but perhaps a word; written for this.

`dev` parts are there to choose by, `test` parts to be scored on: chatterbot's are halved by a
digest of the question; the others have a training and a test part.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from framework.data.passages import passages
from framework.project.documents.markdown import read_markdown
from framework.project.documents.sentences import sentences
from framework.project.documents.types import Document
from framework.project.load import read_tests

DATA = Path("../shared/data")
CATEGORIES = (
    *("ai", "computers", "food", "health", "history", "humor", "literature", "money", "movies"),
    *("politics", "psychology", "science", "sports", "tech_support", "trivia"),
)
"""Of chatterbot: those whose answers say something about the question."""

MOST = 600


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Documents by file name, and questions with the files or headings that answer them.

    Attributes:
        name: for tables.
        language: ISO code.
        documents: texts by file name.
        questions: with what answers each.
        strange: messages that the documents don't answer, where the corpus has its own.
    """

    name: str
    language: str
    documents: dict[str, str]
    questions: list[tuple[str, frozenset[str]]]
    strange: tuple[str, ...] = ()


def handbook(name: str) -> Corpus:
    """Read a page as a small firm would write it, with what its customers ask."""
    path = Path(__file__).parent / "handbooks" / f"{name}.yml"
    found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return Corpus(
        name=name,
        language=found["language"],
        documents={f"{name}.md": found["document"]},
        questions=[(question, frozenset({heading})) for question, heading in found["questions"]],
        strange=tuple(found["strange"]),
    )


def chatterbot(part: str, *, language: str) -> Corpus:
    """Read question and answer pairs."""
    folder = "english" if language == "en" else "chinese"
    path = DATA / f"chat/chatterbot/{folder}_pairs.jsonl"
    answers: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = " ".join(row["answer"].split())
        size = len(answer.split()) if language == "en" else len(answer) / 2
        if row["turn"] == 0 and row["category"] in CATEGORIES and size >= 4:
            answers.setdefault(row["question"].strip(), set()).add(answer)
    files = {text: f"{n:04}.txt" for n, text in enumerate(sorted(set().union(*answers.values())))}
    return Corpus(
        name=f"chatterbot, {folder}",
        language=language,
        documents={file: text for text, file in files.items()},
        questions=[
            (question, frozenset(files[text] for text in texts))
            for question, texts in answers.items()
            if (zlib.crc32(question.encode()) % 2 == 0) == (part == "dev")
        ],
    )


def labelled(path: str) -> dict[str, list[str]]:
    """Read examples by their labels."""
    found: dict[str, list[str]] = {}
    for example in read_tests(Path(), [DATA / path]).examples:
        found.setdefault(example.intent, []).append(example.text)
    return found


def personality(part: str) -> Corpus:
    """Read the FAQ."""
    folder = "chat/personality_chat"
    train = labelled(f"{folder}/train.yml")
    asked = train if part == "dev" else labelled(f"{folder}/test.yml")
    answers = responses(DATA / folder / "responses_professional.yml")
    sections = [f"## {texts[0]}\n\n{answers[label]}\n" for label, texts in train.items()]
    headings = {label: texts[0] for label, texts in train.items()}
    return Corpus(
        name="personality_chat",
        language="en",
        documents={"faq.md": "\n".join(sections)},
        questions=[
            (text, frozenset({headings[label]}))
            for label, texts in asked.items()
            for text in (texts[1:] if part == "dev" else texts)
        ],
    )


def responses(path: Path) -> dict[str, str]:
    """Read one text for each retrieval response."""
    found: dict[str, str] = {}
    key = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  utter_"):
            key = line.strip().removeprefix("utter_").removesuffix(":").strip("\"'")
        elif line.strip().startswith("- text:"):
            found.setdefault(key, line.partition(":")[2].strip().strip("\"'"))
    return found


def banking(part: str) -> Corpus:
    """Read topics of customers' questions."""
    shown = {label: texts[:3] for label, texts in labelled("nlu/banking77/train_5shot.yml").items()}
    asked = labelled(f"nlu/banking77/{'train' if part == 'dev' else 'test'}.yml")
    return topics("banking77", "en", shown=shown, asked=asked)


def crosswoz(part: str) -> Corpus:
    """Read what guests of a city ask for, in Chinese."""
    learned = labelled("nlu/zh_crosswoz/train.yml")
    shown = {label: texts[:3] for label, texts in learned.items()}
    asked = learned if part == "dev" else labelled("nlu/zh_crosswoz/test.yml")
    return topics("crosswoz", "zh", shown=shown, asked=asked)


def topics(
    name: str, language: str, *, shown: dict[str, list[str]], asked: dict[str, list[str]]
) -> Corpus:
    """Make a passage of what is shown of each topic, and ask what isn't."""
    names = {label: f"{number:04}.txt" for number, label in enumerate(sorted(shown))}
    known = {text for texts in shown.values() for text in texts}
    pairs = [
        (text, frozenset({names[label]}))
        for label, texts in asked.items()
        for text in texts
        if text not in known and label in names
    ]
    step = max(1, len(pairs) // MOST)
    return Corpus(
        name=name,
        language=language,
        documents={names[label]: " ".join(texts) for label, texts in shown.items()},
        questions=pairs[::step][:MOST],
    )


def own_docs(part: str) -> Corpus:
    """Take a sentence out of each longer passage of this repository's documentation as a question.

    This is the inverse cloze task (Lee, Chang & Toutanova 2019, section 4).
    """
    documents: dict[str, str] = {}
    questions: list[tuple[str, frozenset[str]]] = []
    for page in sorted(Path("docs").rglob("*.md")):
        document = Document(file=str(page), blocks=read_markdown(page.read_text("utf-8")))
        for passage in passages(document, length=800, overlap=0):
            parts = [one for line in passage.text.splitlines() for one in sentences(line)]
            name = f"{len(documents):04}.md"
            asked = parts[1] if len(parts) > 2 and len(parts[1].split()) >= 5 else ""
            kept = "\n\n".join(one for one in parts if one != asked)
            documents[name] = f"# {' - '.join(passage.headings)}\n\n{kept}\n"
            if asked and (zlib.crc32(asked.encode()) % 2 == 0) == (part == "dev"):
                questions.append((asked, frozenset({name})))
    return Corpus(name="own docs", language="en", documents=documents, questions=questions)


def strangers(part: str, corpus: Corpus) -> list[str]:
    """Give messages that a corpus doesn't answer: travel and media requests, or small talk."""
    if corpus.strange:
        return list(corpus.strange)
    if corpus.name == "crosswoz":
        texts = [question for question, _ in chatterbot(part, language="zh").questions]
        return texts[:: max(1, len(texts) // 150)][:150]
    names = ("nlu/atis", "nlu/snips") if corpus.language == "en" else ("nlu/zh_crosswoz",)
    file = "train.yml" if part == "dev" else "test.yml"
    found: list[str] = []
    for name in names:
        texts = [text for texts in labelled(f"{name}/{file}").values() for text in texts]
        found += texts[:: max(1, len(texts) // 150)][:150]
    return found
