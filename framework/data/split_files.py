"""Splits a project's data into files to learn from and files to test with, named as Rasa's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from framework.data.split import split_evenly, split_examples
from framework.errors import Problem
from framework.project.files import label
from framework.project.schema.nlu import NluData
from framework.project.schema.project import Project
from framework.project.write.nlu import write_nlu

TRAINING_DATA = "training_data.yml"
TEST_DATA = "test_data.yml"


@dataclass(frozen=True, kw_only=True)
class SplitFile:
    """A file that was written, and how many examples or stories are in it."""

    path: Path
    count: int


@dataclass(frozen=True, kw_only=True)
class SplitReport:
    """What a split came to.

    Attributes:
        training: files to learn from.
        test: files to test with.
        problems: warnings about what couldn't be split or written.
    """

    training: tuple[SplitFile, ...]
    test: tuple[SplitFile, ...]
    problems: tuple[Problem, ...] = ()


def split_nlu(
    project: Project,
    folder: Path,
    *,
    fraction: float,
    seed: int,
    responses: Mapping[str, Sequence[Mapping[str, Any]]],
) -> SplitReport:
    """Write the examples of a project as two files, every intent in both where it has two or more.

    Synonyms, patterns, lookup tables and responses are for training, so they stand there alone.

    Args:
        project: whose examples are split.
        folder: made where it is missing; files of the same name are replaced.
        fraction: share of each intent to learn from, between 0 and 1.
        seed: decides which examples.
        responses: variations of the retrieval responses that stand in the NLU data, by name.
    """
    training, test = split_examples(project.nlu.examples, fraction=fraction, seed=seed)
    inside = {example.where for example in test}
    synonyms = tuple(item for item in project.nlu.synonyms if item.where not in inside)
    learned = write_nlu(
        replace(project.nlu, examples=training, synonyms=synonyms), responses=responses
    )
    held_out = write_nlu(NluData(examples=test))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TRAINING_DATA).write_text(learned.text, encoding="utf-8")
    (folder / TEST_DATA).write_text(held_out.text, encoding="utf-8")
    return SplitReport(
        training=(SplitFile(path=folder / TRAINING_DATA, count=len(training)),),
        test=(SplitFile(path=folder / TEST_DATA, count=len(test)),),
        problems=(*learned.problems, *held_out.problems),
    )


def split_stories(
    files: Sequence[Path], folder: Path, *, root: Path, fraction: float, seed: int
) -> SplitReport:
    """Write the stories of each file as two files; what else a file holds stays for training.

    Stories with checkpoints lean on one another, so they stay for training as well.

    Args:
        files: YAML files without errors; those without `stories:` are passed over.
        folder: takes `train_<name>` and `test_<name>`, in sub-folders as the files are.
        root: the project's folder.
        fraction: share of the stories to learn from, between 0 and 1.
        seed: decides which ones.
    """
    training: list[SplitFile] = []
    test: list[SplitFile] = []
    for path in files:
        content = _yaml().load(path.read_text(encoding="utf-8-sig"))
        stories = content.get("stories") if isinstance(content, CommentedMap) else None
        if not stories:
            continue
        learned, held_out = _split(stories, fraction=fraction, seed=seed)
        target = folder / _place(path, root)
        target.mkdir(parents=True, exist_ok=True)
        content["stories"] = CommentedSeq(learned)
        training.append(_write(target / f"train_{path.name}", content, count=len(learned)))
        if held_out:
            tests = CommentedMap(version=content.get("version", "3.1"))
            tests["stories"] = CommentedSeq(held_out)
            test.append(_write(target / f"test_{path.name}", tests, count=len(held_out)))
    return SplitReport(training=tuple(training), test=tuple(test))


def _split(stories: Sequence[Any], *, fraction: float, seed: int) -> tuple[list[Any], list[Any]]:
    alone = [place for place, story in enumerate(stories) if not _has_checkpoint(story)]
    if not alone:
        return list(stories), []
    _, chosen = split_evenly(alone, fraction=fraction, seed=seed)
    return (
        [story for place, story in enumerate(stories) if place not in chosen],
        [stories[place] for place in chosen],
    )


def _has_checkpoint(story: Any) -> bool:
    steps = story.get("steps") if isinstance(story, Mapping) else None
    return any(isinstance(step, Mapping) and "checkpoint" in step for step in steps or ())


def _place(path: Path, root: Path) -> Path:
    """Give the folder below the data folder that a file lies in, so that no names clash."""
    relative = Path(label(path, root))
    return Path() if relative.is_absolute() else Path(*relative.parent.parts[1:])


def _write(path: Path, content: CommentedMap, *, count: int) -> SplitFile:
    with path.open("w", encoding="utf-8") as file:
        _yaml().dump(content, file)
    return SplitFile(path=path, count=count)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
