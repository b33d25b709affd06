"""Examples in other words, by the language model of `llm:`; asked for once and kept.

What the model says for an example is kept in the project (`.frame/paraphrases.json`), so that a
training asks only about examples that are new, and the same examples train the same bot. Where the
model can't be asked, or stops answering, training goes on with what there is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from framework.assistant.blocking import BackgroundLoop
from framework.data.reword import Known, read_rewordings
from framework.data.types import Utterance
from framework.data.vary import Augmentation, Variant
from framework.errors import FrameError
from framework.learning.process import count_processes
from framework.learning.progress import Progress
from framework.project.files import write_whole
from framework.project.schema.project import Project
from framework.registry import load_object
from framework.training.fingerprint import digest
from framework.training.parts import OnProgress

logger = logging.getLogger(__name__)

PART = "paraphrases"
FILE = Path(".frame") / "paraphrases.json"

_REWORDER = "framework.responses.generative.rewording:Reworder"
_MOST_FAILURES = 3
"""Questions in a row that the model doesn't answer before no more are asked."""

_KEPT_EVERY = 10
_IDENTITY = ("url", "model", "gguf_file", "temperature", "seed")
"""Settings of a model on which its answers depend."""


def paraphrase(
    project: Project,
    utterances: Sequence[Utterance],
    augmentation: Augmentation,
    *,
    on_progress: OnProgress,
) -> tuple[Variant, ...]:
    """Give the examples in other words, as many for each as the configuration wants.

    Args:
        project: its `llm:`, its folder, lookup tables and synonyms.
        utterances: the examples.
        augmentation: how many are wanted.
        on_progress: called after every question to the model.
    """
    wanted = augmentation.paraphrases
    if not wanted:
        return ()
    settings = project.config.extras.get("llm")
    if not settings:
        logger.warning("`paraphrases:` of `augment` needs a language model: set `llm:`")
        return ()
    said = _said(project, utterances, wanted, on_progress=on_progress)
    known = Known.of(utterances, project.nlu)
    found: list[Variant] = []
    for utterance in utterances:
        answer = said.get(_key(utterance, wanted, settings), "")
        found += [
            Variant(source=utterance.text, utterance=made, is_doubtful=True)
            for made in read_rewordings(utterance, answer, known)[:wanted]
        ]
    return tuple(found)


def _said(
    project: Project, utterances: Sequence[Utterance], wanted: int, *, on_progress: OnProgress
) -> Mapping[str, str]:
    """Give the model's answers by their keys, those of earlier trainings among them."""
    settings = project.config.extras["llm"]
    path = project.root / FILE
    kept = _read(path)
    missing = {
        key: utterance
        for utterance in utterances
        if (key := _key(utterance, wanted, settings)) not in kept
    }
    if missing and count_processes() > 1:
        logger.warning(
            "%d examples have no paraphrases yet; the model is asked by a training in one process",
            len(missing),
        )
        return kept
    if not missing:
        return kept
    try:
        for done, (key, answer) in enumerate(_ask(missing, wanted, settings), start=1):
            kept[key] = answer
            on_progress(Progress(part=PART, done=done, total=len(missing)))
            if done % _KEPT_EVERY == 0:
                _write(path, kept)
    finally:
        _write(path, kept)
    return kept


def _ask(missing: Mapping[str, Utterance], wanted: int, settings: Any) -> Iterator[tuple[str, str]]:
    """Ask about one example after the other, until the model fails too often."""
    loop = BackgroundLoop()
    failures = 0
    try:
        reworder = load_object(_REWORDER)(settings)
        for key, utterance in missing.items():
            fixed = [utterance.text[one.start : one.end] for one in utterance.entities]
            try:
                answer = loop.run(reworder.reword(utterance.text, wanted, fixed=fixed))
            except FrameError:
                failures += 1
                if failures == _MOST_FAILURES:
                    raise
            else:
                failures = 0
                yield key, answer
    except FrameError as error:
        logger.warning(
            "examples are paraphrased no further, the next training asks again: %s", error.message
        )
    finally:
        loop.close()


def _key(utterance: Utterance, wanted: int, settings: Any) -> str:
    """Give what an answer is kept by: the question, and the model that is asked."""
    spans = [(one.start, one.end) for one in utterance.entities]
    if isinstance(settings, Mapping):
        settings = {name: settings.get(name) for name in _IDENTITY}
    return digest(utterance.text, spans, wanted, settings)[:16]


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s can't be read, so the model is asked again: %s", path, error)
        return {}
    if not isinstance(kept, dict):
        return {}
    return {key: answer for key, answer in kept.items() if isinstance(answer, str)}


def _write(path: Path, kept: Mapping[str, str]) -> None:
    """Keep the answers; a folder closed to writing is no reason to stop a training."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        logger.warning("what the language model said can't be kept: %s", error)
