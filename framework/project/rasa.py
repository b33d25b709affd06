"""What each component and policy name of Rasa's becomes here, with its options.

One table for components, one for policies. Settings that only Frame's part has may stand beside
the options listed. Options that are neither mean nothing here and are noted;
`framework.project.read.parts` applies the tables to a configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.project.schema.config import PartConfig


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """What does the work of one name of Rasa's.

    Attributes:
        frame: Frame's short name; empty where nothing is needed.
        options: Rasa's options that keep their meaning -> settings of that part.
        settings: always set.
        note: for the table that training prints.
        is_removed: whether Rasa 3 no longer has the name; the note says what replaces it.
    """

    frame: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    is_removed: bool = False


OTHER_MEANING = frozenset({"epochs", "batch_size", "learning_rate"})
"""Options of Rasa's that fit its networks only, although settings here have the same names."""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_WORDS = Replacement(note="not needed: the encoder has its own word pieces")
_FEATURES = Replacement(note="not needed: the encoder makes the features")
_INTENTS = Replacement(frame="bert_tagger", settings={"intents": True, "entities": False})
_ENTITIES = Replacement(frame="bert_tagger", settings={"intents": False, "entities": True})
_DIET = Replacement(
    frame="bert_tagger",
    options={"intent_classification": "intents", "entity_recognition": "entities"},
    settings={"intents": True, "entities": True},
)
_DUCKLING = Replacement(
    frame="duckling_entities",
    options={
        **_same("url", "dimensions", "locale", "timezone"),
        "timeout": "timeout_seconds",
    },
)

COMPONENTS: Mapping[str, Replacement] = {
    "WhitespaceTokenizer": _WORDS,
    "JiebaTokenizer": _WORDS,
    "SpacyTokenizer": _WORDS,
    "MitieTokenizer": _WORDS,
    "ConveRTTokenizer": _WORDS,
    "LanguageModelTokenizer": _WORDS,
    "RegexFeaturizer": _FEATURES,
    "LexicalSyntacticFeaturizer": _FEATURES,
    "CountVectorsFeaturizer": _FEATURES,
    "SpacyFeaturizer": _FEATURES,
    "MitieFeaturizer": _FEATURES,
    "ConveRTFeaturizer": _FEATURES,
    "NGramFeaturizer": _FEATURES,
    "LanguageModelFeaturizer": Replacement(note="names the encoder of the bert_tagger"),
    "HFTransformersNLP": Replacement(note="names the encoder of the bert_tagger"),
    "SpacyNLP": Replacement(note="names the spaCy model of spacy_entities"),
    "MitieNLP": _FEATURES,
    "RegexMessageHandler": Replacement(note="not needed: /intent{…} messages are always read"),
    "DIETClassifier": _DIET,
    "EmbeddingIntentClassifier": _INTENTS,
    "LogisticRegressionClassifier": _INTENTS,
    "SklearnIntentClassifier": _INTENTS,
    "MitieIntentClassifier": _INTENTS,
    "CRFEntityExtractor": _ENTITIES,
    "MitieEntityExtractor": _ENTITIES,
    "KeywordIntentClassifier": Replacement(
        frame="keyword_intents", options=_same("case_sensitive")
    ),
    "FallbackClassifier": Replacement(
        frame="fallback",
        options=_same("threshold", "ambiguity_threshold", "thresholds", "out_of_scope"),
    ),
    "EntitySynonymMapper": Replacement(frame="synonyms"),
    "RegexEntityExtractor": Replacement(
        frame="regex_entities",
        options=_same("case_sensitive", "use_lookup_tables", "use_regexes", "use_word_boundaries"),
    ),
    "DucklingEntityExtractor": _DUCKLING,
    "DucklingHTTPExtractor": _DUCKLING,
    "SpacyEntityExtractor": Replacement(frame="spacy_entities", options=_same("dimensions")),
    "ResponseSelector": Replacement(
        frame="response_selector", options=_same("retrieval_intent", "use_text_as_label")
    ),
}

