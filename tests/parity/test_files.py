"""Files that are easily misread are read as in Rasa, as `tests/parity/record_files.py` recorded."""

import json
from pathlib import Path

import pytest

from framework.conversation.stories import story_events
from framework.data.unfold import dialogues
from framework.data.utterances import utterances
from framework.project.load import load_project
from tests.parity.file_cases import CONFIGS, CREDENTIALS, DOMAIN, LAYOUTS
from tests.parity.playing import digest

ANY = LAYOUTS["examples"]
RECORDED = json.loads(Path(__file__).with_name("files.json").read_text())


def written(folder, files):
    for name, text in {"domain.yml": DOMAIN, "config.yml": CONFIGS["null"], **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return load_project(folder)


@pytest.mark.parametrize("case", CONFIGS)
def test_what_a_configuration_leaves_open_is_filled_in_as_in_rasa(tmp_path, case):
    recorded = RECORDED["configs"][case]
    explicit = json.dumps({"language": "en"} | {k: recorded[k] for k in ("pipeline", "policies")})
    own = written(tmp_path / "own", {**ANY, "config.yml": CONFIGS[case]}).config
    spelled_out = written(tmp_path / "rasa", {**ANY, "config.yml": explicit}).config

    assert parts(own.pipeline) == parts(spelled_out.pipeline)
    assert parts(own.policies) == parts(spelled_out.policies)
    assert (tmp_path / "own" / "config.yml").read_text() == CONFIGS[case]


def parts(listed):
    """Give name and settings; those that say what holds anyway are left out."""
    usual = {"bert_tagger": {"intents": True, "entities": True}}
    return [(p.name, {**usual.get(p.name, {}), **p.settings}) for p in listed]


@pytest.mark.parametrize("case", LAYOUTS)
def test_files_named_as_tests_are_learned_from_where_rasa_does(tmp_path, case):
    project = written(tmp_path, LAYOUTS[case])
    found = {
        "dialogues": sorted(digest(story_events(d, project.domain)) for d in dialogues(project)),
        "examples": sorted(utterance.text for utterance in utterances(project)),
    }
    assert found == RECORDED["layouts"][case]


@pytest.mark.parametrize("case", CREDENTIALS)
def test_credentials_name_the_channels_that_rasa_opens(tmp_path, case):
    project = written(tmp_path, {**ANY, "credentials.yml": CREDENTIALS[case]})
    assert sorted(project.credentials.channels) == RECORDED["credentials"][case]
    assert "credentials.yml" not in {p.where.file for p in project.problems if p.where}
