"""Records how Rasa reads files that are easily got wrong, as `file_cases.py` writes them.

What it fills in where a configuration says nothing, which stories and examples it learns from
files whose names begin with `test_`, and which channels it opens for some `credentials.yml`. Run it
with a Python that has Rasa 3.6 (`python tests/parity/record_files.py`); it writes `files.json`
beside itself, which `test_files.py` compares with Frame.
"""

import json
import tempfile
import warnings
from pathlib import Path

from file_cases import CONFIGS, CREDENTIALS, DOMAIN, LAYOUTS
from rasa.core.run import create_http_input_channels
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.io import read_model_configuration
from record_rasa import digest


def filled_in(text, folder):
    """Give the keys that are filled in, and the configuration that they are filled to."""
    file = folder / "config.yml"
    file.write_text(text)
    config, _, filled = DefaultV1Recipe.auto_configure(str(file), read_model_configuration(file))
    return {"filled": sorted(filled), **{key: config[key] for key in ("pipeline", "policies")}}


def learned(files, folder):
    """Give digests of the dialogues that are learned, and the texts of the examples."""
    for name, text in {"domain.yml": DOMAIN, "config.yml": CONFIGS["null"], **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    importer = TrainingDataImporter.load_from_config(
        str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")]
    )
    generator = TrainingDataGenerator(
        importer.get_stories(), importer.get_domain(), augmentation_factor=0
    )
    examples = importer.get_nlu_data().intent_examples
    return {
        "dialogues": sorted(digest(tracker.events) for tracker in generator.generate()),
        "examples": sorted(item.get("text") for item in examples if item.get("text")),
    }


def channels(text, folder):
    """Give the names of the channels that are opened."""
    file = folder / "credentials.yml"
    file.write_text(text)
    return sorted(channel.name() for channel in create_http_input_channels(None, str(file)))


def record(cases, answer):
    found = {}
    for name, case in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = answer(case, Path(folder))
    return found


def main():
    recorded = {
        "configs": record(CONFIGS, filled_in),
        "layouts": record(LAYOUTS, learned),
        "credentials": record(CREDENTIALS, channels),
    }
    Path(__file__).with_name("files.json").write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
