import logging
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from framework.nlu.entities.spacy import STAND_INS, SpacyEntities
from framework.nlu.types import Understanding

HAS_PIPELINE = find_spec("spacy") is not None and any(
    find_spec(name) for name in ("en_core_web_md", *STAND_INS["en_core_web_md"])
)


@pytest.mark.parametrize("dimensions", [None, ["PERSON"]])
def test_without_a_pipeline_training_and_messages_go_on_with_a_warning(
    dimensions, trained, understand, caplog
):
    settings = {"model": "xx_missing_model", "dimensions": dimensions}
    component = trained(SpacyEntities(**settings), SpacyEntities(**settings))
    assert "'xx_missing_model' is not installed" in caplog.text
    assert "PERSON" in caplog.text or dimensions is None
    caplog.clear()
    for _ in range(2):
        assert understand(component, "Ada Lovelace lives in London").entities == ()
    assert len([r for r in caplog.records if r.levelno == logging.WARNING]) == 1


def test_preparing_the_component_imports_no_spacy():
    code = (
        "import sys; from framework.nlu.entities.spacy import SpacyEntities;"
        "SpacyEntities().load({'language.json': b'{\"language\": \"en\"}'});"
        "sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SPACY_THAT_LOOKS_FOR_TORCH = """
from types import SimpleNamespace
try:
    import torch
    found = "torch"
except ImportError:
    found = "numpy"

def load(folder, exclude):
    span = SimpleNamespace(label_=found, text="Ada", start_char=0, end_char=3)
    document = SimpleNamespace(ents=[span])
    return SimpleNamespace(max_length=100, pipe=lambda texts: [document for _ in texts])
"""


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ('[components.ner]\nfactory = "ner"\n', "numpy"),
        ('[components.transformer]\nfactory = "curated_transformer"\n', "torch"),
    ],
)
def test_a_pipeline_is_loaded_without_torch_unless_it_computes_with_it(tmp_path, config, found):
    for name, text in {
        "spacy.py": SPACY_THAT_LOOKS_FOR_TORCH,
        "torch.py": "",
        "pipeline/config.cfg": config,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    code = (
        "import sys; from framework.nlu.entities.spacy import SpacyEntities;"
        "from framework.nlu.types import Understanding;"
        f"component = SpacyEntities(model={str(tmp_path / 'pipeline')!r});"
        "component.load({'language.json': b'{\"language\": \"en\"}'});"
        "print(component.process(Understanding(text='Ada')).entities[0].entity);"
        "import torch"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [found]


@pytest.mark.skipif(not HAS_PIPELINE, reason="no spaCy pipeline is installed")
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [(["PERSON"], {"PERSON"}), (None, {"PERSON", "GPE"})],
)
def test_an_installed_pipeline_finds_names(dimensions, expected, trained):
    settings = {"model": "en_core_web_md", "dimensions": dimensions}
    component = trained(SpacyEntities(**settings), SpacyEntities(**settings))
    text = "Barack Obama lives in London."
    entities = component.process(Understanding(text=text)).entities
    assert {item.entity for item in entities} == expected
    assert all(item.value == text[item.start : item.end] for item in entities)


@pytest.mark.skipif(not HAS_PIPELINE, reason="no spaCy pipeline is installed")
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("text", ["", " ", "\x00\ud7ff😀", "a" * 5000])
def test_an_installed_pipeline_takes_any_text(text, trained):
    component = trained(SpacyEntities(), SpacyEntities())
    assert component.process(Understanding(text=text)).text == text
