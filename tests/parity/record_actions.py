"""Records what Rasa's own actions do in random conversations: slots, forms, fallbacks.

Run it with a Python that has Rasa 3.6 (`python tests/parity/record_actions.py`); it writes
`actions.json` beside itself, which `test_actions.py` compares with Frame.
"""

import asyncio
import copy
import json
import logging
import random
import warnings
from pathlib import Path

from rasa.core.actions import action as actions
from rasa.core.channels import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

CASES = 80
INTENTS = ["i1", "i2", "i3"]
SPECIAL = ["nlu_fallback", "out_of_scope"]
ENTITIES = ["e1", "e2"]
ROLES = [None, None, "r1", "r2"]
GROUPS = [None, None, None, "g1"]
FORMS = ["f1", "f2"]
RUN = [
    "action_extract_slots",
    "f1",
    "f2",
    "action_session_start",
    "action_two_stage_fallback",
    "action_default_fallback",
    "action_deactivate_loop",
    "action_default_ask_affirmation",
]


def random_mapping(chance, slots):
    kinds = ["from_entity"] * 4 + ["from_intent", "from_trigger_intent", "from_text", "custom"]
    mapping = {"type": chance.choice(kinds)}
    if mapping["type"] == "from_entity":
        mapping["entity"] = chance.choice(ENTITIES)
        parts = {"role": chance.choice(ROLES), "group": chance.choice(GROUPS)}
        mapping.update({key: value for key, value in parts.items() if value})
    if mapping["type"] in ("from_intent", "from_trigger_intent"):
        mapping["value"] = chance.choice(["v", True, False, 3])
    if chance.random() < 0.35:
        mapping["intent"] = chance.sample(INTENTS, chance.choice([1, 2]))
    if chance.random() < 0.2:
        mapping["not_intent"] = chance.choice(INTENTS)
    if mapping["type"] == "custom" and chance.random() < 0.6:
        mapping["action"] = chance.choice(["action_c1", "action_c2"])
    if chance.random() < 0.4:
        mapping["conditions"] = []
        for _ in range(chance.choice([1, 1, 2])):
            condition = {"active_loop": chance.choice([*FORMS, None])}
            if condition["active_loop"] and chance.random() < 0.6:
                condition["requested_slot"] = chance.choice(slots)
            mapping["conditions"].append(condition)
    return mapping


def random_domain(chance):
    slots = [f"s{number}" for number in range(1, chance.randint(2, 5) + 1)]
    domain = {
        "version": "3.1",
        "intents": INTENTS,
        "entities": [{"e1": {"roles": ["r1", "r2"], "groups": ["g1"]}}, "e2"],
        "slots": {},
        "forms": {},
        "responses": {f"utter_ask_{s}": f"ask {s}" for s in slots if chance.random() < 0.7},
        "actions": ["action_c1", "action_c2"],
    }
    for slot in slots:
        domain["slots"][slot] = {
            "type": chance.choice(["any", "any", "list"]),
            "influence_conversation": False,
            "mappings": [random_mapping(chance, slots) for _ in range(chance.choice([1, 1, 2, 3]))],
        }
    for form in FORMS:
        needed = chance.sample(slots, chance.randint(1, len(slots)))
        domain["forms"][form] = {"required_slots": needed}
        if chance.random() < 0.4:
            domain["forms"][form]["ignored_intents"] = chance.sample(INTENTS, chance.choice([1, 2]))
        if chance.random() < 0.5:
            domain["actions"].append(f"validate_{form}")
        for slot in slots:
            if chance.random() < 0.3:
                domain["responses"][f"utter_ask_{form}_{slot}"] = f"{form} {slot} {{{slot}}}"
            if chance.random() < 0.2:
                domain["actions"].append(f"action_ask_{form}_{slot}")
    if chance.random() < 0.3:
        domain["actions"].append("action_validate_slot_mappings")
    if chance.random() < 0.5:
        domain["responses"]["utter_default"] = "default"
    domain["responses"] = {name: [{"text": t}] for name, t in domain["responses"].items()}
    return domain


def random_message(chance):
    entities = []
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        entity = {"entity": chance.choice(ENTITIES), "start": 0, "end": 1}
        entity["value"] = chance.choice(["x", "y", "bad", None, 5])
        parts = {"role": chance.choice(ROLES), "group": chance.choice(GROUPS)}
        entities.append({**entity, **{key: value for key, value in parts.items() if value}})
    intent = {"name": chance.choice(INTENTS + SPECIAL), "confidence": 0.9}
    text = chance.choice(["hello", "bad", "text"])
    ranking = [intent, {"name": "i2", "confidence": 0.1}]
    parsed = {"text": text, "intent": intent, "entities": entities, "intent_ranking": ranking}
    return {"event": "user", "text": text, "parse_data": parsed, "metadata": {}}


