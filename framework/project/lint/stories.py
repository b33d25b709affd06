"""Stories and rules as a whole: checkpoints, and what a rule may hold."""

from __future__ import annotations

from collections.abc import Iterator

from framework.errors import Location
from framework.project.lint.names import Names
from framework.project.schema.stories import (
    BotStep,
    CheckpointStep,
    OrStep,
    Rule,
    Story,
    UserStep,
    long_rule,
)


def check_stories(names: Names) -> None:
    """Check how stories join at checkpoints, and that rules are short."""
    _check_joints(names)
    _check_loops(names)
    is_restricted = _rules_are_restricted(names)
    for rule in names.project.rules:
        _check_rule(names, rule, is_restricted=is_restricted)


def _rules_are_restricted(names: Names) -> bool:
    policies = names.project.config.policies
    return any(
        part.name == "rules" and part.settings.get("restrict_rules", True) for part in policies
    )


def _check_rule(names: Names, rule: Rule, *, is_restricted: bool) -> None:
    for step in rule.steps:
        if isinstance(step, CheckpointStep | BotStep):
            kind = "checkpoint" if isinstance(step, CheckpointStep) else "bot text"
            names.findings.error(
                "bad-rule",
                f"the rule {rule.name!r} has a {kind}, which only stories can have",
                where=step.where,
                hint="make it a story",
            )
    said = [step for step in rule.steps if isinstance(step, UserStep | OrStep) and _is_user(step)]
    if is_restricted and (problem := long_rule(rule.name, [step.where for step in said])):
        names.findings.take(problem)


def _is_user(step: UserStep | OrStep) -> bool:
    return isinstance(step, UserStep) or any(isinstance(one, UserStep) for one in step.options)


def _joints(story: Story) -> Iterator[tuple[CheckpointStep | None, CheckpointStep | None]]:
    """Give start and end checkpoint of each part of a story; parts meet at inner checkpoints."""
    start: CheckpointStep | None = None
    has_steps = False
    for step in story.steps:
        if not isinstance(step, CheckpointStep):
            has_steps = True
            continue
        if has_steps:
            yield start, step
        start, has_steps = step, False
    if has_steps:
        yield start, None


def _check_joints(names: Names) -> None:
    begins: dict[str, CheckpointStep] = {}
    ends: dict[str, CheckpointStep] = {}
    for story in names.project.stories:
        for start, end in _joints(story):
            if start is not None:
                begins.setdefault(start.name, start)
            if end is not None:
                ends.setdefault(end.name, end)
    for name, step in begins.items():
        if name not in ends:
            names.findings.warning(
                "dangling-checkpoint",
                f"a story starts at the checkpoint {name!r}, which no story ends at",
                where=step.where,
                hint="end a story with it, or remove it",
            )
    for name, step in ends.items():
        if name not in begins:
            names.findings.warning(
                "dangling-checkpoint",
                f"a story ends at the checkpoint {name!r}, which no story starts at",
                where=step.where,
                hint="start a story with it, or remove it",
            )


def _check_loops(names: Names) -> None:
    """Warn about stories that lead from a checkpoint back to itself."""
    edges: dict[str, dict[str, Location | None]] = {}
    for story in names.project.stories:
        for start, end in _joints(story):
            if start is not None and end is not None:
                edges.setdefault(start.name, {}).setdefault(end.name, end.where)
    done: set[str] = set()
    for name in edges:
        for path, where in _cycles(name, edges, done):
            names.findings.warning(
                "checkpoint-loop",
                f"stories lead round in a loop of checkpoints: {' > '.join(path)}",
                where=where,
                hint="the loop is followed once; write the repetition out, or use a rule",
            )


def _cycles(
    start: str, edges: dict[str, dict[str, Location | None]], done: set[str]
) -> Iterator[tuple[tuple[str, ...], Location | None]]:
    """Walk depth first; each edge back to a name on the current path is one loop."""
    path: list[str] = [start]
    stack = [iter(edges.get(start, {}).items())]
    if start in done:
        return
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            done.add(path.pop())
            continue
        name, where = step
        if name in path:
            yield (*path[path.index(name) :], name), where
        elif name not in done:
            path.append(name)
            stack.append(iter(edges.get(name, {}).items()))
