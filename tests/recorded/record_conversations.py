"""Records how Rasa's engine answers random conversations with the bots in `../shared/bots`.

Each bot is trained with its rules and its memory alone, so that nothing depends on chance. Run it
with a Python that has Rasa 3.6 (`python tests/recorded/record_conversations.py`); it writes
`conversations.json` beside itself, which `tests/assistant/test_parity.py` compares with Frame.
"""

import asyncio
import json
import logging
import random
import tempfile
import warnings
from pathlib import Path

from rasa.core.actions import action as actions
from rasa.core.agent import Agent
from rasa.core.channels import CollectingOutputChannel, UserMessage
from rasa.model_training import train_core
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from ruamel.yaml import YAML

BOTS = {
    "concertbot": "MemoizationPolicy",
    "financial-demo": "AugmentedMemoizationPolicy",
    "formbot": "MemoizationPolicy",
    "knowledgebasebot": "MemoizationPolicy",
    "moodbot": "MemoizationPolicy",
    "reminderbot": "MemoizationPolicy",
    "responseselectorbot": "MemoizationPolicy",
    "rules": "MemoizationPolicy",
}
CONVERSATIONS = 15
SHARED = Path(__file__).parents[2].parent / "shared" / "bots"
SURPRISES = ["restart", "back", "nlu_fallback", "out_of_scope"]


def read(bot):
    """Give intents, entities and the user's side of all stories and rules of a bot."""
    intents, entities, stories = [], [], []
    for path in sorted((SHARED / bot).rglob("*.yml")):
        content = YAML(typ="safe").load(path)
        if not isinstance(content, dict):
            continue
        intents += [
            item if isinstance(item, str) else next(iter(item))
            for item in content.get("intents") or []
        ]
        entities += [
            item if isinstance(item, str) else next(iter(item))
            for item in content.get("entities") or []
        ]
        for story in [*(content.get("stories") or []), *(content.get("rules") or [])]:
            steps = [step["or"][0] if "or" in step else step for step in story.get("steps") or []]
            stories.append([message(step) for step in steps if "intent" in step])
    return intents, entities, [story for story in stories if story]


def names_in(listed):
    return [item if isinstance(item, str) else next(iter(item)) for item in listed or []]


def message(step):
    found = [entity for entity in step.get("entities") or [] if isinstance(entity, dict)]
    return step["intent"].split("/")[0], [entity_of(entity) for entity in found]


def entity_of(written):
    parts = {key: written[key] for key in ("role", "group") if key in written}
    name = next(key for key in written if key not in ("role", "group", "value"))
    return {"entity": name, "value": written[name], "start": 0, "end": 1, **parts}


def random_conversation(chance, intents, entities, stories):
    turns = []
    while len(turns) < chance.randint(3, 9):
        if chance.random() < 0.7:
            turns += chance.choice(stories)
            continue
        found = chance.sample(entities, chance.choice([0, 1])) if entities else []
        values = [{"entity": name, "value": "x", "start": 0, "end": 1} for name in found]
        turns.append((chance.choice(intents + SURPRISES), values))
    if chance.random() < 0.5:
        turns.insert(chance.randrange(len(turns)), (chance.choice(intents), []))
    return turns[:12]


async def stand_in(self, output_channel, nlg, tracker, domain):
    """Stands for the action server: validation keeps what it gets, all else does nothing."""
    found = []
    if self.name().startswith("validate_"):
        for event in reversed(tracker.events):
            if not isinstance(event, SlotSet):
                break
            found.insert(0, SlotSet(event.key, event.value))
    return found


def in_short(event):
    names = {
        ActionExecuted: lambda e: e.action_name or e.action_text,
        ActionExecutionRejected: lambda e: f"{e.action_name} declines",
        ActiveLoop: lambda e: f"loop {e.name}",
        BotUttered: lambda e: "says",
        LoopInterrupted: lambda e: f"interrupted {e.is_interrupted}",
        SlotSet: lambda e: f"{e.key}={e.value!r}",
        UserUttered: lambda e: "hears",
    }
    shown = names.get(type(event))
    return shown(event) if shown else None


async def play(agent, name, turns):
    answered = []
    for intent, entities in turns:
        store = agent.tracker_store
        before = await store.get_or_create_tracker(name, append_action_listen=False)
        known = len(before.events)  # of the latest session, which is all that the engine loads
        scores = [{"name": intent, "confidence": 1.0}, {"name": "greet", "confidence": 0.1}]
        parsed = {
            "text": "words",
            "intent": scores[0],
            "entities": entities,
            "intent_ranking": scores,
        }
        channel = CollectingOutputChannel()
        heard = UserMessage("words", channel, sender_id=name, parse_data=parsed)
        await agent.processor.handle_message(heard)
        after = await store.retrieve_full_tracker(name)
        shown = [in_short(event) for event in list(after.events)[known:]]
        answered.append([item for item in shown if item])
    return answered


async def record(bot, memory):
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        config.write_text(
            "recipe: default.v1\nassistant_id: test\nlanguage: en\npipeline: []\n"
            f"policies: [{{name: {memory}}}, {{name: RulePolicy}}]\n"
        )
        model = await asyncio.get_running_loop().run_in_executor(
            None,
            lambda: train_core(
                domain=str(SHARED / bot / "domain.yml"),
                config=str(config),
                stories=str(SHARED / bot / "data"),
                output=folder,
                fixed_model_name="model",
            ),
        )
        agent = Agent.load(model)
    known = read(bot)
    conversations = []
    for number in range(CONVERSATIONS):
        turns = random_conversation(random.Random(f"{bot}/{number}"), *known)
        conversations.append({"turns": turns, "done": await play(agent, str(number), turns)})
    return conversations


async def main():
    recorded = {bot: await record(bot, memory) for bot, memory in BOTS.items()}
    lines = [
        f"{json.dumps(bot)}: [\n"
        + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
        + "\n]"
        for bot, items in recorded.items()
    ]
    place = Path(__file__).with_name("conversations.json")
    place.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    actions.RemoteAction.run = stand_in
    asyncio.run(main())
