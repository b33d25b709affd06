"""Frame: NLU and dialogue for declarative bot projects.

    import framework

    project = framework.load_project("mybot")
    report = framework.train(project, output="mybot/models")
    bot = framework.Assistant.load(report.bundle, code="mybot/actions")
    for reply in bot.handle("Hello!", conversation="ada"):
        print(reply.text)

A name is imported when it is first used, so `import framework` itself costs next to nothing, and a
program that only serves never loads what trains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framework.registry import load_object

if TYPE_CHECKING:
    from framework.actions.base import Action, ActionContext
    from framework.actions.validation import FormValidation, SlotValidation
    from framework.assistant.assistant import Assistant
    from framework.conversation import events
    from framework.conversation.messages import BotMessage, UserMessage
    from framework.conversation.tracker import Tracker
    from framework.data.slot_classes import Slot
    from framework.errors import (
        ActionError,
        ActionRejected,
        BundleError,
        EncoderError,
        FrameError,
        Location,
        MissingExtraError,
        Problem,
        ProjectError,
        TrainingError,
        UsageError,
    )
    from framework.learning.progress import Progress
    from framework.nlu.component import Component, NluTrainingData
    from framework.nlu.types import Entity, IntentScore, Understanding
    from framework.policies.base import Policy, PolicyTrainingData, Prediction, Reason
    from framework.project.load import load_project
    from framework.project.schema.project import Project
    from framework.training.report import TrainingReport
    from framework.training.train import train

__version__ = "0.1.0"

__all__ = [
    "Action",
    "ActionContext",
    "ActionError",
    "ActionRejected",
    "Assistant",
    "BotMessage",
    "BundleError",
    "Component",
    "EncoderError",
    "Entity",
    "FormValidation",
    "FrameError",
    "IntentScore",
    "Location",
    "MissingExtraError",
    "NluTrainingData",
    "Policy",
    "PolicyTrainingData",
    "Prediction",
    "Problem",
    "Progress",
    "Project",
    "ProjectError",
    "Reason",
    "Slot",
    "SlotValidation",
    "Tracker",
    "TrainingError",
    "TrainingReport",
    "Understanding",
    "UsageError",
    "UserMessage",
    "events",
    "load_project",
    "train",
]

_HOMES = {
    "framework.actions.base": ("Action", "ActionContext"),
    "framework.actions.validation": ("FormValidation", "SlotValidation"),
    "framework.assistant.assistant": ("Assistant",),
    "framework.conversation.messages": ("BotMessage", "UserMessage"),
    "framework.conversation.tracker": ("Tracker",),
    "framework.data.slot_classes": ("Slot",),
    "framework.errors": (
        "ActionError",
        "ActionRejected",
        "BundleError",
        "EncoderError",
        "FrameError",
        "Location",
        "MissingExtraError",
        "Problem",
        "ProjectError",
        "TrainingError",
        "UsageError",
    ),
    "framework.learning.progress": ("Progress",),
    "framework.nlu.component": ("Component", "NluTrainingData"),
    "framework.nlu.types": ("Entity", "IntentScore", "Understanding"),
    "framework.policies.base": ("Policy", "PolicyTrainingData", "Prediction", "Reason"),
    "framework.project.load": ("load_project",),
    "framework.project.schema.project": ("Project",),
    "framework.training.report": ("TrainingReport",),
    "framework.training.train": ("train",),
}
_HOME_OF = {name: f"{module}:{name}" for module, names in _HOMES.items() for name in names}
_HOME_OF["events"] = "framework.conversation.events"


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'framework' has no attribute {name!r}")
    value = load_object(_HOME_OF[name])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