_LEARNED = Replacement(
    frame="learned", options=_same("max_history", "priority", "e2e_confidence_threshold")
)
_MEMORY_OPTIONS = _same("max_history", "priority", "use_nlu_confidence_as_score")
_RULE_OPTIONS = _same(
    "core_fallback_threshold",
    "core_fallback_action_name",
    "enable_fallback_prediction",
    "restrict_rules",
    "check_for_contradictions",
    "use_nlu_confidence_as_score",
    "priority",
)

POLICIES: Mapping[str, Replacement] = {
    "TEDPolicy": _LEARNED,
    "MemoizationPolicy": Replacement(frame="memory", options=_MEMORY_OPTIONS),
    "AugmentedMemoizationPolicy": Replacement(frame="augmented_memory", options=_MEMORY_OPTIONS),
    "RulePolicy": Replacement(frame="rules", options=_RULE_OPTIONS),
    "UnexpecTEDIntentPolicy": Replacement(
        frame="unexpected_intent",
        options=_same("max_history", "tolerance", "ignore_intents_list", "priority"),
    ),
    "KerasPolicy": Replacement(
        frame="learned",
        options=_same("max_history"),
        note="write TEDPolicy",
        is_removed=True,
    ),
    "EmbeddingPolicy": Replacement(
        frame="learned",
        options=_same("max_history"),
        note="write TEDPolicy",
        is_removed=True,
    ),
    "SklearnPolicy": Replacement(
        frame="learned",
        options=_same("max_history"),
        note="write TEDPolicy",
        is_removed=True,
    ),
    "MappingPolicy": Replacement(
        frame="rules",
        note="write RulePolicy, and a rule in place of each `triggers`",
        is_removed=True,
    ),
    "FormPolicy": Replacement(
        frame="rules",
        note="write RulePolicy, and a rule that starts each form",
        is_removed=True,
    ),
    "FallbackPolicy": Replacement(
        frame="rules",
        options={
            "core_threshold": "core_fallback_threshold",
            "fallback_action_name": "core_fallback_action_name",
        },
        note="write RulePolicy with core_fallback_threshold; for `nlu_threshold` add "
        "FallbackClassifier to the pipeline and a rule on the intent nlu_fallback",
        is_removed=True,
    ),
    "TwoStageFallbackPolicy": Replacement(
        frame="rules",
        options={"core_threshold": "core_fallback_threshold"},
        note="write RulePolicy, add FallbackClassifier to the pipeline, and a rule from "
        "nlu_fallback to action_two_stage_fallback with its active_loop",
        is_removed=True,
    ),
}

OLD_PIPELINES = (
    "supervised_embeddings",
    "pretrained_embeddings_spacy",
    "pretrained_embeddings_convert",
    "spacy_sklearn",
    "tensorflow_embedding",
    "keyword",
)
"""Names of whole pipelines in Rasa 1.x."""

DEFAULT_PIPELINE: tuple[PartConfig, ...] = (
    PartConfig(name="bert_tagger"),
    PartConfig(name="synonyms"),
    PartConfig(name="response_selector"),
    PartConfig(name="fallback", settings={"threshold": 0.3, "ambiguity_threshold": 0.1}),
)
DEFAULT_POLICIES: tuple[PartConfig, ...] = (
    PartConfig(name="memory"),
    PartConfig(name="rules"),
    PartConfig(name="unexpected_intent", settings={"max_history": 5}),
    PartConfig(name="learned", settings={"max_history": 5}),
)

ENCODER_FAMILIES = ("bert", "distilbert", "roberta", "camembert")
"""`model_name`s of LanguageModelFeaturizer whose weights can be an encoder here."""


def short_name(name: str) -> str:
    """Give the bare name of one of Rasa's own classes written with its module path."""
    return name.rsplit(".", 1)[-1] if name.startswith("rasa.") else name
