import pytest

from framework.project.checks import inspect
from framework.responses.generative.settings import LlmSettings

SERVER = {"url": "http://127.0.0.1:1/v1", "model": "m"}


def test_a_name_alone_is_a_local_model():
    assert LlmSettings.read("smollm2").model == "smollm2"


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        ([], "", "must be a mapping"),
        ("", "", "must be a mapping"),
        ({"url": "http://x/v1"}, "model", "`llm` has no `model`"),
        ({**SERVER, "gguf_file": "q.gguf"}, "gguf_file", "has no meaning beside `url`"),
        ({**SERVER, "threads": 2}, "threads", "has no meaning beside `url`"),
        ({**SERVER, "model": "q.gguf"}, "model", "both a server and a file"),
        ({"model": "x", "retries": 2}, "retries", "needs `url`"),
        ({"model": "x", "cafile": "ca.pem"}, "cafile", "needs `url`"),
        ({"model": "x", "api_key_variable": "K"}, "api_key_variable", "needs `url`"),
        ({**SERVER, "max_cost_per_day": 1}, "max_cost_per_day", "without `prices`"),
        ({**SERVER, "prices": {"input": 1}}, "prices", "`llm.prices` has no `output`"),
        (
            {**SERVER, "prices": {"input": -1, "output": 1}},
            "prices",
            "`input` of `llm.prices` is -1",
        ),
        ({**SERVER, "prices": 3}, "prices", "`prices` of `llm`"),
        ({**SERVER, "prices": {"inptu": 1}}, "prices", "`llm.prices` has no `input`"),
        ({**SERVER, "url": "localhost"}, "url", "is 'localhost': it should be an address"),
        ({**SERVER, "modle": "x"}, "modle", "the key 'modle' is unknown in `llm`"),
        ({**SERVER, "max_tokens": 0}, "max_tokens", "greater than or equal to 1"),
        ({**SERVER, "stop": "x"}, "stop", "tuple"),
        ({**SERVER, "timeout_seconds": "soon"}, "timeout_seconds", "number"),
    ],
    ids=str,
)
def test_settings_that_mean_nothing_are_told_with_their_key(options, key, message):
    (found, *_) = LlmSettings.faults(options)
    assert found.key == key
    assert message in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("llm: nowhere.gguf\n", 2, "there is no file 'nowhere.gguf'", "relative to the project"),
        ("llm:\n  model: ./nowhere\n", 3, "there is no folder", "relative to the project"),
        ("llm:\n  model: smolm2\n", 3, "no language model 'smolm2'", "did you mean 'smollm2'?"),
        ("llm:\n  url: http://x/v1\n  model: a.gguf\n", 4, "both a server and a file", "remove"),
        ("llm:\n  model: x/y\n  timeout: 3\n", 4, "'timeout' is unknown", "did you mean"),
        ("llm: 7\n", 2, "must be a mapping", "local model"),
        (
            "llm:\n  url: https://x/v1\n  model: m\n  cafile: nowhere.pem\n",
            5,
            "'nowhere.pem', can't be read",
            "PEM file, relative to the project",
        ),
        (
            "llm:\n  url: https://x/v1\n  model: m\n  cafile: config.yml\n",
            5,
            "'config.yml', can't be read",
            "PEM file",
        ),
    ],
    ids=str,
)
def test_a_check_says_where_the_setting_is(tmp_path, text, line, message, hint):
    (tmp_path / "config.yml").write_text(f"language: en\n{text}", encoding="utf-8")
    (found,) = [one for one in inspect(tmp_path) if one.id == "llm-settings"]
    assert (found.where.line, found.severity) == (line, "error")
    assert message in found.message
    assert hint in found.hint


def test_a_check_warns_of_a_reply_that_only_a_model_can_give(tmp_path):
    (tmp_path / "domain.yml").write_text(
        "responses:\n"
        "  utter_joke:\n"
        "  - generate: Tell a joke.\n"
        "  - generate: Tell a joke.\n"
        "    text: No joke today.\n",
        encoding="utf-8",
    )
    (found,) = [one for one in inspect(tmp_path) if one.id == "no-template"]
    assert (found.where.line, found.severity) == (3, "warning")
    assert "add `text:`" in found.hint
