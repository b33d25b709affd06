"""Record what Rasa 3.6's UnexpecTEDIntentPolicy finds unexpected in a bot's conversations.

Run it with an interpreter that has `rasa==3.6.21` (Python 3.10), once per bot:

    RASA_TELEMETRY_ENABLED=false python tests/parity/record_unexpected.py BOT_FOLDER OUT.json SEED

The policy learns with the settings of Rasa's default configuration; what it makes of a message
depends on the seed, so each seed adds to the file. At every user message of the training stories it
is asked about the intent that stands there, and about other intents of the stories in its place: at
how many of the tolerances 0, 0.05, … 0.95 that intent is unlikely. The recording holds names of
intents, digests and those numbers.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.policies.unexpected_intent_policy import UnexpecTEDIntentPolicy
from rasa.shared.core.events import DefinePrevUserUtteredFeaturization, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from record_rasa import digest, make

SETTINGS = {"max_history": 5, "epochs": 100}
TOLERANCES = [number / 20 for number in range(20)]
MOST_OTHERS = 60


def turns(trackers):
    """Give the events before each user message, and the message, each different turn once."""
    found = {}
    for tracker in trackers:
        events = list(tracker.events)
        for place, event in enumerate(events):
            if isinstance(event, UserUttered) and event.intent_name:
                key = (digest(events[:place]), event.intent_name)
                found.setdefault(key, (events[:place], event))
    return found


def others(found):
    """Give turns in which another intent of the stories stands, always the same ones."""
    intents = sorted({intent for _, intent in found})
    pairs = {
        (before, other): found[before, intent][0]
        for before, intent in found
        for other in intents
        if (before, other) not in found
    }
    order = sorted(pairs, key=lambda pair: hashlib.sha256("".join(pair).encode()).hexdigest())
    return {
        (before, intent): (pairs[before, intent], message_of(intent))
        for before, intent in order[:MOST_OTHERS]
    }


def message_of(intent):
    return UserUttered(intent, {"name": intent, "confidence": 1.0})


def times_unlikely(policy, domain, rule_only, before, message):
    """Say at how many tolerances the intent of a message is unlikely."""
    tracker = DialogueStateTracker("turn", domain.slots)
    for event in (*before, message, DefinePrevUserUtteredFeaturization(False)):
        tracker.update(event)
    seen = policy._featurize_for_prediction(tracker, domain, None, rule_only_data=rule_only)
    output = policy.model.run_inference(policy._create_model_data(seen))
    scores = output["similarities"][:, -1, :]
    number = 0
    for tolerance in TOLERANCES:
        policy.label_thresholds = policy._pick_thresholds(policy.label_quantiles, tolerance)
        number += policy._check_unlikely_intent(domain, scores, message.intent_name)
    return number


def record(bot, folder, seed):
    """Give for each kind of turn: digest, intent and number of tolerances."""
    importer = TrainingDataImporter.load_from_config(
        str(bot / "config.yml"), str(bot / "domain.yml"), [str(bot / "data")]
    )
    domain = importer.get_domain()
    generator = TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=0)
    trackers = generator.generate()
    rules = make(RulePolicy, domain, trackers, folder / "rules")
    stories = [tracker for tracker in trackers if not tracker.is_rule_tracker]
    settings = {**SETTINGS, "random_seed": seed}
    policy = make(UnexpecTEDIntentPolicy, domain, stories, folder / "unexpected", **settings)
    hidden = rules._get_rule_only_data()
    asked = {"own": turns(stories), "others": others(turns(stories))}
    return {
        kind: [
            [*key, times_unlikely(policy, domain, hidden, *turn)]
            for key, turn in sorted(of_kind.items())
        ]
        for kind, of_kind in asked.items()
    }


def main(bot, out, seed):
    with tempfile.TemporaryDirectory() as folder:
        found = record(Path(bot), Path(folder), int(seed))
    place = Path(out)
    known = json.loads(place.read_text()) if place.is_file() else {}
    known = {"max_history": SETTINGS["max_history"], **known, f"seed {seed}": found}
    place.write_text(json.dumps(known, separators=(",", ":")) + "\n")
    unlikely = {kind: sum(number > 0 for *_, number in found[kind]) for kind in found}
    print(Path(bot).name, seed, unlikely, "of", {kind: len(found[kind]) for kind in found})


if __name__ == "__main__":
    main(*sys.argv[1:])
