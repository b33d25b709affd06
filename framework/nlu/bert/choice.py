"""What `encoder:` may say: a name, or a mapping with settings of that encoder.

Names of pretrained encoders are read by `framework.nlu.bert.encoder`; the names in `OWN` are
encoders that learn from the project's examples alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from framework.errors import UsageError
from framework.registry import did_you_mean

TFIDF = "tfidf"
NETWORKS = ("cnn", "gru", "lstm", "transformer")
OWN = (*NETWORKS, TFIDF)
"""Encoders without pretrained weights."""

_HIGHEST_RANK, _HIGHEST_ALPHA = 256, 1024

Target = Literal["attention", "feed_forward"]
TARGETS: tuple[Target, ...] = get_args(Target)


@dataclass(frozen=True, kw_only=True)
class OwnSettings:
    """Settings of an encoder that is trained from scratch.

    Attributes:
        width: numbers that describe a word.
        layers: number of layers; None for what suits the kind.
        heads: of a transformer's attention; they share the width.
        dropout: share of values left out while training, 0 to below 1.
        feature_dropout: share of a word's features left out while training, 0 to below 1, so that
            words which no example holds are read as well.
        learning_rate: of the whole encoder.
        vectors: text file of pretrained word vectors (word2vec's or GloVe's), from the project's
            folder; None for none.
    """

    width: int = 128
    layers: int | None = None
    heads: int = 4
    dropout: float = 0.2
    feature_dropout: float = 0.4
    learning_rate: float = 3e-3
    vectors: str | None = None


@dataclass(frozen=True, kw_only=True)
class LoraSettings:
    """Adapters that learn in place of a pretrained encoder's own weights (Hu et al. 2021).

    Attributes:
        rank: of the matrices that are added to the encoder's.
        alpha: what they are multiplied by, divided by the rank; None for twice the rank.
        dropout: share of their inputs left out while training, 0 to below 1.
        targets: which matrices get them.
        learning_rate: of those in the last layer.
    """

    rank: int = 8
    alpha: int | None = None
    dropout: float = 0.05
    targets: tuple[Target, ...] = TARGETS
    learning_rate: float = 1e-3


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """How an encoder learns from what a larger one says (Hinton et al. 2015).

    Attributes:
        encoder: the larger one, as `encoder:` would say; `from` in YAML.
        temperature: what logits are divided by; the higher, the more less likely answers count.
        texts: file of unlabelled messages, one a line, from the project's folder; None for none.
    """

    encoder: Any
    temperature: float = 2.0
    texts: str | None = None


@dataclass(frozen=True, kw_only=True)
class EncoderChoice:
    """What `encoder:` says.

    Attributes:
        name: None for the language's default.
        own: settings of an encoder trained from scratch.
        layers: lower layers of a pretrained encoder to keep; None for all.
        lora: adapters that learn in place of a pretrained encoder; None where all of it learns.
        distill: the larger encoder to learn from; None for none.
    """

    name: str | None = None
    own: OwnSettings = OwnSettings()
    layers: int | None = None
    lora: LoraSettings | None = None
    distill: Distillation | None = None

    @property
    def is_own(self) -> bool:
        """Whether the encoder has no pretrained weights."""
        return self.name in OWN


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something wrong in a mapping: the key at fault (empty for the whole), what, and a hint."""

    key: str
    message: str
    hint: str = ""


def read_choice(*candidates: Any) -> EncoderChoice:
    """Take the first value that is given.

    Raises:
        UsageError: it can't be read; the hint says what it may be.
    """
    given = next((value for value in candidates if value is not None), None)
    for fault in faults(given):
        raise UsageError(fault.message, id="encoder-settings", hint=fault.hint)
    if given is None or isinstance(given, str):
        return EncoderChoice(name=given)
    settings = {key: value for key, value in given.items() if key not in ("name", "distill")}
    distill = _read_distillation(given["distill"]) if "distill" in given else None
    if given["name"] in OWN:
        own = OwnSettings(**settings)
        return EncoderChoice(name=given["name"], own=own, distill=distill)
    if "lora" in settings:
        settings["lora"] = _read_lora(settings["lora"])
    return EncoderChoice(name=given["name"], distill=distill, **settings)


def _read_distillation(value: Any) -> Distillation:
    if not isinstance(value, Mapping) or "from" not in value:
        return Distillation(encoder=value)
    settings = {key: setting for key, setting in value.items() if key != "from"}
    return Distillation(encoder=value["from"], **settings)


def _read_lora(value: Any) -> LoraSettings:
    if not isinstance(value, Mapping):
        return LoraSettings(rank=value)
    settings = dict(value)
    if "targets" in settings:
        settings["targets"] = tuple(settings["targets"])
    return LoraSettings(**settings)


