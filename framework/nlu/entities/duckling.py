"""Numbers, times, money and addresses with their values: a Duckling server's, or those built in.

A server named by `url`, or by the environment variable RASA_DUCKLING_HTTP_URL, is asked for each
message. Without one, and for a while after it didn't answer, what is built in answers: numbers,
ordinals, money, durations, times, e-mail and web addresses and phone numbers, in English words, and
in Chinese ones where the language is Chinese.
Both give entities of the same shape, so action code needn't know.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from framework.errors import UsageError
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.types import Entity, Understanding
from framework.nlu.values.find import DIMENSIONS, LANGUAGES, find_values
from framework.registry import did_you_mean, load_object

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

URL_VARIABLE = "RASA_DUCKLING_HTTP_URL"
DEFAULT_TIMEZONE = "America/Los_Angeles"
_FILE = "language.json"
_ZONE_HINT = "give a name such as 'Europe/Berlin'"
_PAUSE_SECONDS = 30.0
"""How long a server that didn't answer is left alone."""

_CLIENT = "httpx:Client"
_NO_ANSWER = ("httpx:HTTPError", "httpx:InvalidURL")
"""What asking raises when the server is away; the client loads slowly, so only for a server."""

_ODD_ANSWER = (AttributeError, KeyError, TypeError, ValueError)
"""What reading raises when the server's answer has another shape."""

_MONTH_FIRST = frozenset({"en", "en_us", "en_ca", "en_ph", "zh", "ja", "ko", "hu"})
"""Locales and languages in which 3/4 is a day of March."""

_SERVER_DIMENSIONS = (
    "credit-card-number",
    "distance",
    "quantity",
    "temperature",
    "time-grain",
    "volume",
)
"""Kinds of values that a Duckling server finds besides those built in."""


@dataclass(frozen=True, kw_only=True)
class ValueFault:
    """What is wrong with settings for finding values.

    Attributes:
        message: what was found.
        hint: what to do about it.
        stops_training: whether nothing can be trained with it.
    """

    message: str
    hint: str
    stops_training: bool = False


class DucklingEntities(Component):
    """Finds values in a message and what they mean: `tomorrow at five` with its date and hour."""

    name = "duckling_entities"
    reads: ClassVar[frozenset[NluSource]] = frozenset()
    provides = frozenset({"entities"})

    def __init__(
        self,
        *,
        url: str | None = None,
        dimensions: Sequence[str] | None = None,
        locale: str | None = None,
        timezone: str | None = None,
        timeout_seconds: float = 3.0,
    ) -> None:
        """Make the component.

        Args:
            url: of a Duckling server; None for what is built in. RASA_DUCKLING_HTTP_URL overrides.
            dimensions: kinds of values to find (`time`, `number`); None for all.
            locale: such as `en_GB`; None for the project's language.
            timezone: of the users, such as `Europe/Berlin`; None for Duckling's own default,
                `America/Los_Angeles`.
            timeout_seconds: longest time to wait for the server.
        """
        self.url = url
        self.dimensions = None if dimensions is None else tuple(dimensions)
        self.locale = locale
        self.timezone = timezone
        self.timeout_seconds = timeout_seconds
        self._language = "en"
        self._client: httpx.Client | None = None
        self._silent_until = 0.0

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Keep the language, and check that there is such a time zone."""
        self._language = data.language
        _read_zone(self.timezone or DEFAULT_TIMEZONE)
        if self.timezone is None:
            logger.info(
                "duckling_entities has no timezone; times are those of %s", DEFAULT_TIMEZONE
            )
        yield from ()

    def save(self) -> Files:
        """Give the language as JSON."""
        return {_FILE: json.dumps({"language": self._language}).encode()}

    def load(self, files: Files) -> Self:
        """Take the language back."""
        self._language = json.loads(files[_FILE])["language"]
        return self

    def now(self) -> datetime:
        """Give the present in the users' time zone."""
        return datetime.now(_read_zone(self.timezone or DEFAULT_TIMEZONE))

    def process(self, understanding: Understanding) -> Understanding:
        """Add the values found in the message."""
        text = understanding.text
        if not text.strip():
            return understanding
        now = self.now()
        found = self._ask_server(text, now)
        if found is None:
            found = self._find_built_in(text, now)
        kept = [item for item in found if self.dimensions is None or item.entity in self.dimensions]
        return replace(understanding, entities=(*understanding.entities, *kept))

    def _find_built_in(self, text: str, now: datetime) -> list[Entity]:
        locale = (self.locale or self._language).replace("-", "_").lower()
        language = locale.partition("_")[0]
        is_month_first = locale in _MONTH_FIRST or (language != "en" and language in _MONTH_FIRST)
        matches = find_values(
            text,
            now=now,
            dimensions=self.dimensions,
            language=language,
            day_first=not is_month_first,
        )
        return [
            self._entity(match.dimension, text, (match.start, match.end), match.value)
            for match in matches
        ]

    def _ask_server(self, text: str, now: datetime) -> list[Entity] | None:
        """Ask the server; None where there is none or it gives no proper answer."""
        url = os.environ.get(URL_VARIABLE) or self.url
        if not url or time.monotonic() < self._silent_until:
            return None
        if self._client is None:
            self._client = load_object(_CLIENT)(timeout=self.timeout_seconds)
        try:
            response = self._client.post(f"{url.rstrip('/')}/parse", data=self._form(text, now))
            response.raise_for_status()
            return [self._from_answer(item, text) for item in response.json()]
        except (*map(load_object, _NO_ANSWER), *_ODD_ANSWER) as error:
            self._warn_of_silence(url, error)
            return None

    def _form(self, text: str, now: datetime) -> dict[str, str]:
        fields = {
            "text": text,
            "locale": self.locale or (self._language if self._language != "en" else None),
            "tz": self.timezone,
            "dims": json.dumps(self.dimensions) if self.dimensions is not None else None,
            "reftime": str(int(now.timestamp()) * 1000),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def _from_answer(self, item: Mapping[str, Any], text: str) -> Entity:
        start, end = int(item["start"]), int(item["end"])
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"the place {start}-{end} lies outside of the message")
        value = item["value"]
        if not isinstance(value, Mapping):
            raise TypeError(f"the value {value!r} is no object")
        return self._entity(str(item["dim"]), text, (start, end), value)

    def _entity(
        self, dimension: str, text: str, place: tuple[int, int], value: Mapping[str, Any]
    ) -> Entity:
        start, end = place
        return Entity(
            entity=dimension,
            value=_essence(value),
            start=start,
            end=end,
            confidence=1.0,
            extractor=self.name,
            additional={"text": text[start:end], "additional_info": value},
        )

    def _warn_of_silence(self, url: str, error: Exception) -> None:
        level = logging.DEBUG if self._silent_until else logging.WARNING
        self._silent_until = time.monotonic() + _PAUSE_SECONDS
        logger.log(
            level,
            "the Duckling server at %s gives no answer (%s: %s); what is built in finds numbers, "
            "times and so on until it does",
            url,
            type(error).__name__,
            error,
        )


