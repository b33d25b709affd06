"""Every problem of a project in one run: those of reading, and those across files."""

from __future__ import annotations

from framework.errors import Problem
from framework.project.files import PathLike, Paths
from framework.project.lint.actions import check_actions
from framework.project.lint.code import check_code
from framework.project.lint.encoder import check_encoder
from framework.project.lint.entities import check_entities
from framework.project.lint.examples import check_examples
from framework.project.lint.forms import check_forms
from framework.project.lint.intents import check_intents
from framework.project.lint.knowledge import check_knowledge
from framework.project.lint.languages import check_languages
from framework.project.lint.mappings import check_mappings
from framework.project.lint.mood import check_mood
from framework.project.lint.names import Names
from framework.project.lint.parts import check_parts
from framework.project.lint.profile import check_profile
from framework.project.lint.recommend import check_recommend
from framework.project.lint.slots import check_slots
from framework.project.lint.stories import check_stories
from framework.project.lint.values import check_values
from framework.project.reading import Reading, read

_ABSENCES = ("unused-", "unlabelled-", "form-without-question")
_THEMES = (
    check_intents,
    check_entities,
    check_examples,
    check_slots,
    check_mappings,
    check_actions,
    check_forms,
    check_stories,
    check_parts,
    check_encoder,
    check_values,
    check_mood,
    check_profile,
    check_languages,
    check_recommend,
    check_code,
    check_knowledge,
)


def inspect(
    path: PathLike, *, data: Paths = None, domain: Paths = None, config: PathLike | None = None
) -> tuple[Problem, ...]:
    """Find every problem of a project, by place. Faults of the project never raise.

    Args:
        path: the project's folder.
        data: training files or folders; `data/` when None.
        domain: domain files or folders; `domain.yml`, or else `domain/`, when None.
        config: the configuration; `config.yml` when None.
    """
    return check(read(path, data=data, domain=domain, config=config, with_tests=True))


def check(reading: Reading) -> tuple[Problem, ...]:
    """Check what was read, and give all problems by place, those of reading included."""
    names = Names(reading)
    themes = _THEMES if reading.has_domain else (check_examples,)
    for theme in themes:
        theme(names)
    problems = reading.findings.in_order()
    if reading.is_complete:
        return problems
    return tuple(problem for problem in problems if not _may_be_elsewhere(problem))


def _may_be_elsewhere(problem: Problem) -> bool:
    """Whether what the warning misses may stand in a file that could not be read."""
    return problem.severity == "warning" and problem.id.startswith(_ABSENCES)
