"""Slot classes of the bot's own: what they derive from, and how they become part of a domain.

A project names such a class in the `type` of a slot. The names here are Rasa's, and in the bot's
code this module stands for `rasa.shared.core.slots`: classes written for Rasa work unchanged.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, ClassVar

from framework.data.slot_features import CodedSlot, slot_features
from framework.errors import Problem, ProjectError
from framework.project.code import load_class
from framework.project.schema import domain as schema

logger = logging.getLogger(__name__)


class Slot(ABC):
    """Base of slot classes: `_as_feature` turns `self.value` into numbers that policies see.

    Attributes:
        name: the slot's name.
        mappings: as the domain gives them.
        value: what the slot holds; None where it isn't set.
        initial_value: what it holds at the start.
        influence_conversation: whether policies see it.
    """

    def __init__(
        self,
        name: str,
        mappings: Sequence[Mapping[str, Any]] = (),
        initial_value: Any = None,
        value_reset_delay: int | None = None,
        influence_conversation: bool = True,  # noqa: FBT001, FBT002, the order is Rasa's
        **settings: Any,
    ) -> None:
        """Make the slot; what else the domain says of it comes as further keywords."""
        self.name = name
        self.mappings = list(mappings)
        self.initial_value = initial_value
        self.influence_conversation = influence_conversation
        self._value_reset_delay = value_reset_delay
        self._value = initial_value

    @property
    def value(self) -> Any:
        """What the slot holds."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value

    def feature_dimensionality(self) -> int:
        """How many numbers policies see."""
        return self._feature_dimensionality() if self.influence_conversation else 0

    def has_features(self) -> bool:
        """Whether policies see any."""
        return self.feature_dimensionality() != 0

    def as_feature(self) -> list[float]:
        """Give the numbers that policies see."""
        return list(self._as_feature()) if self.influence_conversation else []

    def _feature_dimensionality(self) -> int:
        return 1

    @abstractmethod
    def _as_feature(self) -> list[float]:
        """Give as many numbers as `_feature_dimensionality` says, all 0 where nothing is to see."""


class _BuiltIn(Slot):
    """A slot of a built-in type, to derive from."""

    kind: ClassVar[schema.SlotType]

    def _described(self) -> schema.Slot:
        return schema.Slot(name=self.name, type=self.kind)

    def _feature_dimensionality(self) -> int:
        return len(slot_features(self._described(), None))

    def _as_feature(self) -> list[float]:
        return list(slot_features(self._described(), self.value))


class TextSlot(_BuiltIn):
    """Seen as set or not."""

    kind = "text"


class BooleanSlot(_BuiltIn):
    """Seen as set or not, and true or false."""

    kind = "bool"


class FloatSlot(_BuiltIn):
    """Seen as set or not, and by its place between `min_value` and `max_value`."""

    kind = "float"

    def __init__(  # noqa: PLR0913, PLR0917, the parameters and their order are Rasa's
        self,
        name: str,
        mappings: Sequence[Mapping[str, Any]] = (),
        initial_value: Any = None,
        value_reset_delay: int | None = None,
        max_value: float = 1.0,
        min_value: float = 0.0,
        influence_conversation: bool = True,  # noqa: FBT001, FBT002
        **settings: Any,
    ) -> None:
        """Make the slot with the ends of its range."""
        super().__init__(
            name, mappings, initial_value, value_reset_delay, influence_conversation, **settings
        )
        self.max_value, self.min_value = max_value, min_value

    def _described(self) -> schema.Slot:
        described = super()._described()
        return replace(described, min_value=self.min_value, max_value=self.max_value)


class ListSlot(_BuiltIn):
    """Seen as empty or not."""

    kind = "list"


class CategoricalSlot(_BuiltIn):
    """Seen by which of its `values` it holds."""

    kind = "categorical"

    def __init__(
        self,
        name: str,
        mappings: Sequence[Mapping[str, Any]] = (),
        values: Sequence[Any] | None = None,
        initial_value: Any = None,
        value_reset_delay: int | None = None,
        influence_conversation: bool = True,  # noqa: FBT001, FBT002
        **settings: Any,
    ) -> None:
        """Make the slot with the values that are told apart."""
        super().__init__(
            name, mappings, initial_value, value_reset_delay, influence_conversation, **settings
        )
        self.values = [str(value).lower() for value in values or () if value is not None]

    def _described(self) -> schema.Slot:
        return replace(super()._described(), values=tuple(self.values))


