"""What a bundle says about itself: `manifest.json`, checked when it is read.

It holds names, settings and digests; nothing in it is ever imported.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
"""Version of the layout; a loader refuses higher ones."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartEntry(_Frozen):
    """A component or policy of the bot.

    Attributes:
        name: registered short name.
        settings: keywords of its `__init__`.
        folder: its folder in the bundle; None where nothing was learned.
        fingerprint: digest of exactly what it learned from.
        scores: figures of its training, on held-out data where there was enough.
    """

    name: str
    settings: dict[str, Any] = Field(default_factory=dict)
    folder: str | None = None
    fingerprint: str = ""
    scores: dict[str, float] = Field(default_factory=dict)


class MappedEntry(_Frozen):
    """What one name of Rasa's became."""

    rasa: str
    frame: str
    note: str = ""


class Manifest(_Frozen):
    """The whole of `manifest.json`.

    Attributes:
        format: version of the bundle's layout.
        framework: version of Frame that wrote it.
        created: when, in UTC; the only thing in which two equal trainings differ.
        language: ISO code of the project.
        assistant_id: as in the configuration.
        encoder: as in the configuration; None for the language's default.
        seed: everything random in the training followed from it.
        pipeline: NLU components in order.
        policies: policies in order.
        responders: what was trained to write replies.
        examples: the training examples kept for explanations; None where there are none.
        catalogue: the items to recommend; None where there are none.
        knowledge: the index of the documents; None where there are none.
        mapped: what Rasa's names became.
        extras: Frame's own further configuration keys.
        members: SHA-256 of every other member, by its name.
    """

    format: int = Field(ge=1, strict=True)
    framework: str
    created: str
    language: str = "en"
    assistant_id: str = ""
    encoder: str | dict[str, Any] | None = None
    seed: int = 0
    pipeline: tuple[PartEntry, ...] = ()
    policies: tuple[PartEntry, ...] = ()
    responders: tuple[PartEntry, ...] = ()
    examples: PartEntry | None = None
    catalogue: PartEntry | None = None
    knowledge: PartEntry | None = None
    mapped: tuple[MappedEntry, ...] = ()
    extras: dict[str, Any] = Field(default_factory=dict)
    members: dict[str, str] = Field(default_factory=dict)

    def parts(self) -> tuple[PartEntry, ...]:
        """Give all parts, components first."""
        return (*self.pipeline, *self.policies, *self.responders)

    def kept(self) -> tuple[PartEntry, ...]:
        """Give everything that has files: all parts, and what is kept beside them."""
        kept = (self.examples, self.catalogue, self.knowledge)
        return (*self.parts(), *(entry for entry in kept if entry))
