"""Whether training will find its encoder, told without loading or fetching anything."""

from __future__ import annotations

import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.errors import EncoderError
from framework.nlu.bert.choice import OWN, TFIDF, EncoderChoice, faults, read_choice
from framework.nlu.bert.encoder import (
    E5,
    E5_PACKAGE,
    INSTALL_MINILM,
    INSTALL_MULTILINGUAL,
    MINILM,
    MINILM_PACKAGE,
    check_folder,
    is_english,
    package_folder,
)
from framework.project.hub import is_cached
from framework.registry import did_you_mean

INSTALL_TFIDF = "pip install 'frame-dialogue[tfidf]'"
INSTALL_LORA = "pip install 'frame-dialogue[lora]'"
_OWNED = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)
_FAMILIES_WITHOUT_OWNER = (
    "albert-",
    "bert-",
    "camembert-",
    "distilbert-",
    "distilroberta-",
    "roberta-",
    "xlm-roberta-",
)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """What training will lack, and what to do about it.

    Attributes:
        message: what isn't there.
        hint: what to do about it.
        stops_training: whether training refuses without it, rather than going on with another
            encoder or fetching it.
    """

    message: str
    hint: str
    stops_training: bool = True


def find_absence(value: Any, *, language: str, root: Path) -> Absence | None:
    """Say what training will lack for an encoder; None where all of it is there.

    Args:
        value: what `encoder:` says.
        language: ISO code of the project.
        root: the project's folder.
    """
    if any(faults(value)):
        return None
    choice = read_choice(value)
    if choice.distill is not None:
        larger = find_absence(choice.distill.encoder, language=language, root=root)
        smaller = find_absence(_without_distillation(value), language=language, root=root)
        return larger or smaller or _absent_texts(choice.distill.texts, root=root)
    if choice.is_own:
        return _absent_of_own(choice, root=root)
    if choice.lora is not None and importlib.util.find_spec("peft") is None:
        return Absence(message="`lora` needs the package peft", hint=INSTALL_LORA)
    if choice.name is None:
        return _absent_default(language)
    return _absent_pretrained(choice.name, root=root)


def _without_distillation(value: Any) -> Any:
    return {key: setting for key, setting in value.items() if key != "distill"}


def _absent_texts(texts: str | None, *, root: Path) -> Absence | None:
    if texts is None or (root / Path(texts).expanduser()).is_file():
        return None
    return Absence(
        message=f"there is no file {texts!r} with messages to distil on",
        hint="`texts:` of `distill` takes a text file with a message on each line",
    )


def _absent_of_own(choice: EncoderChoice, *, root: Path) -> Absence | None:
    if choice.name == TFIDF and importlib.util.find_spec("sklearn") is None:
        return Absence(message=f"the encoder {TFIDF!r} needs scikit-learn", hint=INSTALL_TFIDF)
    vectors = choice.own.vectors
    if vectors is not None and not (root / Path(vectors).expanduser()).is_file():
        return Absence(
            message=f"there is no file {vectors!r} with word vectors",
            hint="`vectors:` takes a text file as word2vec or GloVe write it",
        )
    return None


def _absent_default(language: str) -> Absence | None:
    if is_english(language) or package_folder(E5_PACKAGE) is not None:
        return None
    return Absence(
        message=f"the language {language!r} is best read by the encoder {E5!r}, which is not "
        f"installed; {MINILM!r}, which knows English, takes its place",
        hint=INSTALL_MULTILINGUAL,
        stops_training=False,
    )


def _absent_pretrained(name: str, *, root: Path) -> Absence | None:
    packages = {
        MINILM: (MINILM_PACKAGE, INSTALL_MINILM),
        E5: (E5_PACKAGE, INSTALL_MULTILINGUAL),
    }
    if name in packages:
        package, install = packages[name]
        is_there = package_folder(package) is not None
        missing = Absence(message=f"the encoder {name!r} is not installed", hint=install)
        return None if is_there else missing
    for folder in (root / name, Path(name).expanduser()):
        if folder.is_dir():
            return _fault_of_folder(name, folder)
    return None if is_cached(name) else _absent_in_hub(name)


def _fault_of_folder(name: str, folder: Path) -> Absence | None:
    try:
        check_folder(name, folder)
    except EncoderError as error:
        return Absence(message=str(error), hint=error.hint)
    return None


def _absent_in_hub(name: str) -> Absence:
    near = did_you_mean(name, (MINILM, E5, *OWN))
    others = (
        f"`encoder: {MINILM}` (English) comes with Frame, `encoder: {E5}` with "
        f"{INSTALL_MULTILINGUAL}"
    )
    if near or not _may_be_in_hub(name):
        return Absence(
            message=f"the encoder {name!r} is no folder, none that comes with Frame, and no name "
            "of a model in the Hugging Face hub (`owner/name`)",
            hint=near or others,
        )
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        return Absence(
            message=f"the encoder {name!r} is not on this machine, and HF_HUB_OFFLINE keeps it "
            "from being fetched",
            hint=others,
        )
    return Absence(
        message=f"the encoder {name!r} is not on this machine; `frame train` asks the Hugging Face "
        "hub for it",
        hint="training needs the network then, once",
        stops_training=False,
    )


def _may_be_in_hub(name: str) -> bool:
    """Whether the hub can have a model of that name: models are called `owner/name` there.

    A few of the first models have no owner; no new ones are made so.
    """
    owner, _, model = name.partition("/")
    return bool(_OWNED.fullmatch(name)) if model else owner.startswith(_FAMILIES_WITHOUT_OWNER)
