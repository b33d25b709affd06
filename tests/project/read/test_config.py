from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from framework import registry
from framework.errors import Problem
from framework.project import rasa
from framework.project.findings import Findings
from framework.project.read.config import read_config
from framework.project.reader import Reader
from framework.project.schema.config import Config
from framework.project.settings import settings_of
from framework.project.yaml.source import read_source


def read(tmp_path: Path, text: str) -> tuple[Config, tuple[Problem, ...]]:
    path = tmp_path / "config.yml"
    path.write_text(dedent(text), encoding="utf-8")
    findings = Findings()
    source = read_source(path, file="config.yml", findings=findings)
    assert source is not None
    config = read_config(Reader(source, findings, root=tmp_path), source.root)
    return config, findings.in_order()


def pipeline(config: Config) -> list[tuple[str, dict[str, object]]]:
    return [(part.name, dict(part.settings)) for part in config.pipeline]


def policies(config: Config) -> list[tuple[str, dict[str, object]]]:
    return [(part.name, dict(part.settings)) for part in config.policies]


RASA = """\
    recipe: default.v1
    assistant_id: bot
    language: de
    pipeline:
    - name: SpacyNLP
      model: de_core_news_sm
    - name: WhitespaceTokenizer
    - name: RegexFeaturizer
    - name: CountVectorsFeaturizer
    - name: CountVectorsFeaturizer
      analyzer: char_wb
    - name: LogisticRegressionClassifier
    - name: rasa.nlu.extractors.crf_entity_extractor.CRFEntityExtractor
      BILOU_flag: true
    - name: EntitySynonymMapper
    - name: RegexEntityExtractor
      use_word_boundaries: false
    - name: DucklingEntityExtractor
      url: http://localhost:8000
      dimensions: [time]
      timeout: 2
    - name: SpacyEntityExtractor
      dimensions: [PERSON]
    - name: ResponseSelector
      epochs: 100
      retrieval_intent: faq
    - name: KeywordIntentClassifier
      case_sensitive: false
    - name: FallbackClassifier
      threshold: 0.7
    policies:
    - name: AugmentedMemoizationPolicy
      max_history: 4
    - name: TEDPolicy
      max_history: 8
      epochs: 100
    - name: RulePolicy
      core_fallback_threshold: 0.4
      restrict_rules: false
    - name: UnexpecTEDIntentPolicy
      tolerance: 0.1
      epochs: 5
    - name: MemoizationPolicy
      featurizer: [{name: MaxHistoryTrackerFeaturizer, max_history: 3}]
    """


def test_names_and_options_of_rasa_become_parts_and_settings(tmp_path: Path) -> None:
    config, problems = read(tmp_path, RASA)

    assert problems == ()
    assert (config.language, config.assistant_id, config.encoder) == ("de", "bot", None)
    assert pipeline(config) == [
        ("bert_tagger", {"intents": True, "entities": True}),
        ("synonyms", {}),
        ("regex_entities", {"use_word_boundaries": False}),
        (
            "duckling_entities",
            {"url": "http://localhost:8000", "dimensions": ["time"], "timeout_seconds": 2},
        ),
        ("spacy_entities", {"dimensions": ["PERSON"], "model": "de_core_news_sm"}),
        ("response_selector", {"retrieval_intent": "faq"}),
        ("keyword_intents", {"case_sensitive": False}),
        ("fallback", {"threshold": 0.7}),
    ]
    assert policies(config) == [
        ("augmented_memory", {"max_history": 4}),
        ("learned", {"max_history": 8}),
        ("rules", {"core_fallback_threshold": 0.4, "restrict_rules": False}),
        ("unexpected_intent", {"tolerance": 0.1}),
        ("memory", {"max_history": 3}),
    ]


def test_what_each_name_became_is_on_record(tmp_path: Path) -> None:
    config, _ = read(tmp_path, RASA)

    mapped = {one.rasa: (one.frame, one.note) for one in config.mapped}
    assert mapped["TEDPolicy"] == ("learned", "not needed: epochs")
    assert mapped["CountVectorsFeaturizer"][0] == ""
    assert mapped["LogisticRegressionClassifier"] == ("bert_tagger", "without entities")
    assert str(config.policies[1].where) == "config.yml:34:3"
    assert config.policies[1].written_as == "TEDPolicy"


