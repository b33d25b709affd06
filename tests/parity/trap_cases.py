"""Random cases for what is easily missed of Rasa, equal wherever they are made.

`record_traps.py` puts them to Rasa and `test_traps.py` to Frame, so this module needs neither.
"""

import random

INTENTS = ["greet", "bye", "ask_price"]
ENTITIES = ["city", "size"]
ACTIONS = ["utter_a", "utter_b", "utter_c"]
SLOTS = {
    "note": {"type": "text"},
    "sure": {"type": "bool"},
    "people": {"type": "float", "min_value": 0.0, "max_value": 10.0},
    "size": {"type": "categorical", "values": ["small", "Large", True, 3]},
    "tags": {"type": "list"},
}
VALUES = [
    *(None, "", "x", "small", "LARGE", "large", "true", "True", "False", "1", "3", "0", "5.5"),
    *(True, False, 0, 1, 3, 3.0, -2, 5, 5.5, 12, [], ["x"], [None], {}, {"k": "v"}),
]
FILLINGS = {"a": "Rome", "b": None, "c d": 3, "e": "{a}", "f": ["x"]}
PIECES = [
    *("{a}", "{b}", "{c d}", "{e}", "{f}", "{gone}", "{{", "}}", "{ a }", "{a}\n{b}"),
    *("word ", "100 % ", '{"k": "v"}', "ä"),
]
PAYLOADS = [
    *("/greet", "/ greet", "/greet ", "/gone", "/", "//greet", "greet", "/bye@0.4", "/bye@1.5"),
    *("/bye@", "/bye@.", "/bye@0.4.5", "/greet/hi", "/ask_price", " /greet", "/nlu_fallback"),
]
ENTITY_PARTS = [
    *("", "", '{"city": "Rome"}', '{"city": ["Rome", "Oslo"]}', '{"gone": 1, "size": 2}', "{}"),
    *('{"city": null}', '{"city": {"k": 1}}', "{city: Rome}", '["Rome"]', '{"city": "Ro}me"}'),
    *('{"city": "Rome"} {"size": 1}', "{", "}", '{"city": "ä"}', '{"city": [[1, 2]]}'),
]
RESTS = ["", "", "", " please", "\nsecond line", "!"]


def made(kind, count):
    """Make the cases of a kind: the same ones in every run."""
    chance = random.Random(kind)
    return [MAKERS[kind](chance) for _ in range(count)]


def features(chance):
    return {"slot": chance.choice(sorted(SLOTS)), "value": chance.choice(VALUES)}


def fallback(chance):
    scores = [round(chance.random(), chance.choice([1, 2, 3])) for _ in INTENTS]
    ranking = sorted(zip(scores, INTENTS, strict=True), reverse=True)[: chance.randint(1, 3)]
    return {
        "ranking": [[name, score] for score, name in ranking],
        "threshold": chance.choice([0.0, 0.3, 0.5, 0.7, 1.0]),
        "ambiguity": chance.choice([0.0, 0.1, 0.25]),
    }


def ensemble(chance):
    predictions = [
        {
            "scores": [chance.choice([0.0, 0.2, 0.3, 0.3, 0.9, 1.0]) for _ in ACTIONS],
            "priority": chance.choice([1, 2, 3, 3, 6]),
            "is_no_user": chance.random() < 0.1,
            "is_end_to_end": chance.random() < 0.15,
        }
        for _ in range(chance.randint(1, 4))
    ]
    declined = chance.choice([None, None, *ACTIONS])
    return {"predictions": predictions, "declined": declined, "answers": chance.random() < 0.5}


def variations(chance):
    found = []
    for number in range(chance.randint(1, 6)):
        item = {"text": str(number)}
        if chance.random() < 0.4:
            item["channel"] = chance.choice(["slack", "rest"])
        if chance.random() < 0.5:
            names = chance.sample(["note", "sure", "people"], chance.randint(1, 2))
            item["condition"] = [
                {"type": "slot", "name": name, "value": chance.choice(["x", "X", True, 3, None])}
                for name in names
            ]
        found.append(item)
    slots = {n: chance.choice([None, "x", True, 3, 3.0]) for n in ("note", "sure", "people")}
    return {"variations": found, "slots": slots, "channel": chance.choice(["slack", "rest", "cmd"])}


