"""Random conversations with the bots here and in `../shared/bots`, equal wherever they are made.

`record_conversations.py` plays them with Rasa and `test_conversations.py` with Frame, so this
module needs neither. Recordings hold a digest of each turn, and nothing of the bots.
"""

import hashlib
import json
import random
from pathlib import Path

from ruamel.yaml import YAML

CONVERSATIONS = 15
OWN_BOTS = Path(__file__).parent / "bots"
SHARED_BOTS = Path(__file__).parents[2].parent / "shared" / "bots"
SURPRISES = ["restart", "back", "nlu_fallback", "out_of_scope"]


def folder_of(bot):
    """Give the folder of a bot, one of those written for these tests first."""
    own = OWN_BOTS / bot
    return own if own.is_dir() else SHARED_BOTS / bot


def read(bot):
    """Give intents, entities and the user's side of all stories and rules of a bot."""
    intents, entities, stories = [], [], []
    for path in sorted(folder_of(bot).rglob("*.yml")):
        content = YAML(typ="safe").load(path)
        if not isinstance(content, dict):
            continue
        intents += names_in(content.get("intents"))
        entities += names_in(content.get("entities"))
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


def conversations(bot):
    """Give all conversations with a bot: turns of an intent and entities."""
    known = read(bot)
    numbers = range(CONVERSATIONS)
    return [random_conversation(random.Random(f"{bot}/{number}"), *known) for number in numbers]


def is_surprise(number, intent):
    """Say whether a message counts as unexpected where that is drawn by lot, for three in eight."""
    return hashlib.sha256(f"{number}/{intent}".encode()).digest()[0] % 8 < 3


def digest(turn):
    """Give a short text that stands for what happened in a turn."""
    return hashlib.sha256(json.dumps(turn).encode()).hexdigest()[:12]


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
