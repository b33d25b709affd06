"""Booking a bike: what the form checks, what a booking costs, and how it is taken back."""

from __future__ import annotations

import zlib

from framework import Action, ActionContext

PRICES_PER_DAY = {"city bike": 14, "tandem": 24, "e-bike": 28, "cargo bike": 32}
"""Euros for one bike; a tandem carries two."""


class BookBike(Action):
    """Book what the form collected."""

    name = "action_book_bike"

    def run(self, ctx: ActionContext) -> None:
        """Set the code and the price, say both, and forget what was only for this booking."""
        riders = int(ctx.slots["riders"])
        bike = str(ctx.slots["bike"])
        bikes = riders // 2 if bike == "tandem" else riders
        ctx.set_slot("price", bikes * PRICES_PER_DAY[bike])
        ctx.set_slot("booking_code", self._code(ctx))
        ctx.say("utter_booked")

    @staticmethod
    def _code(ctx: ActionContext) -> str:
        facts = (ctx.conversation, *(str(ctx.slots[slot]) for slot in ("bike", "pickup", "day")))
        return f"RB-{zlib.crc32('|'.join(facts).encode()) % 10_000:04d}"


class CancelBooking(Action):
    """Take a booking back."""

    name = "action_cancel_booking"

    def run(self, ctx: ActionContext) -> None:
        """Forget the booking and say so."""
        ctx.set_slot("booking_code", None)
        ctx.set_slot("price", None)
        ctx.say("utter_cancelled")
