"""Records how Rasa's engine answers random conversations with bots.

Each bot is trained with its rules and its memory alone, so that nothing depends on chance. Run it
with a Python that has Rasa 3.6 (`python tests/parity/record_conversations.py`); it writes two files
beside itself, which `test_conversations.py` compares with Frame. For `surprises.json` there is the
UnexpecTED policy, too: what it would have learned is replaced by a lot, all else is its own.
"""

import asyncio
import json
import logging
import tempfile
import warnings
from functools import wraps
from pathlib import Path

from random_talk import conversations, digest, folder_of, is_surprise
from rasa.core.actions import action as actions
from rasa.core.agent import Agent
from rasa.core.channels import CollectingOutputChannel, UserMessage
from rasa.core.policies.unexpected_intent_policy import UnexpecTEDIntentPolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
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
OWN_BOTS = {"surprised": "AugmentedMemoizationPolicy"}


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


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITH_END_TO_END_SUPPORT, is_trainable=True
)
class Lot(UnexpecTEDIntentPolicy):
    """Finds messages unexpected by lot, and learns nothing."""

    turn = 0

    @wraps(UnexpecTEDIntentPolicy.train)
    def train(self, *args, **kwargs):
        return self._resource

    @classmethod
    @wraps(UnexpecTEDIntentPolicy.load.__func__)
    def load(cls, config, model_storage, resource, execution_context, **kwargs):
        return cls(config, model_storage, resource, execution_context)

    @wraps(UnexpecTEDIntentPolicy.predict_action_probabilities)
    def predict_action_probabilities(self, tracker, domain, *args, **kwargs):
        scores = self._default_predictions(domain)
        if not self._should_skip_prediction(tracker, domain):
            intent = tracker.latest_message.intent_name
            number = domain.index_for_action("action_unlikely_intent")
            scores[number] = float(is_surprise(Lot.turn, intent))
        return self._prediction(scores)


async def play(agent, name, turns):
    answered = []
    for Lot.turn, (intent, entities) in enumerate(turns):
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


async def record(bot, policies):
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        config.write_text(
            "recipe: default.v1\nassistant_id: test\nlanguage: en\npipeline: []\n"
            f"policies: [{', '.join(f'{{name: {policy}}}' for policy in policies)}]\n"
        )
        model = await asyncio.get_running_loop().run_in_executor(
            None,
            lambda: train_core(
                domain=str(folder_of(bot) / "domain.yml"),
                config=str(config),
                stories=str(folder_of(bot) / "data"),
                output=folder,
                fixed_model_name="model",
            ),
        )
        agent = Agent.load(model)
    played = [await play(agent, str(n), turns) for n, turns in enumerate(conversations(bot))]
    return [" ".join(map(digest, turns)) for turns in played]


async def main():
    await write("conversations.json", BOTS, ())
    await write("surprises.json", BOTS | OWN_BOTS, [Lot.__name__])


async def write(name, bots, others):
    recorded = {
        bot: await record(bot, [*others, memory, "RulePolicy"]) for bot, memory in bots.items()
    }
    Path(__file__).with_name(name).write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    actions.RemoteAction.run = stand_in
    asyncio.run(main())
