"""A small bot written by hand, its stories played and its policy trained."""

from framework.conversation.events import ActionExecuted
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.errors import Location
from framework.policies.base import PolicyTrainingData, Prediction
from framework.policies.learned.policy import LearnedPolicy
from framework.project.schema.domain import (
    ActionDeclaration,
    Domain,
    EntityType,
    Intent,
    Slot,
    SlotMapping,
)
from framework.project.schema.stories import ActionStep, BotStep, SlotStep, SlotValue, UserStep

INTENTS = ("greet", "bye", "affirm", "deny", "order", "ask_price", "affirm+ask_price", "thank")
ACTIONS = ("utter_greet", "utter_bye", "utter_ask_size", "utter_price", "utter_done", "utter_sorry")

DOMAIN = Domain(
    intents={name: Intent(name=name) for name in INTENTS},
    entities={"size": EntityType(name="size")},
    slots={
        "size": Slot(
            name="size", type="text", mappings=(SlotMapping(type="from_entity", entity="size"),)
        ),
        "stock": Slot(name="stock", type="categorical", values=("full", "empty")),
    },
    actions={name: ActionDeclaration(name=name) for name in ACTIONS},
)


def story(name: str, *steps, kind="story", line=1, **more) -> Dialogue:
    """Make a dialogue of `intent`, `utter_…`, `"user: …"`, `"bot: …"` and (slot, value)."""
    return Dialogue(
        name=name,
        kind=kind,
        steps=tuple(map(_step, steps)),
        where=Location(file="data/stories.yml", line=line),
        **more,
    )


def _step(step):
    if isinstance(step, tuple):
        return SlotStep(slots=(SlotValue(slot=step[0], value=step[1]),))
    if step.startswith("user: "):
        return UserStep(text=step[6:])
    if step.startswith("bot: "):
        return BotStep(text=step[5:])
    return ActionStep(action=step) if step.startswith("utter_") else UserStep(intent=step)


STORIES = (
    story("short hello", "greet", "utter_greet", line=3),
    story("order", "greet", "utter_greet", "order", "utter_ask_size", "affirm", "utter_done"),
    story("no order", "order", "utter_ask_size", "deny", "utter_sorry", "bye", "utter_bye"),
    story("price", "ask_price", "utter_price", "thank", "utter_bye", line=20),
    story("in stock", ("stock", "full"), "order", "utter_done", "bye", "utter_bye"),
    story("sold out", ("stock", "empty"), "order", "utter_sorry", "thank", "utter_bye"),
)


def train(stories=STORIES, *, domain=DOMAIN, seed=1, embed=None, **settings) -> LearnedPolicy:
    """Train a policy and load it as an assistant would."""
    policy = LearnedPolicy(**settings)
    data = PolicyTrainingData(dialogues=stories, domain=domain, seed=seed, embed=embed)
    for _ in policy.train(data):
        pass
    return LearnedPolicy(**settings).load(policy.save(), domain)


def after(*steps, domain=DOMAIN) -> Tracker:
    """Give the conversation of some steps, the user having spoken last."""
    events = story_events(story("", *steps, wait_for_user_input=False), domain)
    return Tracker.start("", domain).extend(events)


def play(policy: LearnedPolicy, dialogue: Dialogue, domain=DOMAIN):
    """Give for each action of a dialogue what was expected and what the policy says."""
    tracker = Tracker.start("", domain)
    steps: list[tuple[str, Prediction | None]] = []
    for place, event in enumerate(story_events(dialogue, domain)):
        if isinstance(event, ActionExecuted) and place:
            steps.append((event.name or event.action_text, policy.predict(tracker, domain)))
        tracker = tracker.apply(event)
    return steps