def faults(value: Any) -> Iterator[Fault]:
    """Find what is wrong with a value of `encoder:`."""
    if value is None or (isinstance(value, str) and value.strip()):
        return
    if not isinstance(value, Mapping):
        hint = "write `encoder: gru`, or a mapping with `name` and settings"
        yield Fault(
            key="", message=f"`encoder` is {value!r}, expected a name or a mapping", hint=hint
        )
        return
    name = value.get("name")
    if not isinstance(name, str):
        yield Fault(
            key="name" if "name" in value else "",
            message="`encoder` has no `name`" if name is None else f"the `name` is {name!r}",
            hint=f"name a pretrained encoder, or one of {', '.join(OWN)}",
        )
        return
    known = _settings_of(name)
    for key, setting in value.items():
        if key == "name":
            continue
        if key not in known:
            hint = did_you_mean(str(key), known) or f"known: {', '.join(('name', *known))}"
            yield Fault(
                key=str(key), message=f"the encoder {name!r} has no setting {key!r}", hint=hint
            )
        elif wrong := _wrong(key, setting, value):
            message = f"`{key}` of the encoder {name!r} is {setting!r}, expected {wrong}"
            yield Fault(key=key, message=message)


def _settings_of(name: str) -> Sequence[str]:
    """Give the settings that an encoder takes."""
    own = [field.name for field in dataclasses.fields(OwnSettings)]
    if name == "transformer":
        return [*own, "distill"]
    if name in NETWORKS:
        return [setting for setting in (*own, "distill") if setting != "heads"]
    return ["distill"] if name == TFIDF else ["layers", "lora", "distill"]


def _wrong(key: str, value: Any, whole: Mapping[str, Any]) -> str:
    """Say what is expected of a setting instead of its value, or nothing."""
    if key == "vectors":
        return "" if isinstance(value, str) and value.strip() else "the path of a text file"
    if key == "lora":
        return _wrong_lora(value)
    if key == "distill":
        return _wrong_distillation(value)
    if key in ("width", "layers", "heads"):
        return _wrong_size(key, value, whole)
    return _wrong_rate(value) if key == "learning_rate" else _wrong_share(value)


def _wrong_rate(value: Any) -> str:
    return "" if _is_number(value) and value > 0 else "a number above 0"


def _wrong_share(value: Any) -> str:
    return "" if _is_number(value) and 0 <= value < 1 else "a share from 0 to below 1"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong_lora(value: Any) -> str:
    """Say what is expected instead of the settings of adapters, or nothing."""
    if not isinstance(value, Mapping):
        return _wrong_whole(value, most=_HIGHEST_RANK)
    known = [field.name for field in dataclasses.fields(LoraSettings)]
    for key, setting in value.items():
        if key not in known:
            return f"no {key!r} in it, but some of {', '.join(known)}"
        if key == "targets":
            wrong = _wrong_targets(setting)
        elif key in ("rank", "alpha"):
            most = _HIGHEST_RANK if key == "rank" else _HIGHEST_ALPHA
            wrong = _wrong_whole(setting, most=most)
        else:
            wrong = _wrong_rate(setting) if key == "learning_rate" else _wrong_share(setting)
        if wrong:
            return f"{wrong} as its `{key}`"
    return ""


def _wrong_distillation(value: Any) -> str:
    """Say what is expected instead of a larger encoder and how to learn from it, or nothing."""
    settings = value if isinstance(value, Mapping) and "from" in value else {"from": value}
    for key, setting in settings.items():
        if key == "from":
            wrong = _wrong_source(setting)
        elif key == "temperature":
            wrong = _wrong_rate(setting)
        elif key == "texts":
            is_path = isinstance(setting, str) and setting.strip()
            wrong = "" if is_path else "the path of a text file"
        else:
            return f"no {key!r} in it, but some of from, temperature, texts"
        if wrong:
            return f"{wrong} as its `{key}`"
    return ""


def _wrong_source(value: Any) -> str:
    fault = next(faults(value), None)
    if value is None or fault is not None:
        return f"a larger encoder{f' ({fault.message})' if fault else ''}"
    choice = read_choice(value)
    is_able = choice.name != TFIDF and choice.distill is None
    return "" if is_able else "a larger encoder that learns from examples alone"


def _wrong_targets(value: Any) -> str:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    is_known = is_list and value and all(target in TARGETS for target in value)
    return "" if is_known else f"a list of {' and '.join(TARGETS)}"


def _wrong_whole(value: Any, *, most: int) -> str:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if is_whole and 1 <= value <= most else f"a whole number from 1 to {most}"


def _wrong_size(key: str, value: Any, whole: Mapping[str, Any]) -> str:
    if wrong := _wrong_whole(value, most=1024 if key == "width" else 24):
        return wrong
    heads = whole.get("heads", OwnSettings.heads) if whole.get("name") == "transformer" else 2
    if key == "width" and isinstance(heads, int) and heads > 0 and value % heads:
        return f"a multiple of {heads}"
    return ""
