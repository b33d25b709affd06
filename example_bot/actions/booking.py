"""Booking a bike: what the form checks, what a booking costs, and how it is taken back."""

from __future__ import annotations

import zlib

from framework import Action, ActionContext

PRICES_PER_DAY = {"city bike": 14, "tandem": 24, "e-bike": 28, "cargo bike": 32}
"""Euros for one bike; a tandem carries two."""

ASKED = ("bike", "pickup", "dropoff", "day", "riders")
"""The slots of the rental form."""


class BookBike(Action):
    """Book what the form collected."""

    name = "action_book_bike"

    def run(self, ctx: ActionContext) -> None:
        """Set the code and the price, say both, and be ready for the next booking."""
        facts = {slot: ctx.slots[slot] for slot in ASKED}
        bikes = facts["riders"] // 2 if facts["bike"] == "tandem" else facts["riders"]
        ctx.set_slot("price", bikes * PRICES_PER_DAY[facts["bike"]])
        ctx.set_slot("booking_code", self._code(ctx))
        ctx.say("utter_booked", **facts)
        for slot in ASKED:
            ctx.set_slot(slot, None)

    @staticmethod
    def _code(ctx: ActionContext) -> str:
        facts = (ctx.conversation, *(str(ctx.slots[slot]) for slot in ASKED))
        return f"RB-{zlib.crc32('|'.join(facts).encode()) % 10_000:04d}"


class CancelBooking(Action):
    """Take a booking back."""

    name = "action_cancel_booking"

    def run(self, ctx: ActionContext) -> None:
        """Forget the booking and say so."""
        ctx.set_slot("booking_code", None)
        ctx.set_slot("price", None)
        ctx.say("utter_cancelled")
