"""Pipeline and policies against what the project needs of them."""

from __future__ import annotations

from collections.abc import Mapping

from framework.project.lint.names import Names
from framework.registry import did_you_mean


def check_parts(names: Names) -> None:
    """Check that rules, forms, fallbacks and retrieval intents have the part that serves them."""
    config = names.project.config
    policies = {part.name for part in config.policies}
    pipeline = {part.name for part in config.pipeline}
    if "rules" not in policies:
        _check_without_rules(names)
    fallback = next((use for use in names.used_intents if use.name == "nlu_fallback"), None)
    if fallback is not None and "fallback" not in pipeline and not fallback.is_test:
        names.findings.warning(
            "missing-fallback",
            f"{fallback.by} reacts to nlu_fallback, which nothing in the pipeline predicts",
            where=fallback.where,
            hint="add FallbackClassifier to the pipeline",
        )
    retrieval = [name for name, intent in names.domain.intents.items() if intent.is_retrieval]
    if retrieval and "response_selector" not in pipeline:
        names.findings.warning(
            "missing-selector",
            f"the retrieval intent {retrieval[0]!r} has responses to choose from, but the pipeline "
            "has no response selector",
            where=names.domain.intents[retrieval[0]].where,
            hint="add ResponseSelector to the pipeline",
        )
    _check_tables(names, pipeline)
    _check_thresholds(names)
    for part in config.pipeline:
        name = part.settings.get("retrieval_intent")
        if part.name == "response_selector" and isinstance(name, str) and name not in retrieval:
            names.findings.warning(
                "unknown-intent",
                f"the response selector is for {name!r}, which is not a retrieval intent",
                where=part.where,
                hint=f"label examples as {name}/…",
            )


def _check_thresholds(names: Names) -> None:
    """Check that thresholds of single intents are from 0 to 1, and of intents that there are."""
    intents = {**names.domain.intents, **names.labelled}
    for part in names.project.config.pipeline:
        thresholds = part.settings.get("thresholds")
        if part.name != "fallback" or not isinstance(thresholds, Mapping):
            continue
        for intent, threshold in thresholds.items():
            if intent not in intents:
                names.findings.error(
                    "unknown-intent",
                    f"`thresholds` of `{part.written_as}` names the intent {intent!r}, which no "
                    "file defines",
                    where=part.where,
                    hint=did_you_mean(str(intent), intents) or "add it under `intents:`",
                )
            if not _is_share(threshold):
                names.findings.error(
                    "wrong-setting",
                    f"the threshold of {intent!r} is {threshold!r}: expected a number from 0 to 1",
                    where=part.where,
                    hint="write a share, such as 0.4",
                )


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _check_tables(names: Names, pipeline: set[str]) -> None:
    """Warn about tables of the NLU data that no component reads."""
    nlu = names.project.nlu
    if "regex_entities" not in pipeline:
        for kind, tables in (("lookup table", nlu.lookups), ("regex", nlu.regexes)):
            for table in tables:
                names.findings.warning(
                    "unused-table",
                    f"the {kind} {table.name!r} is not used: nothing in the pipeline looks for it",
                    where=table.where,
                    hint="add RegexEntityExtractor to the pipeline",
                )
    if "synonyms" not in pipeline and nlu.synonyms:
        names.findings.warning(
            "unused-table",
            f"the synonym {nlu.synonyms[0].value!r} is not used: nothing in the pipeline maps "
            "synonyms",
            where=nlu.synonyms[0].where,
            hint="add EntitySynonymMapper to the pipeline",
        )


def _check_without_rules(names: Names) -> None:
    where = names.project.config.where
    if names.project.rules:
        names.findings.warning(
            "rules-without-policy",
            "the project has rules, but no policy follows them",
            where=where,
            hint="add RulePolicy to `policies:`",
        )
    form = next((form for form in names.domain.forms.values() if form.where is not None), None)
    if form is not None:
        names.findings.error(
            "forms-without-policy",
            f"the project has the form {form.name!r}, but no policy runs forms",
            where=where,
            hint="add RulePolicy to `policies:`",
        )
