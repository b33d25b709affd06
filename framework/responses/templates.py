"""Responses written in the domain: a variation is chosen and its placeholders are filled."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ClassVar

from framework.conversation.events import BotUttered
from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import LANGUAGE_SLOT, Domain, ResponseVariation
from framework.responses.base import Responder

logger = logging.getLogger(__name__)

REMEMBERED_EVENTS = 100
_TOKEN = re.compile(r"\{\{|\}\}|\{([^\n{}]+)\}")


class Templates(Responder):
    """Says responses of the domain; equal seeds and conversations give equal choices."""

    name: ClassVar[str] = "templates"

    def __init__(self, *, seed: int = 0, language: str | None = None) -> None:
        """Make the responder.

        Args:
            seed: decides between variations that fit equally.
            language: ISO code of the bot's language, which is spoken where the conversation's own
                isn't.
        """
        self.seed = seed
        self.language = language

    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give a variation that fits slots, channel and language, None where there is none."""
        found = domain.responses.get(response)
        variations = found.variations if found else ()
        fitting = suitable(variations, slots=tracker.slots, channel=channel, language=self.language)
        if not fitting:
            return None
        number = self._choose(
            [number for number, item in enumerate(variations) if item in fitting],
            response=response,
            tracker=tracker,
        )
        chosen = variations[number]
        filled = {**tracker.slots, **values}
        return BotMessage(
            conversation=tracker.conversation,
            text=interpolate(chosen.text, filled),
            image=interpolate(chosen.image, filled),
            buttons=interpolate(chosen.buttons, filled),
            quick_replies=interpolate(chosen.quick_replies, filled),
            elements=interpolate(chosen.elements, filled),
            attachment=interpolate(chosen.attachment, filled),
            custom=interpolate(chosen.custom, filled),
            metadata={"utter_action": response, **_metadata(chosen, number)},
        )

    def _choose(self, fitting: Sequence[int], *, response: str, tracker: Tracker) -> int:
        """Draw a variation, leaving out the one that this conversation heard last."""
        if len(fitting) == 1:
            return fitting[0]
        last = _last_variation(response, tracker)
        fresh = [number for number in fitting if number != last]
        place = f"{self.seed}/{tracker.conversation}/{response}/{len(tracker.events)}"
        return random.Random(place).choice(fresh or fitting)


def suitable(
    variations: Sequence[ResponseVariation],
    *,
    slots: Mapping[str, Any],
    channel: str,
    language: str | None = None,
) -> list[ResponseVariation]:
    """Give the variations that may be said now.

    Of those in the conversation's language (slot `language`), else in the bot's, the first group
    that isn't empty: conditional for this channel, unconditional for this channel, conditional for
    any channel, unconditional for any channel. A language that has none for now is passed over.
    """
    in_languages = _in_languages(variations, slots.get(LANGUAGE_SLOT), default=language)
    groups = (_best_group(spoken, slots=slots, channel=channel) for spoken in in_languages)
    return next((group for group in groups if group), [])


def _best_group(
    spoken: Sequence[ResponseVariation], *, slots: Mapping[str, Any], channel: str
) -> list[ResponseVariation]:
    conditional = [item for item in spoken if item.conditions and _conditions_hold(item, slots)]
    default = [item for item in spoken if not item.conditions]
    groups = (
        [item for item in kind if item.channel == wanted]
        for wanted in (channel, None)
        for kind in (conditional, default)
    )
    return next((group for group in groups if group), [])


def interpolate(value: Any, values: Mapping[str, Any]) -> Any:
    """Fill the placeholders of all texts inside a value.

    A text with a placeholder that nothing defines stays as it is, and that is logged.
    """
    if isinstance(value, str):
        return _interpolate_text(value, values)
    if isinstance(value, Mapping):
        return {key: interpolate(item, values) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(interpolate(item, values) for item in value)
    return value


def placeholders(text: str) -> list[str]:
    """List the names of the placeholders of a text."""
    return [match[1] for match in _TOKEN.finditer(text) if match[1]]


def _interpolate_text(text: str, values: Mapping[str, Any]) -> str:
    missing = next((name for name in placeholders(text) if name not in values), None)
    if missing is not None:
        if not missing.lstrip().startswith('"'):  # the entities of a payload are no placeholder
            logger.warning(
                "a response has the placeholder {%s}, but no slot or value of that name exists:"
                " it is said unfilled",
                missing,
            )
        return text
    return _TOKEN.sub(
        lambda match: str(values[match[1]]) if match[1] else match[0][0],
        text,
    )


def _in_languages(
    variations: Sequence[ResponseVariation], language: Any, *, default: str | None
) -> Iterator[Sequence[ResponseVariation]]:
    """Give the variations in a language (`de-AT`, then `de`), then those in the bot's, or all.

    Those that name no language are in the bot's.
    """
    groups: dict[str | None, list[ResponseVariation]] = {}
    own = _code(default)
    for item in variations:
        code = _code(item.language)
        groups.setdefault(None if code in (None, own) else code, []).append(item)
    wanted = _code(language)
    primary = wanted.partition("-")[0] if wanted else None
    for code in dict.fromkeys((wanted, primary)):
        if code == own:
            break
        if code is not None and code in groups:
            yield groups[code]
    yield groups.get(None) or variations


def _code(language: Any) -> str | None:
    return str(language).casefold().replace("_", "-") if language else None


def _conditions_hold(variation: ResponseVariation, slots: Mapping[str, Any]) -> bool:
    return all(_equal(slots.get(item.slot), item.value) for item in variation.conditions)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return bool(value == wanted)


def _last_variation(response: str, tracker: Tracker) -> int | None:
    for event in islice(reversed(tracker.events), REMEMBERED_EVENTS):
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == response:
            number = event.metadata.get("variation")
            return number if isinstance(number, int) else None
    return None


def _metadata(variation: ResponseVariation, number: int) -> dict[str, Any]:
    known = {
        "id": variation.id,
        "button_type": variation.button_type,
        "metadata": dict(variation.metadata),
    }
    return {"variation": number, **{key: value for key, value in known.items() if value}}
