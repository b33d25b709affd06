from __future__ import annotations

import numpy as np
import pytest

import framework
from framework.actions.recommending.catalogue import Catalogue
from framework.assistant import bundle
from framework.errors import ProjectError
from tests.training.project import CONFIG, DOMAIN, RULES, write

BREADS = "id,price,about\nBaguette,2,crisp and light\nRye,4,dark\n"
SECTION = "recommend:\n  catalogue: breads.csv\n  texts: [about]\n"
SAID = DOMAIN + '  utter_recommend:\n    - text: "{id} for {price}"\n'


def project(tmp_path, *, breads=BREADS):
    rules = RULES + (
        "  - rule: recommend\n    steps:\n      - intent: greet\n      - action: action_recommend\n"
    )
    write(tmp_path, config=CONFIG + SECTION, domain=SAID, data_rules=rules, data_stories="")
    (tmp_path / "breads.csv").write_text(breads)
    return framework.load_project(tmp_path)


def test_a_trained_bot_carries_its_catalogue(tmp_path):
    report = framework.train(project(tmp_path), output=tmp_path / "models")
    (tmp_path / "breads.csv").unlink()
    bot = framework.Assistant.load(report.bundle)
    assert [reply.text for reply in bot.handle("hello")] == ["Baguette for 2"]
    assert [reply.text for reply in bot.handle("hello")] == ["Rye for 4"]


def test_a_changed_catalogue_trains_nothing_and_is_there(tmp_path):
    framework.train(project(tmp_path), output=tmp_path / "models")
    dearer = project(tmp_path, breads=BREADS.replace(",2,", ",3,"))
    report = framework.train(dearer, output=tmp_path / "models")
    bot = framework.Assistant.load(report.bundle)
    assert [reply.text for reply in bot.handle("hello")] == ["Baguette for 3"]


def test_without_an_encoder_there_are_no_vectors(tmp_path):
    report = framework.train(project(tmp_path), output=tmp_path / "models")
    read = bundle.read(report.bundle)
    assert read.manifest.catalogue is not None
    known = Catalogue.load(read.files(read.manifest.catalogue))
    assert known.vectors.shape == (2, 0)
    assert known.vectors.dtype == np.float32


def test_a_catalogue_with_faults_stops_the_training_before_anything_is_learned(tmp_path):
    with pytest.raises(ProjectError) as raised:
        project(tmp_path, breads=BREADS + "Rye,5,again\n")
    errors = [one.id for one in raised.value.problems() if one.severity == "error"]
    assert errors == ["duplicate-item"]
