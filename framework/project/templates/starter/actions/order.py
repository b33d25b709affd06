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
        total = int(ctx.slots["count"]) * PRICES[str(ctx.slots["pastry"])]
        ctx.say("utter_ordered", total=f"{total:.2f}")
        ctx.set_slot("pastry", None)
        ctx.set_slot("count", None)