LISTEN = {"event": "action", "name": "action_listen"}


def random_step(chance, domain):
    slots = list(domain["slots"])
    kind = chance.choice(["user"] * 5 + ["slot"] * 4 + ["form"] * 4 + ["other"] * 5)
    if kind == "user":
        return [random_message(chance)]
    if kind == "slot":
        value = chance.choice(["x", "bad", None])
        return [{"event": "slot", "name": chance.choice(slots), "value": value}]
    if kind == "form":
        return random_loop(chance, domain)
    others = [
        {"event": "action_execution_rejected", "name": chance.choice(FORMS)},
        {"event": "loop_interrupted", "is_interrupted": chance.random() < 0.7},
        LISTEN,
        {"event": "action", "name": "utter_x"},
        {"event": chance.choice(["rewind", "undo", "reset_slots"])},
    ]
    return [chance.choice(others)]


def random_loop(chance, domain):
    form = chance.choice([*FORMS, None])
    events = [{"event": "action", "name": form}] if form else []
    events.append({"event": "active_loop", "name": form})
    if form and chance.random() < 0.9:
        asked = chance.choice(domain["forms"][form]["required_slots"])
        events.append({"event": "slot", "name": "requested_slot", "value": asked})
    return [*events, LISTEN] if chance.random() < 0.8 else events


def random_events(chance, domain):
    events = [LISTEN, random_message(chance)]
    for _ in range(chance.randint(1, 9)):
        events += random_step(chance, domain)
    if chance.random() < 0.8:
        events.append(random_message(chance))
    events += [
        {"event": "slot", "name": slot, "value": chance.choice(["x", "bad"])}
        for slot in domain["slots"]
        if chance.random() < 0.3
    ]
    return [{**event, "timestamp": float(at)} for at, event in enumerate(events, start=1)]


async def stand_in(self, output_channel, nlg, tracker, domain):
    """Does in place of an action server what the test's stand-in does in Frame."""
    name = self.name()
    if name == "action_c1":
        return [SlotSet("s1", "c1")]
    if name == "action_c2":
        return [SlotSet("s2", None), FollowupAction("x")]
    if name.startswith("action_ask"):
        return [BotUttered(name)]
    return validate(name, candidates(tracker))


def candidates(tracker):
    found = []
    for event in reversed(tracker.events):
        if not isinstance(event, SlotSet):
            break
        found.append(event)
    return {event.key: event.value for event in reversed(found)}


def validate(name, found):
    events = [
        SlotSet(slot, None if value in ("bad", ["bad"]) else value)
        for slot, value in found.items()
        if not (slot == "s3" and value == "x")
    ]
    if name == "validate_f2" and "s2" in found:
        events.append(SlotSet("requested_slot", "s1" if found["s2"] == "x" else None))
    if name == "validate_f1" and found.get("s1") == "bad":
        events.append(ActionExecutionRejected("f1"))
    if name == "validate_f1" and found.get("s2") == "y":
        events.append(ActiveLoop(None))
    return events


def in_short(event):
    if isinstance(event, SlotSet):
        return ["slot", event.key, event.value]
    if isinstance(event, BotUttered):
        return ["bot", event.text]
    if isinstance(event, ActiveLoop):
        return ["loop", event.name]
    if isinstance(event, ActionExecuted):
        return ["action", event.action_name]
    if isinstance(event, UserUttered):
        return ["user", event.text]
    return [event.type_name]


def run(name, domain, tracker):
    action = actions.action_for_name_or_text(name, domain, None)
    channel, nlg = CollectingOutputChannel(), TemplatedNaturalLanguageGenerator(domain.responses)
    try:
        events = asyncio.run(action.run(channel, nlg, tracker, domain))
    except actions.ActionExecutionRejection:
        return "rejected"
    return [in_short(event) for event in events]


def record(seed):
    chance = random.Random(seed)
    raw = random_domain(chance)
    events = random_events(chance, raw)
    domain = Domain.from_dict(copy.deepcopy(raw))

    def tracker():
        read = [Event.from_parameters(copy.deepcopy(event)) for event in events]
        return DialogueStateTracker.from_events("test", read, slots=domain.slots)

    done = {name: run(name, domain, tracker()) for name in RUN if tracker().latest_message.text}
    return {"domain": raw, "events": events, "done": done}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    actions.RemoteAction.run = stand_in
    cases = [record(seed) for seed in range(CASES)]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    Path(__file__).with_name("actions.json").write_text(f"[\n{lines}\n]\n")
