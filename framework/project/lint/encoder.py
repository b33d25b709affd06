"""The encoder: whether training will find it."""

from __future__ import annotations

from framework.project.lint.names import Names
from framework.registry import load_object

_FIND_ABSENCE = "framework.nlu.bert.at_hand:find_absence"


def check_encoder(names: Names) -> None:
    """Report an encoder that is not on this machine: an error where training would refuse."""
    config = names.project.config
    for part in config.pipeline:
        if part.name != "bert_tagger":
            continue
        own = part.settings.get("encoder")
        absence = load_object(_FIND_ABSENCE)(
            config.encoder if own is None else own,
            language=config.language,
            root=names.project.root,
        )
        if absence is not None:
            where = config.encoder_where or config.where
            names.findings.add(
                "error" if absence.stops_training else "warning",
                "missing-encoder",
                absence.message,
                where=where if own is None else part.where,
                hint=absence.hint,
            )
