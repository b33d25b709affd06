"""Entities: declared, annotated and used."""

from __future__ import annotations

from framework.project.lint.names import Names, Use, first_uses, more
from framework.project.schema.stories import UserStep
from framework.registry import did_you_mean

_EXTERNAL = ("duckling_entities", "spacy_entities")


def check_entities(names: Names) -> None:
    """Check that entities are declared where they are annotated or used, and found by something."""
    if not names.domain.intents and not names.domain.entities:
        return
    _check_annotated(names)
    _check_labels(names)
    _check_stories(names)
    _check_declared(names)


def _check_annotated(names: Names) -> None:
    known = names.domain.entities
    for name, where in names.annotated.items():
        if name not in known:
            names.findings.warning(
                "undeclared-entity",
                f"the entity {name!r} is annotated in an example, but the domain doesn't list it",
                where=where,
                hint=did_you_mean(name, known) or "add it under `entities:`",
            )


def _check_labels(names: Names) -> None:
    """Check roles and groups of annotations against those declared."""
    reported: set[tuple[str, str, str]] = set()
    for example in names.project.nlu.examples:
        for entity in example.entities:
            declared = names.domain.entities.get(entity.entity)
            if declared is None:
                continue
            pairs = (
                ("role", entity.role, declared.roles),
                ("group", entity.group, declared.groups),
            )
            for kind, value, values in pairs:
                if value is None or value in values:
                    continue
                if (entity.entity, kind, value) not in reported:
                    reported.add((entity.entity, kind, value))
                    names.findings.warning(
                        f"undeclared-{kind}",
                        f"the {kind} {value!r} of the entity {entity.entity!r} is annotated, but "
                        "the domain doesn't list it",
                        where=example.where,
                        hint=did_you_mean(value, values)
                        or f"add it: `- {entity.entity}: {{{kind}s: [{value}]}}`",
                    )


def _check_stories(names: Names) -> None:
    uses = [
        Use(name=entity, by=dialog.by, where=step.where, is_test=dialog.is_test)
        for dialog in names.dialogs
        for step in dialog.steps
        if isinstance(step, UserStep)
        for entity in (
            *(given.entity for given in step.entities),
            *(marked.entity for marked in step.annotations),
        )
    ]
    for use, count in first_uses(uses):
        if use.name not in names.domain.entities:
            names.findings.warning(
                "undeclared-entity",
                f"{use.by} uses the entity {use.name!r}, which the domain doesn't list"
                f"{more(count)}",
                where=use.where,
                hint=did_you_mean(use.name, names.domain.entities) or "add it under `entities:`",
            )


def _check_declared(names: Names) -> None:
    """Warn about entities that nothing can find."""
    if any(part.name in _EXTERNAL for part in names.project.config.pipeline):
        return  # what these find is not known here
    nlu = names.project.nlu
    found = {*names.annotated, *(regex.name for regex in nlu.regexes)}
    found |= {lookup.name for lookup in nlu.lookups}
    for name, entity in names.domain.entities.items():
        if name not in found and entity.where is not None:
            names.findings.warning(
                "unused-entity",
                f"the entity {name!r} is never annotated, so it is not found in messages",
                where=entity.where,
                hint=f"mark it in examples: [text]({name})",
            )
