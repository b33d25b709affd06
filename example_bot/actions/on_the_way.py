"""Routes to ride, and help when a bike breaks down on one."""

from __future__ import annotations

from framework import Action, ActionContext

ROUTES = {
    "easy": "The mill lane: 14 flat kilometres along the water, from the Harbour to the Old Mill.",
    "hilly": "The castle round: 31 km with 420 m of climbing, and the whole valley below you.",
}

SPARES = {"flat tyre": "a new wheel", "chain": "a new chain", "brakes": "new brake pads"}


class SuggestRoute(Action):
    """Suggest a route of the level asked for."""

    name = "action_suggest_route"

    def run(self, ctx: ActionContext) -> None:
        """Say the route."""
        ctx.say(ROUTES.get(str(ctx.slots["level"]), ROUTES["easy"]))


class SendVan(Action):
    """Send the van with the part that is needed."""

    name = "action_send_van"

    def run(self, ctx: ActionContext) -> None:
        """Say what comes, and close the report."""
        spare = SPARES.get(str(ctx.slots["fault"]), "the toolbox")
        ctx.say(
            f"The van with {spare} is on its way. Stay on the path, it finds you within the hour."
        )
        ctx.set_slot("fault", None)


class CloseReport(Action):
    """Close the report of a breakdown that the rider mended."""

    name = "action_close_report"

    def run(self, ctx: ActionContext) -> None:
        """Praise the rider and forget the fault."""
        ctx.say("utter_fixed")
        ctx.set_slot("fault", None)