def filling(chance):
    names = chance.sample(sorted(FILLINGS), chance.randint(1, len(FILLINGS)))
    text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 4)))
    return {"text": text, "values": {name: FILLINGS[name] for name in names}}


def payload(chance):
    return chance.choice(PAYLOADS) + chance.choice(ENTITY_PARTS) + chance.choice(RESTS)


def unlikely(chance):
    """A message whose intent scores as drawn, and the scores that it had while learning.

    `own` are scores of the situations in which a story has the intent. No two intents score alike
    now: their order in the domain would decide then.
    """
    scores = chance.sample(range(100), len(INTENTS))
    return {
        "intent": chance.choice([*INTENTS, "nlu_fallback"]),
        "scores": [score / 100 for score in scores],
        "own": [chance.randrange(30, 100) / 100 for _ in range(chance.randint(1, 4))],
        "others": [chance.randrange(70) / 100 for _ in range(chance.choice([0, 1, 5, 30]))],
        "tolerance": chance.choice([0.0, 0.03, 0.05, 0.1, 0.29, 0.5, 0.95, 0.99, 1.0]),
        "ignored": chance.sample(INTENTS, chance.choice([0, 0, 1])),
        "told": chance.sample(INTENTS, chance.choice([2, 3, 3])),
        "after": chance.choice(
            [[], [], [], ["slot"], ["action"], ["slot", "action"], ["unlikely"]]
        ),
    }


def story_test(chance):
    """A test conversation with the bot `BOT`, with an action changed now and then.

    The turn of the story comes first: behind those of rules `rasa test` doesn't remember it.
    """
    turns = [BYE] * chance.choice([0, 0, 1])
    turns += [chance.choice([GREET, BOOK, STRAY]) for _ in range(chance.randint(1, 4))]
    steps = [dict(step) for turn in turns for step in turn]
    for step in steps:
        if "action" in step and chance.random() < 0.12:
            step["action"] = chance.choice(["utter_a", "utter_b", "travel_form", "action_own"])
    return steps


BOT = {
    "domain": {
        "version": "3.1",
        "intents": ["greet", "bye", "book", "inform", "chat"],
        "entities": ["city"],
        "slots": {
            "city": {"type": "text", "mappings": [{"type": "from_entity", "entity": "city"}]}
        },
        "forms": {"travel_form": {"required_slots": ["city"]}},
        "actions": ["action_own"],
        "responses": {
            name: [{"text": name}]
            for name in ("utter_a", "utter_b", "utter_done", "utter_ask_city")
        },
    },
    "rules": [
        {"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_a"}]},
        {"rule": "chat", "steps": [{"intent": "chat"}, {"action": "utter_b"}]},
        {
            "rule": "book",
            "steps": [
                {"intent": "book"},
                {"action": "travel_form"},
                {"active_loop": "travel_form"},
            ],
        },
        {
            "rule": "booked",
            "condition": [{"active_loop": "travel_form"}],
            "steps": [
                {"action": "travel_form"},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
                {"action": "utter_done"},
            ],
        },
    ],
    "stories": [
        {
            "story": "bye",
            "steps": [{"intent": "bye"}, {"action": "utter_b"}, {"action": "action_own"}],
        }
    ],
}
FORM = [{"action": "travel_form"}, {"active_loop": "travel_form"}]
GREET = [{"intent": "greet"}, {"action": "utter_a"}]
BYE = [{"intent": "bye"}, {"action": "utter_b"}, {"action": "action_own"}]
ANSWER = [
    {"intent": "inform", "entities": [{"city": "Rome"}]},
    {"slot_was_set": [{"city": "Rome"}]},
    {"action": "travel_form"},
    {"active_loop": None},
    {"action": "utter_done"},
]
BOOK = [{"intent": "book"}, *FORM, *ANSWER]
STRAY = [
    *({"intent": "book"}, *FORM, {"intent": "chat"}, {"action": "utter_b"}),
    *({"action": "travel_form"}, *ANSWER),
]
MAKERS = {
    "features": features,
    "fallback": fallback,
    "ensemble": ensemble,
    "variations": variations,
    "filling": filling,
    "payload": payload,
    "unlikely": unlikely,
    "story test": story_test,
}
COUNTS = {kind: 300 for kind in MAKERS} | {"story test": 60}