def find_faults(settings: Mapping[str, Any], *, language: str) -> Iterator[ValueFault]:
    """Find what is wrong with settings of `duckling_entities`.

    Args:
        settings: as the configuration gives them, each of its kind.
        language: ISO code of the project.
    """
    zone = settings.get("timezone")
    if isinstance(zone, str) and not _is_zone(zone):
        yield ValueFault(
            message=f"there is no time zone {zone!r}",
            hint=did_you_mean(zone, sorted(available_timezones())) or _ZONE_HINT,
            stops_training=True,
        )
    asks_server = bool(settings.get("url") or os.environ.get(URL_VARIABLE))
    listed = settings.get("dimensions")
    dimensions = listed if isinstance(listed, Sequence) else ()
    if zone is None and not asks_server and (listed is None or "time" in dimensions):
        yield ValueFault(
            message=f"without a `timezone` times are those of {DEFAULT_TIMEZONE}",
            hint="set `timezone` to the users', such as 'Europe/Berlin'",
        )
    for dimension in dimensions:
        if dimension not in (*DIMENSIONS, *_SERVER_DIMENSIONS):
            known = (*DIMENSIONS, *(_SERVER_DIMENSIONS if asks_server else ()))
            yield ValueFault(
                message=f"there are no values of the kind {dimension!r}",
                hint=did_you_mean(str(dimension), known) or f"kinds are {', '.join(known)}",
            )
        elif dimension in _SERVER_DIMENSIONS and not asks_server:
            yield ValueFault(
                message=f"values of the kind {dimension!r} are found by a Duckling server only, "
                "and none is named",
                hint="set `url`, or leave the kind out",
            )
    spoken = str(settings.get("locale") or language).replace("-", "_").partition("_")[0].lower()
    if spoken not in LANGUAGES and not asks_server:
        yield ValueFault(
            message=f"words for values are known in {' and '.join(LANGUAGES)} only: in {spoken!r} "
            "those in digits are found, and English words",
            hint="set `url` to a Duckling server for those in words",
        )


def _is_zone(name: str) -> bool:
    try:
        _read_zone(name)
    except UsageError:
        return False
    return True


def _essence(value: Mapping[str, Any]) -> Any:
    """Give the entity's value as Rasa does: of a stretch of time both ends, else what it holds."""
    if value.get("type") != "interval":
        return value.get("value")
    return {side: (value.get(side) or {}).get("value") for side in ("to", "from")}


def _read_zone(name: str) -> ZoneInfo:
    """Give a time zone.

    Raises:
        UsageError: there is no such time zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone {name!r}",
            id="unknown-timezone",
            hint=_ZONE_HINT,
        ) from error
