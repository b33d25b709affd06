"""Settings -> the language model that they name."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from framework.registry import load_object
from framework.responses.generative import sources
from framework.responses.generative.base import ChatModel
from framework.responses.generative.endpoint import Endpoint
from framework.responses.generative.local import Engine, LocalModel
from framework.responses.generative.settings import LlmSettings

_ENGINES: dict[sources.Library, str] = {
    "llama": "framework.responses.generative.llama:LlamaEngine",
    "causal": "framework.responses.generative.causal:CausalEngine",
}


def make_model(settings: LlmSettings) -> ChatModel:
    """Make the model that settings name; a local one is found and loaded when it is needed.

    A local model that isn't there is no error here: each reply tells of it, and the bot goes on.
    """
    if settings.url:
        return Endpoint(settings)
    load = partial(_load, settings, Path.cwd())
    return LocalModel(load, load_timeout_seconds=settings.load_timeout_seconds)


def _load(settings: LlmSettings, root: Path) -> Engine:
    found = sources.find(settings.model, gguf_file=settings.gguf_file, root=root)
    kind = load_object(_ENGINES[found.library])
    engine: Engine = kind(settings, source=found.source, gguf_file=found.gguf_file)
    return engine
