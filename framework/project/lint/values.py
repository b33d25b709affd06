"""Finding values: whether there are the kinds, the time zone and the words that are asked for."""

from __future__ import annotations

from framework.project.lint.names import Names
from framework.registry import load_object

_FIND_FAULTS = "framework.nlu.entities.duckling:find_faults"


def check_values(names: Names) -> None:
    """Report settings of `duckling_entities` that find nothing, or not what is meant."""
    config = names.project.config
    for part in config.pipeline:
        if part.name != "duckling_entities":
            continue
        for fault in load_object(_FIND_FAULTS)(part.settings, language=config.language):
            names.findings.add(
                "error" if fault.stops_training else "warning",
                "wrong-setting",
                f"`{part.written_as}`: {fault.message}",
                where=part.where,
                hint=fault.hint,
            )