def test_settings_of_frames_own_may_stand_under_rasas_names(tmp_path: Path) -> None:
    config, problems = read(
        tmp_path,
        """
        language: en
        pipeline:
        - name: DIETClassifier
          epochs: 100
          fast: true
          ranking_length: 3
        - name: EntitySynonymMapper
          fuzzy: 85
        policies:
        - name: TEDPolicy
          epochs: 100
          width: 64
        """,
    )

    flags = {"intents": True, "entities": True}
    assert pipeline(config) == [
        ("bert_tagger", {**flags, "fast": True, "ranking_length": 3}),
        ("synonyms", {"fuzzy": 85}),
    ]
    assert policies(config) == [("learned", {"width": 64})]
    assert not problems


def test_a_misspelt_option_of_one_of_rasas_parts_is_told(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        """\
        language: en
        pipeline:
        - name: EntitySynonymMapper
          fuzzi: 85
        - name: FallbackClassifier
          treshold: 0.5
        policies:
        - name: MemoizationPolicy
          max_histroy: 3
        """,
    )

    assert [(problem.id, problem.severity, problem.hint) for problem in problems] == [
        ("unknown-key", "warning", "did you mean 'fuzzy'?"),
        ("unknown-key", "warning", "did you mean 'threshold'?"),
        ("unknown-key", "warning", "did you mean 'max_history'?"),
    ]


def test_settings_of_frames_own_are_held_to_their_type_under_rasas_names(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path, "language: en\npipeline:\n- name: EntitySynonymMapper\n  fuzzy: much\n"
    )

    assert [(problem.id, problem.where and problem.where.line) for problem in problems] == [
        ("wrong-setting", 4)
    ]


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ("", {"intents": True, "entities": True}),
        ("entity_recognition: false", {"intents": True, "entities": False}),
        ("intent_classification: false", {"intents": False, "entities": True}),
    ],
)
def test_what_diet_is_told_to_do_the_tagger_does(
    tmp_path: Path, options: str, settings: dict[str, object]
) -> None:
    config, _ = read(tmp_path, f"language: en\npipeline: [{{name: DIETClassifier, {options}}}]\n")

    assert pipeline(config) == [("bert_tagger", settings)]


@pytest.mark.parametrize(
    "text",
    [
        "language: en\n",
        "language: en\npipeline:\npolicies:\n",
        "language: en\npipeline: []\npolicies: []\n",
        "language: en\npipeline:\n# - name: DIETClassifier\n",
    ],
)
def test_without_pipeline_and_policies_the_defaults_apply(tmp_path: Path, text: str) -> None:
    config, problems = read(tmp_path, text)

    assert (config.pipeline, config.policies) == (rasa.DEFAULT_PIPELINE, rasa.DEFAULT_POLICIES)
    assert config.mapped == ()
    assert problems == ()


def test_a_custom_component_is_a_warning_that_names_what_is_lost(tmp_path: Path) -> None:
    config, problems = read(
        tmp_path, "language: en\npipeline:\n- name: my.module.Sentiment\n- name: my.Classifier\n"
    )

    assert [(p.id, p.severity, str(p.where)) for p in problems] == [
        ("custom-component", "warning", "config.yml:3:9"),
        ("custom-component", "warning", "config.yml:4:9"),
    ]
    assert pipeline(config) == [("bert_tagger", {})]


@pytest.mark.parametrize("name", sorted(n for n, r in rasa.POLICIES.items() if r.is_removed))
def test_a_removed_policy_names_its_replacement(tmp_path: Path, name: str) -> None:
    config, problems = read(
        tmp_path,
        f"language: en\npolicies:\n- name: {name}\n  core_threshold: 0.2\n- name: RulePolicy\n",
    )

    assert [(p.id, p.severity) for p in problems] == [("removed-policy", "warning")]
    assert "Policy" in problems[0].hint
    assert "rules" in [part.name for part in config.policies]
    assert len([part for part in config.policies if part.name == "rules"]) == 1


