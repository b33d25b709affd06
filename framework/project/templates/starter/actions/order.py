"""What the bot does besides talking; every `Action` in this folder is found by itself."""

from __future__ import annotations

from framework import Action, ActionContext

PRICES = {"croissant": 1.5, "pretzel": 1.2, "cinnamon roll": 2.1}
"""Euros apiece."""


class PlaceOrder(Action):
    """Place the order that the form collected."""

    name = "action_place_order"

    def run(self, ctx: ActionContext) -> None:
        """Say what it costs, and be ready for the next order."""
        count, pastry = ctx.slots["count"], ctx.slots["pastry"]
        ctx.say("utter_ordered", count=count, pastry=pastry, total=f"{count * PRICES[pastry]:.2f}")
        ctx.set_slot("pastry", None)
        ctx.set_slot("count", None)
