"""The results of a test run: as one document, and as files in a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framework.evaluation.conversations import failed_stories, junit
from framework.evaluation.conversations.outcomes import ConversationsOutcome, Failure
from framework.evaluation.nlu import files as nlu_files
from framework.evaluation.nlu.report import NluReport
from framework.evaluation.replies import RepliesReport
from framework.project.files import naming

REPORT = "report.json"
JUNIT = "junit.xml"
FAILED_STORIES = "failed_stories.yml"


@dataclass(frozen=True, kw_only=True)
class Results:
    """What came of a test run.

    Attributes:
        conversations: those that were played.
        nlu: scores of the examples; None where no file had any.
        replies: scores of a generator's replies; None where no file had questions and answers.
        model: the bundle that was tested.
    """

    conversations: ConversationsOutcome = field(default_factory=ConversationsOutcome)
    nlu: NluReport | None = None
    replies: RepliesReport | None = None
    model: str = ""

    @property
    def passed(self) -> bool:
        """Whether every conversation went as written; scores of examples don't count."""
        return not self.conversations.failures

    def to_json(self) -> dict[str, Any]:
        """Give the document of `frame test --format json`."""
        played = self.conversations
        document: dict[str, Any] = {
            "passed": self.passed,
            "model": self.model,
            "stories": {
                "total": len(played.stories),
                "passed": played.passed,
                "actions": {"total": played.actions, "correct": played.correct_actions},
                "failures": [_failure(failure) for failure in played.failures],
                "warnings": [
                    {"story": story.dialogue.name, "message": warning}
                    for story in played.stories
                    for warning in story.warnings
                ],
            },
        }
        if self.nlu is not None:
            document["nlu"] = nlu_files.to_json(self.nlu)
        if self.replies is not None:
            document["replies"] = self.replies.to_json()
        return document

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the document, JUnit XML, failed conversations and NLU reports; give the paths."""
        folder.mkdir(parents=True, exist_ok=True)
        document = json.dumps(self.to_json(), ensure_ascii=False, indent=2, default=str) + "\n"
        contents = {
            REPORT: document,
            JUNIT: junit.to_xml(self.conversations.stories),
            FAILED_STORIES: failed_stories.to_yaml(self.conversations.stories),
        }
        for name, content in contents.items():
            with naming(folder / name):
                (folder / name).write_text(content, encoding="utf-8")
        with naming(folder):
            nlu = nlu_files.write(self.nlu, folder) if self.nlu else ()
            replies = (self.replies.write(folder),) if self.replies else ()
        return (*(folder / name for name in contents), *nlu, *replies)


def _failure(failure: Failure) -> dict[str, Any]:
    prediction = failure.prediction
    return {
        "file": failure.where.file if failure.where else None,
        "line": failure.where.line if failure.where else None,
        "story": failure.story,
        "kind": failure.kind,
        "step": failure.step,
        "expected": failure.expected,
        "predicted": failure.predicted,
        "policy": prediction.policy if prediction else None,
        "confidence": prediction.confidence if prediction else None,
        "reason": prediction.reason.text if prediction else None,
        "reason_at": str(prediction.reason.where)
        if prediction and prediction.reason.where
        else None,
    }
