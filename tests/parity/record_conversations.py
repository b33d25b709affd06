"""Records how Rasa's engine answers random conversations with the bots in `../shared/bots`.

Each bot is trained with its rules and its memory alone, so that nothing depends on chance. Run it
with a Python that has Rasa 3.6 (`python tests/parity/record_conversations.py`); it writes
`conversations.json` beside itself, which `test_conversations.py` compares with Frame.
"""

import asyncio
import json
import logging
import tempfile
import warnings
from pathlib import Path

from random_talk import BOTS_FOLDER, conversations, digest
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
                domain=str(BOTS_FOLDER / bot / "domain.yml"),
                config=str(config),
                stories=str(BOTS_FOLDER / bot / "data"),
                output=folder,
                fixed_model_name="model",
            ),
        )
        agent = Agent.load(model)
    played = [await play(agent, str(n), turns) for n, turns in enumerate(conversations(bot))]
    return [" ".join(map(digest, turns)) for turns in played]


async def main():
    recorded = {bot: await record(bot, memory) for bot, memory in BOTS.items()}
    place = Path(__file__).with_name("conversations.json")
    place.write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    actions.RemoteAction.run = stand_in
    asyncio.run(main())