def test_an_encoder_of_rasa_is_used_where_it_is_at_hand(tmp_path: Path) -> None:
    (tmp_path / "my-bert").mkdir()
    text = "language: en\npipeline:\n- {{name: LanguageModelFeaturizer, model_weights: {0}}}\n"

    here, no_problems = read(tmp_path, text.format("my-bert"))
    gone, problems = read(tmp_path, text.format("nobody/no-such-bert"))

    assert (here.encoder, no_problems) == ("my-bert", ())
    assert gone.encoder is None
    assert [problem.id for problem in problems] == ["encoder-not-here"]


def test_keys_that_are_not_used_are_named(tmp_path: Path) -> None:
    _, problems = read(
        tmp_path,
        """\
        language: en
        assistant_id: placeholder_default
        importers: [{name: RasaFileImporter}, {name: own.GitImporter}]
        imports: [bots/a]
        spaces: []
        something: else
        """,
    )

    assert [(p.id, p.severity, str(p.where)) for p in problems] == [
        ("placeholder-id", "warning", "config.yml:2:15"),
        ("ignored-key", "warning", "config.yml:3:46"),
        ("ignored-key", "warning", "config.yml:4:1"),
        ("ignored-key", "warning", "config.yml:5:1"),
        ("unknown-key", "warning", "config.yml:6:1"),
    ]


def test_the_parts_of_a_graph_recipe_are_read_as_a_list(tmp_path: Path) -> None:
    config, problems = read(
        tmp_path,
        """\
        recipe: graph.v1
        language: en
        nlu:
          train_schema:
            nodes:
              tokenizer:
                uses: rasa.nlu.tokenizers.whitespace_tokenizer.WhitespaceTokenizer
              diet:
                uses: rasa.nlu.classifiers.diet_classifier.DIETClassifier
                config: {entity_recognition: false}
              finetuning:
                uses: rasa.graph_components.validators.X
        core:
          train_schema:
            nodes:
              rules:
                uses: rasa.core.policies.rule_policy.RulePolicy
        """,
    )

    assert pipeline(config) == [("bert_tagger", {"intents": True, "entities": False})]
    assert policies(config) == [("rules", {})]
    assert [problem.id for problem in problems] == ["graph-recipe"]


@pytest.mark.parametrize(
    "text",
    [
        "pipeline: 5",
        "pipeline: {name: x}",
        "pipeline: [5, null, [], {}]",
        "pipeline: [{name: null}]",
        "policies: [{name: [1]}]",
        "language: [en]",
        "assistant_id: 5",
        "encoder: {}",
        "recipe: 1",
    ],
)
def test_values_of_the_wrong_kind_are_errors(tmp_path: Path, text: str) -> None:
    config, problems = read(tmp_path, f"{text}\n")

    assert any(p.severity == "error" and p.where is not None for p in problems)
    assert config.pipeline
    assert config.policies


EVERY = [("component", name, one) for name, one in rasa.COMPONENTS.items() if one.frame]
EVERY += [("policy", name, one) for name, one in rasa.POLICIES.items() if one.frame]


@pytest.mark.parametrize(("kind", "name", "replacement"), EVERY, ids=[name for _, name, _ in EVERY])
def test_every_mapped_setting_is_one_that_the_part_takes(
    kind: registry.Kind, name: str, replacement: rasa.Replacement
) -> None:
    known = settings_of(registry.find(kind, replacement.frame))

    assert {*replacement.options.values(), *replacement.settings} <= set(known)


def test_an_encoder_may_have_settings(tmp_path: Path) -> None:
    config, problems = read(tmp_path, "language: en\nencoder:\n  name: gru\n  width: 64\n")
    assert config.encoder == {"name": "gru", "width": 64}
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("language: en\nencoder:\n  name: gru\n  widht: 64\n", 4),
        ("language: en\nencoder:\n  width: 64\n", 3),
        (
            "language: en\npipeline:\n- name: bert_tagger\n  encoder:\n    name: gru\n"
            "    width: wide\n",
            6,
        ),
    ],
)
def test_wrong_settings_of_an_encoder_are_reported_at_their_place(
    tmp_path: Path, text: str, line: int
) -> None:
    _, problems = read(tmp_path, text)
    assert [(problem.id, problem.where and problem.where.line) for problem in problems] == [
        ("encoder-settings", line)
    ]
