"""What the order form accepts, slot by slot."""

from __future__ import annotations

from framework import ActionContext, FormValidation

PASTRIES = ("croissant", "pretzel", "cinnamon roll")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST = 50


class ValidateOrderForm(FormValidation):
    """Check each answer; a method that returns None has the form ask again."""

    name = "validate_order_form"

    def validate_pastry(self, value: str, ctx: ActionContext) -> str | None:
        """Accept what the bakery bakes."""
        pastry = value.lower().removesuffix("s")
        if pastry in PASTRIES:
            return pastry
        ctx.say("utter_unknown_pastry")
        return None

    def validate_count(self, value: str, ctx: ActionContext) -> int | None:
        """Accept a number that can be packed."""
        word = str(value).lower()
        count = NUMBERS.index(word) + 1 if word in NUMBERS else 0
        count = int(word) if word.isdecimal() else count
        if 1 <= count <= MOST:
            return count
        ctx.say("utter_wrong_count")
        return None
