"""What `recommend:` sets up: a catalogue, and what decides between its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from framework.errors import Location, UsageError
from framework.registry import did_you_mean

SECTION = "recommend"
"""Key of `config.yml` that it stands under."""

WRONG = "recommend-settings"
"""Id of the error of a setting that can't be used."""

Rule = Literal["equal", "at_most", "at_least", "near"]
RULES = get_args(Rule)
NUMERIC: tuple[Rule, ...] = ("at_most", "at_least", "near")
"""Rules that compare numbers."""

_KEYS = ("from", "rule", "must")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How what a user wants is compared with a column.

    Attributes:
        column: of the catalogue.
        source: the slot or entity that holds what is wanted.
        rule: how they are compared.
        must: whether items that don't fit are left out.
    """

    column: str
    source: str
    rule: Rule = "equal"
    must: bool = False


@dataclass(frozen=True, kw_only=True)
class RecommendSettings:
    """Lets `action_recommend` choose items of a catalogue for the user, and say why.

    Attributes:
        catalogue: the file, a CSV, TSV or YAML table of the project.
        id: column that names an item.
        texts: columns that are compared with the user's words, by meaning; needs an encoder.
        match: by column, the slot or entity with the wanted value, or `from`, `rule` and `must`.
        popularity: column of numbers that decides where nothing else does, the higher the better.
        response: says one item, whose columns are its placeholders.
        nothing: response for when nothing fits.
        count: items at a time.
        chosen: intents by which the user takes what was recommended.
        rejected: intents by which the user declines it.
        repeat: whether what was taken in an earlier session may be recommended as any other item.
        history_slot: slot of type `any` that holds what was chosen and declined; a slot of the
            profile carries it into later conversations.
    """

    catalogue: str
    id: str = "id"
    texts: Sequence[str] = ()
    match: Mapping[str, Any] = field(default_factory=dict)
    popularity: str | None = None
    response: str = "utter_recommend"
    nothing: str = "utter_nothing_to_recommend"
    count: int = 1
    chosen: Sequence[str] = ("affirm",)
    rejected: Sequence[str] = ("deny",)
    repeat: bool = False
    history_slot: str | None = None

    def __post_init__(self) -> None:
        """Check what a type can't say.

        Raises:
            UsageError: a setting can't be used.
        """
        if self.count < 1:
            raise UsageError(f"`count` is {self.count}, expected at least 1", id=WRONG)
        self.wishes()

    def wishes(self) -> tuple[Wish, ...]:
        """Read `match`.

        Raises:
            UsageError: an entry can't be used.
        """
        given: Any = self.match  # as written, of whatever type
        if not isinstance(given, Mapping):
            message = f"`match` is {given!r}, expected the columns with their slots"
            raise UsageError(message, id=WRONG, hint="write `column: slot` below it")
        return tuple(_wish(str(column), one) for column, one in given.items())

    def columns(self) -> tuple[str, ...]:
        """List the columns that the catalogue must have, the id first."""
        popularity = [self.popularity] if self.popularity else []
        named = [self.id, *self.texts, *(wish.column for wish in self.wishes()), *popularity]
        return tuple(dict.fromkeys(named))

    def numeric(self) -> frozenset[str]:
        """Name the columns that must hold numbers."""
        compared = {wish.column for wish in self.wishes() if wish.rule in NUMERIC}
        return frozenset(compared | ({self.popularity} if self.popularity else set()))


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of the catalogue: its values by column, those of empty fields None."""

    id: str
    values: Mapping[str, Any]
    where: Location | None = None


def _wish(column: str, given: Any) -> Wish:
    if given is None or isinstance(given, str):
        return Wish(column=column, source=given or column)
    if not isinstance(given, Mapping):
        raise UsageError(
            f"`match` of the column {column!r} is {given!r}, expected a slot or a mapping", id=WRONG
        )
    unknown = next((str(key) for key in given if key not in _KEYS), None)
    if unknown is not None:
        raise UsageError(
            f"the key {unknown!r} is unknown in `match` of the column {column!r}",
            id=WRONG,
            hint=did_you_mean(unknown, _KEYS) or f"known: {', '.join(_KEYS)}",
        )
    rule = given.get("rule", "equal")
    if rule not in RULES:
        raise UsageError(
            f"the rule of the column {column!r} is {rule!r}",
            id=WRONG,
            hint=did_you_mean(str(rule), RULES) or f"known: {', '.join(RULES)}",
        )
    source, must = given.get("from", column), given.get("must", False)
    if not isinstance(source, str) or not isinstance(must, bool):
        message = f"`from` of the column {column!r} is a name, and `must` true or false"
        raise UsageError(message, id=WRONG)
    return Wish(column=column, source=source, rule=rule, must=must)