class AnySlot(_BuiltIn):
    """Not seen."""

    kind = "any"

    def __init__(
        self,
        name: str,
        mappings: Sequence[Mapping[str, Any]] = (),
        initial_value: Any = None,
        value_reset_delay: int | None = None,
        influence_conversation: bool = False,  # noqa: FBT001, FBT002, the order is Rasa's
        **settings: Any,
    ) -> None:
        """Make the slot; that it isn't seen is Rasa's default."""
        super().__init__(
            name, mappings, initial_value, value_reset_delay, influence_conversation, **settings
        )


class _Encoder:
    """Asks a slot class for the numbers of values."""

    def __init__(self, prototype: Slot, *, digest: str) -> None:
        self._prototype = prototype
        self._digest = digest
        self._width = prototype.feature_dimensionality()
        self._has_failed = False

    def __call__(self, value: Any) -> tuple[float, ...]:
        try:
            slot = copy.copy(self._prototype)
            slot.value = value
            found = tuple(float(number) for number in slot.as_feature())
            if len(found) != self._width or not all(math.isfinite(each) for each in found):
                raise ValueError(f"expected {self._width} finite numbers, got {found}")
        except Exception:  # a bot's class may raise anything, and a turn must go on
            if not self._has_failed:
                logger.exception("policies can't see a value of the slot %r", self._prototype.name)
            self._has_failed = True
            return (0.0,) * self._width
        return found

    def __repr__(self) -> str:
        return f"encoder({self._digest})"


def with_slot_classes(
    domain: schema.Domain, code: Path | None
) -> tuple[schema.Domain, tuple[Problem, ...]]:
    """Give a domain whose slots know the classes that its types name.

    Args:
        domain: as it was read.
        code: the bot's code or the project's folder; None where there is none.

    Returns:
        The domain, and a warning for each slot whose class can't be had: policies don't see it.
    """
    slots = dict(domain.slots)
    problems: list[Problem] = []
    for name, slot in domain.slots.items():
        if slot.custom_class is not None and slot.influence_conversation:
            try:
                slots[name] = _coded(slot, slot.custom_class, code)
            except ProjectError as error:
                problems.extend(_warning(slot, problem) for problem in error.found)
    if slots == domain.slots:
        return domain, tuple(problems)
    return replace(domain, slots=slots), tuple(problems)


def _coded(slot: schema.Slot, path: str, code: Path | None) -> CodedSlot:
    if code is None:
        raise ProjectError([_fault(path, "the bot's code isn't given")])
    kind = load_class(code, path, Slot)  # type: ignore[type-abstract]
    known = {entry.name: getattr(slot, entry.name) for entry in fields(schema.Slot)}
    try:
        mappings = [{"type": mapping.type} for mapping in slot.mappings]
        prototype = kind(slot.name, mappings=mappings, **slot.settings)
        encoder = _Encoder(prototype, digest=_digest(kind))
        known["influence_conversation"] = bool(prototype.influence_conversation)
        if slot.initial_value is None:
            known["initial_value"] = prototype.initial_value
    except Exception as error:
        reason = f"it can't be made: {type(error).__name__}: {error}"
        raise ProjectError([_fault(path, reason)]) from error
    return CodedSlot(**known, encoder=encoder)


def _digest(kind: type[Slot]) -> str:
    """Digest the modules of the bot that a class is made of."""
    package = kind.__module__.partition(".")[0]
    found = hashlib.sha256()
    for name in sorted(name for name in sys.modules if name.startswith(f"{package}.")):
        source = getattr(sys.modules[name], "__file__", None)
        if source is not None:
            found.update(name.removeprefix(package).encode() + Path(source).read_bytes())
    return f"{kind.__qualname__} {found.hexdigest()}"


def _fault(path: str, reason: str) -> Problem:
    return Problem(id="missing-class", severity="error", message=f"{path}: {reason}")


def _warning(slot: schema.Slot, problem: Problem) -> Problem:
    return Problem(
        id="custom-slot-class",
        severity="warning",
        message=f"policies don't see the slot {slot.name!r}: {problem.message}",
        where=slot.where,
        hint=problem.hint
        or "its `type` is the path of a class in the project's folder that derives from "
        "`framework.Slot`",
    )
