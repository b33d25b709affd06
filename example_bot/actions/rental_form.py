"""What the rental form accepts, slot by slot."""

from __future__ import annotations

from framework import ActionContext, FormValidation

BIKES = ("city bike", "e-bike", "tandem", "cargo bike")
STATIONS = ("Harbour", "Castle", "Old Mill", "Lighthouse")
DAYS = (
    *("today", "tomorrow"),
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
SAME_PLACE = "same"
"""What the slot `dropoff` holds after a plain yes."""


class ValidateRentalForm(FormValidation):
    """Check each answer; a method that returns None has the form ask again."""

    name = "validate_rental_form"

    def validate_bike(self, value: str, ctx: ActionContext) -> str | None:
        """Accept the kinds of bikes in the shed, in one or many."""
        bike = value.lower().removesuffix("s")
        if bike in BIKES:
            return bike
        ctx.say("utter_unknown_bike")
        return None

    def validate_pickup(self, value: str, ctx: ActionContext) -> str | None:
        """Accept a station."""
        return self._station(value, ctx)

    def validate_dropoff(self, value: str, ctx: ActionContext) -> str | None:
        """Accept a station, or a yes to the one where the ride begins."""
        return ctx.slots["pickup"] if value == SAME_PLACE else self._station(value, ctx)

    def validate_day(self, value: str, ctx: ActionContext) -> str | None:
        """Accept a day that can be told without a calendar."""
        wanted = value.lower().removeprefix("next ")
        found = next((day for day in DAYS if day.lower() == wanted), None)
        if found is None:
            ctx.say("utter_unknown_day")
        return found

    def validate_riders(self, value: str, ctx: ActionContext) -> int | None:
        """Accept a number of riders that fits the bikes."""
        riders = _number(str(value))
        if riders is None or not 1 <= riders <= len(NUMBERS):
            ctx.say("utter_wrong_riders")
            return None
        if ctx.slots["bike"] == "tandem" and riders % 2:
            ctx.say("utter_odd_tandem")
            return None
        return riders

    @staticmethod
    def _station(value: str, ctx: ActionContext) -> str | None:
        found = next((station for station in STATIONS if station.lower() == value.lower()), None)
        if found is None:
            ctx.say("utter_unknown_place")
        return found


def _number(text: str) -> int | None:
    word = text.lower().strip()
    if word in NUMBERS:
        return NUMBERS.index(word) + 1
    return int(word) if word.isdecimal() else None
