"""Documents that the bot answers from: whether they can be read, and whether anything asks."""

from __future__ import annotations

from framework.project.documents.read import check_documents
from framework.project.lint.names import Names
from framework.project.schema.names import ANSWER_FROM_KNOWLEDGE


def check_knowledge(names: Names) -> None:
    """Check the documents, and that the action and its documents go together."""
    config = names.project.config
    settings = config.knowledge
    is_used = ANSWER_FROM_KNOWLEDGE in names.learned | frozenset(_fallbacks(names))
    if settings is not None:
        check_documents(names.project.root, settings, names.findings, language=config.language)
        if not is_used and ANSWER_FROM_KNOWLEDGE not in names.reading.code.text:
            names.findings.warning(
                "unused-knowledge",
                f"no story or rule has the action {ANSWER_FROM_KNOWLEDGE!r}, so nobody gets an"
                " answer from the documents",
                where=settings.paths[0].where,
                hint="add a rule from an intent, such as nlu_fallback, to the action",
            )
    elif is_used:
        use = next((one for one in names.used_actions if one.name == ANSWER_FROM_KNOWLEDGE), None)
        names.findings.warning(
            "missing-knowledge",
            f"the action {ANSWER_FROM_KNOWLEDGE!r} has no documents to answer from",
            where=use.where if use else config.where,
            hint="name their folder in config.yml: `knowledge: docs/`",
        )


def _fallbacks(names: Names) -> list[str]:
    options = (part.settings for part in names.project.config.policies)
    named = (settings.get("core_fallback_action_name") for settings in options)
    return [name for name in named if isinstance(name, str)]
