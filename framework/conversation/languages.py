"""Finds the language of a conversation, for responses that have variations in several."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from framework.conversation.events import Event, SlotSet, UserUttered
from framework.conversation.tracker import Tracker
from framework.errors import MissingExtraError, UsageError
from framework.nlu.payload import PREFIX
from framework.project.schema.domain import LANGUAGE_SLOT
from framework.registry import did_you_mean, load_object

_MODULE = "py3langid.langid"
_WRONG = "language-settings"


class LanguageFinder:
    """Fills the slot `language`: from a message's metadata, else from the user's words."""

    def __init__(
        self,
        *,
        metadata: str | None = None,
        detect: Sequence[str] = (),
        min_confidence: float = 0.8,
    ) -> None:
        """Make the finder.

        Args:
            metadata: key of a message's metadata that holds the language; goes before detection.
            detect: ISO codes of the languages to tell apart by the user's words; none for no
                detection.
            min_confidence: how sure detection must be, 0 to 1.

        Raises:
            UsageError: a setting can't be used.
            MissingExtraError: detection needs a package that isn't installed.
        """
        if not 0 <= min_confidence <= 1:
            message = f"`min_confidence` is {min_confidence}, expected 0 to 1"
            raise UsageError(message, id=_WRONG)
        if len(detect) == 1:
            message = f"`detect` names one language only, {detect[0]!r}"
            raise UsageError(message, id=_WRONG, hint="name all languages that users may write in")
        if detect and find_spec(_MODULE.partition(".")[0]) is None:
            raise MissingExtraError(
                "telling languages apart needs the package 'py3langid'",
                hint="pip install 'frame-dialogue[languages]'",
            )
        self.metadata = metadata
        self.detect = tuple(detect)
        self.min_confidence = min_confidence
        self._identifier: Any = None

    def verify(self) -> None:
        """Find out whether all languages can be told apart.

        Raises:
            UsageError: one of them is unknown.
        """
        self.load()

    def load(self) -> None:
        """Load what tells languages apart, if anything does.

        Raises:
            UsageError: a language is unknown to it.
        """
        if not self.detect or self._identifier is not None:
            return
        module = load_object(_MODULE)
        identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
        unknown = next((code for code in self.detect if code not in identifier.labels), None)
        if unknown is not None:
            raise UsageError(
                f"the language {unknown!r} can't be detected",
                id=_WRONG,
                hint=did_you_mean(unknown, identifier.labels)
                or "give ISO 639-1 codes such as `fr`",
            )
        identifier.set_languages(list(self.detect))
        self._identifier = identifier

    def notice(self, heard: UserUttered, tracker: Tracker) -> tuple[Event, ...]:
        """Give the change of the slot that follows from a message, if any.

        Args:
            heard: the message.
            tracker: the conversation before it.
        """
        found = self._stated(heard) or self._detected(heard)
        slots = tracker.slots
        if found is None or LANGUAGE_SLOT not in slots or slots[LANGUAGE_SLOT] == found:
            return ()
        return (SlotSet(name=LANGUAGE_SLOT, value=found),)

    def _stated(self, heard: UserUttered) -> str | None:
        value = heard.metadata.get(self.metadata) if self.metadata else None
        return value if isinstance(value, str) and value else None

    def _detected(self, heard: UserUttered) -> str | None:
        text = heard.text or ""
        if not self.detect or not text.strip() or text.lstrip().startswith(PREFIX):
            return None
        self.load()
        language, confidence = self._identifier.classify(text)
        return str(language) if confidence >= self.min_confidence else None


def language_of(tracker: Tracker, *, default: str) -> str:
    """Give the language that a conversation is in, as its slot says; the default without one."""
    return str(tracker.slots.get(LANGUAGE_SLOT) or default)
