from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from framework.errors import Problem
from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.projects import edit, write, write_minimal

DOMAIN, NLU, STORIES, CONFIG = "domain.yml", "data/nlu.yml", "data/stories.yml", "config.yml"


def found(problems: tuple[Problem, ...]) -> set[tuple[str, str, str]]:
    return {(p.id, p.severity, str(p.where)) for p in problems}


def test_a_sound_project_has_no_problems(tmp_path: Path) -> None:
    assert inspect(write_minimal(tmp_path, {})) == ()


# file, old text, new text, id, severity, place
FAULTS = [
    (STORIES, "- intent: greet", "- intent: gret", "unknown-intent", "warning", f"{STORIES}:5:5"),
    (STORIES, "utter_greet", "utter_gret", "unknown-response", "error", f"{STORIES}:6:5"),
    (STORIES, "utter_greet", "action_gret", "unknown-action", "error", f"{STORIES}:6:5"),
    (
        STORIES,
        "- dish: pizza\n",
        "- dsh: pizza\n",
        "undeclared-entity",
        "warning",
        f"{STORIES}:7:5",
    ),
    (
        STORIES,
        "    - dish: pizza\n  - action",
        "    - dsh: x\n  - action",
        "unknown-slot",
        "warning",
        f"{STORIES}:11:7",
    ),
    (STORIES, "- intent: greet", "- active_loop: form", "unknown-form", "error", f"{STORIES}:5:5"),
    (STORIES, "- intent: greet", "- intnt: greet", "unknown-key", "error", f"{STORIES}:5:5"),
    (STORIES, "- intent: greet", "- greet", "wrong-type", "error", f"{STORIES}:5:5"),
    (STORIES, "- intent: greet", "- intent: 5", "wrong-type", "error", f"{STORIES}:5:13"),
    (STORIES, "- intent: greet", "- intent:", "wrong-type", "error", f"{STORIES}:5:12"),
    (
        STORIES,
        "- intent: greet",
        "- checkpoint: nowhere",
        "dangling-checkpoint",
        "warning",
        f"{STORIES}:5:5",
    ),
    (STORIES, "stories:", "storys:", "unknown-key", "error", f"{STORIES}:2:1"),
    (STORIES, "story: an", "stry: an", "unknown-key", "error", f"{STORIES}:3:3"),
    (STORIES, "steps:", "step:", "unknown-key", "error", f"{STORIES}:4:3"),
    (NLU, "[pizza](dish)", "[pizza](dish", "broken-annotation", "error", f"{NLU}:9:9"),
    (NLU, "[pizza](dish)", "[pizza]{dish}", "broken-annotation", "error", f"{NLU}:9:9"),
    (NLU, "(dish) please", "(food) please", "undeclared-entity", "warning", f"{NLU}:9:7"),
    (NLU, "- good morning", "- I want a salad", "ambiguous-example", "warning", f"{NLU}:10:7"),
    (
        NLU,
        "    - hello\n    - good morning\n",
        "",
        "intent-without-examples",
        "error",
        f"{NLU}:3:11",
    ),
    (
        NLU,
        "examples: |\n    - hello\n    - good morning",
        "examples: []",
        "intent-without-examples",
        "error",
        f"{NLU}:3:11",
    ),
    (NLU, "- hello", "hello", "skipped-example", "warning", f"{NLU}:5:5"),
    (NLU, "- intent: order", "- intent: ordr", "undeclared-intent", "warning", f"{NLU}:9:7"),
    (NLU, "- intent: order", "- intnet: order", "unknown-key", "error", f"{NLU}:7:3"),
    (NLU, "    - I want a [salad](dish)\n", "", "few-examples", "warning", f"{NLU}:9:7"),
    (
        NLU,
        "nlu:",
        "nlu:\n- regex: zip\n  examples: |\n    - \\d{5\n    - (a",
        "invalid-regex",
        "error",
        f"{NLU}:6:7",
    ),
    (
        NLU,
        "nlu:",
        "nlu:\n- lookup: city\n  examples: |\n    - data/cities.txt",
        "missing-lookup-file",
        "warning",
        f"{NLU}:5:7",
    ),
    (
        NLU,
        "nlu:",
        "nlu:\n- synonym: a\n  examples: |\n    - x\n- synonym: b\n  examples: |\n    - X",
        "ambiguous-synonym",
        "warning",
        f"{NLU}:6:12",
    ),
    (NLU, "nlu:", "nlu:\n- 5", "wrong-type", "error", f"{NLU}:3:3"),
    (NLU, "nlu:", "nlu:\n- examples: |\n    - x", "unknown-nlu-item", "warning", f"{NLU}:3:3"),
    (NLU, 'version: "3.1"', 'version: "4.0"', "newer-version", "warning", f"{NLU}:1:10"),
    (NLU, 'version: "3.1"', "version: 3.1", "bad-version", "warning", f"{NLU}:1:10"),
    (
        NLU,
        "- intent: greet",
        "- intent: greet\n  intent: x",
        "duplicate-key",
        "error",
        f"{NLU}:4:3",
    ),
    (DOMAIN, "- greet", "- greet\n- bye", "unlabelled-intent", "warning", f"{DOMAIN}:4:3"),
    (DOMAIN, "- greet", "- greet\n- bye", "unused-intent", "warning", f"{DOMAIN}:4:3"),
    (DOMAIN, "- greet", "- 5", "wrong-type", "error", f"{DOMAIN}:3:3"),
    (DOMAIN, "- greet", "- greet:", "empty-properties", "error", f"{DOMAIN}:3:3"),
    (
        DOMAIN,
        "- greet",
        "- greet: {use_entities: [dsh]}",
        "unknown-entity",
        "warning",
        f"{DOMAIN}:3:3",
    ),
    (DOMAIN, "- greet", "- greet\n- greet", "duplicate-intent", "error", f"{DOMAIN}:4:3"),
    (DOMAIN, "- dish", "- dish\n- city", "unused-entity", "warning", f"{DOMAIN}:7:3"),
    (DOMAIN, "type: text", "type: txt", "unknown-slot-type", "error", f"{DOMAIN}:9:11"),
    (DOMAIN, "type: text", "typ: text", "missing-key", "error", f"{DOMAIN}:8:3"),
    (
        DOMAIN,
        "type: text",
        "type: any\n    influence_conversation: true",
        "bad-slot",
        "error",
        f"{DOMAIN}:10:29",
    ),
    (DOMAIN, "type: text", "type: float\n    min_value: 3", "bad-slot", "error", f"{DOMAIN}:10:16"),
    (DOMAIN, "type: text", "type: categorical", "no-values", "warning", f"{DOMAIN}:9:5"),
    (
        DOMAIN,
        "type: text",
        "type: categorical\n    values: [soup]",
        "bad-slot-value",
        "warning",
        f"{STORIES}:11:7",
    ),
    (DOMAIN, "type: text", "type: bool", "bad-slot-value", "warning", f"{STORIES}:11:7"),
    (
        DOMAIN,
        "    mappings:\n    - type: from_entity\n      entity: dish\n",
        "",
        "missing-mappings",
        "error",
        f"{DOMAIN}:8:3",
    ),
    (DOMAIN, "from_entity", "from_entty", "bad-mapping", "error", f"{DOMAIN}:11:13"),
    (DOMAIN, "      entity: dish\n", "", "bad-mapping", "error", f"{DOMAIN}:11:7"),
    (DOMAIN, "entity: dish", "entity: dsh", "unknown-entity", "warning", f"{DOMAIN}:11:7"),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n      intent: ordr",
        "unknown-intent",
        "warning",
        f"{DOMAIN}:11:7",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n      conditions: [{active_loop: form}]",
        "unknown-form",
        "error",
        f"{DOMAIN}:11:7",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n      conditions: [{requested_slot: x}]",
        "bad-condition",
        "warning",
        f"{DOMAIN}:13:20",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n      condition: [{active_loop: x}]",
        "unknown-key",
        "warning",
        f"{DOMAIN}:13:7",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n    - {type: custom, action: action_find}",
        "unknown-action",
        "warning",
        f"{DOMAIN}:13:7",
    ),
    (
        DOMAIN,
        "type: text",
        "type: text\n    influence_conversation:",
        "empty-key",
        "warning",
        f"{DOMAIN}:10:28",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n    - type: from_entity\n      entity: dish",
        "shadowed-mapping",
        "warning",
        f"{DOMAIN}:13:7",
    ),
    (
        DOMAIN,
        "entity: dish",
        "entity: dish\n    - type: from_text",
        "greedy-from-text",
        "warning",
        f"{DOMAIN}:13:7",
    ),
    (
        DOMAIN,
        "responses:",
        "  meal:\n    type: text\n    mappings:\n    - type: from_entity\n"
        "      entity: dish\nresponses:",
        "shared-entity",
        "warning",
        f"{DOMAIN}:16:7",
    ),
    (DOMAIN, "One {dish}", "One {dsh}", "unknown-placeholder", "warning", f"{DOMAIN}:17:15"),
    (DOMAIN, "- text: Hello", "- txt: Hello", "unknown-key", "error", f"{DOMAIN}:15:5"),
    (DOMAIN, "- text: Hello", "- image: x.png", "empty-response", "error", f"{DOMAIN}:15:5"),
    (DOMAIN, "- text: Hello", "- text: 5", "wrong-type", "error", f"{DOMAIN}:15:11"),
    (
        DOMAIN,
        "- text: Hello",
        "- text: Hello\n    buttons: [{title: Go, payload: /gret}]",
        "unknown-payload-intent",
        "warning",
        f"{DOMAIN}:16:36",
    ),
    (
        DOMAIN,
        "- text: Hello",
        "- text: Hello\n    buttons: [{title: Go, payload: '/greet{x}'}]",
        "bad-payload",
        "warning",
        f"{DOMAIN}:16:36",
    ),
    (
        DOMAIN,
        "- text: Hello",
        """- text: Hello\n    buttons: [{title: Go, payload: '/greet{"dish": "soup"'}]""",
        "bad-payload",
        "warning",
        f"{DOMAIN}:16:36",
    ),
    (
        DOMAIN,
        "      entity: dish\n",
        "      entity: dish\n      conditions: [{active_loop: null, requested_slot: nope}]\n",
        "unknown-slot",
        "warning",
        f"{DOMAIN}:11:7",
    ),
    (
        DOMAIN,
        "- text: Hello",
        "- text: Hello\n    condition: [{type: slot, name: x, value: 1}]",
        "unknown-slot",
        "warning",
        f"{DOMAIN}:15:5",
    ),
    (
        DOMAIN,
        "- text: Hello",
        "- text: Hello\n  utter_bye:\n  - text: Bye",
        "unused-response",
        "warning",
        f"{DOMAIN}:16:3",
    ),
    (
        DOMAIN,
        "- text: Hello",
        "- text: Hello\n  bye:\n  - text: Bye",
        "response-name",
        "warning",
        f"{DOMAIN}:16:3",
    ),
    (
        DOMAIN,
        "responses:",
        "actions:\n- action_x\nresponses:",
        "unused-action",
        "warning",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "actions:\n- action_x\nresponses:",
        "unimplemented-action",
        "warning",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "actions:\n- validate_form\nresponses:",
        "unknown-form",
        "warning",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "forms:\n  f:\n    required_slots: [dish]\nresponses:",
        "unused-form",
        "warning",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "forms:\n  f:\n    required_slots: [dish]\nresponses:",
        "form-without-question",
        "warning",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "forms:\n  f:\n    required_slots: [size]\nresponses:",
        "unknown-slot",
        "error",
        f"{DOMAIN}:14:3",
    ),
    (
        DOMAIN,
        "responses:",
        "forms:\n  f:\n    requird_slots: [dish]\nresponses:",
        "unknown-key",
        "error",
        f"{DOMAIN}:15:5",
    ),
    (
        DOMAIN,
        "intents:",
        "session_config:\n  session_expiration_time: -5\nintents:",
        "bad-session",
        "error",
        f"{DOMAIN}:3:28",
    ),
    (DOMAIN, "intents:", "intent:", "unknown-key", "error", f"{DOMAIN}:2:1"),
    (CONFIG, "language: en", "langage: en", "unknown-key", "error", f"{CONFIG}:1:1"),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: DIETClasifier}]",
        "unknown-component",
        "error",
        f"{CONFIG}:2:19",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npolicies: [{name: RulPolicy}]",
        "unknown-policy",
        "error",
        f"{CONFIG}:2:19",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: fallback, treshold: 1}]",
        "unknown-key",
        "error",
        f"{CONFIG}:2:29",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: fallback, threshold: high}]",
        "wrong-setting",
        "error",
        f"{CONFIG}:2:29",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: fallback, threshold: 7}]",
        "wrong-setting",
        "warning",
        f"{CONFIG}:2:29",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: FallbackClassifier, threshold: high}]",
        "wrong-setting",
        "error",
        f"{CONFIG}:2:39",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npolicies: [{name: RulePolicy, core_fallback_threshold: -1}]",
        "wrong-setting",
        "warning",
        f"{CONFIG}:2:31",
    ),
    *(
        (
            CONFIG,
            "language: en",
            f"language: en\npolicies: [{{name: {policy}, {option}: {value}}}]",
            "wrong-setting",
            "error",
            f"{CONFIG}:2:{len(policy) + 21}",
        )
        for policy, option, value in [
            ("RulePolicy", "core_fallback_action_name", "{a: b}"),
            ("RulePolicy", "core_fallback_threshold", ".nan"),
            ("RulePolicy", "restrict_rules", "[yes]"),
            ("MemoizationPolicy", "max_history", "all"),
            ("TEDPolicy", "max_history", "2.5"),
            ("UnexpecTEDIntentPolicy", "ignore_intents_list", "5"),
            ("FallbackPolicy", "fallback_action_name", "5"),
        ]
    ),
    (
        CONFIG,
        "language: en",
        "language: en\npipeline: [{name: DIETClassifier}, {name: TEDPolicy}]",
        "unknown-component",
        "error",
        f"{CONFIG}:2:43",
    ),
    (
        DOMAIN,
        "intents:",
        "intents:\n- a{b}",
        "unsendable-intent",
        "warning",
        f"{DOMAIN}:3:3",
    ),
    (
        DOMAIN,
        "intents:",
        "intents:\n- mail@home",
        "unsendable-intent",
        "warning",
        f"{DOMAIN}:3:3",
    ),
    (DOMAIN, "responses:", "action: [a]\nresponses:", "unknown-key", "error", f"{DOMAIN}:13:1"),
    (
        CONFIG,
        "language: en",
        "language: en\nspaces: [docs]",
        "ignored-key",
        "warning",
        f"{CONFIG}:2:1",
    ),
    (
        CONFIG,
        "language: en",
        "language: en\nrecipe: default.v2",
        "unknown-recipe",
        "error",
        f"{CONFIG}:2:9",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "id", "severity", "place"),
    FAULTS,
    ids=[f"{fault[3]}-{index}" for index, fault in enumerate(FAULTS)],
)
def test_a_fault_is_found_at_its_place(
    tmp_path: Path, file: str, old: str, new: str, id: str, severity: str, place: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), file, old, new)

    assert (id, severity, place) in found(inspect(project))


def test_every_problem_of_a_typo_names_what_was_meant(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    edit(project, STORIES, "- intent: greet", "- intent: gret")
    edit(project, STORIES, "utter_greet", "utter_gret")

    hints = {problem.id: problem.hint for problem in inspect(project)}

    assert "did you mean 'greet'?" in hints["unknown-intent"]
    assert "did you mean 'utter_greet'?" in hints["unknown-response"]


def test_all_problems_are_found_in_one_run(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/more.yml": "nlu: [\n"})
    edit(project, STORIES, "utter_greet", "utter_gret")
    edit(project, NLU, "[pizza](dish)", "[pizza]{dish}")
    edit(project, CONFIG, "language: en", "langage: en")

    errors = {p.id for p in inspect(project) if p.severity == "error"}

    assert errors == {"yaml-syntax", "unknown-response", "broken-annotation", "unknown-key"}


@pytest.mark.parametrize(
    ("bare", "elsewhere"), [("greet", ""), ("nlu_fallback", ""), ("faq", "faq/opening")]
)
def test_an_intent_without_examples_is_a_warning_where_it_has_some_elsewhere_or_needs_none(
    tmp_path: Path, bare: str, elsewhere: str
) -> None:
    project = write_minimal(tmp_path, {})
    more = f"- intent: {elsewhere}\n  examples: |\n    - when are you open\n" if elsewhere else ""
    (project / "data" / "a.yml").write_text(f'version: "3.1"\nnlu:\n- intent: {bare}\n{more}')

    found = [p for p in inspect(project) if p.id == "intent-without-examples"]

    assert [(p.severity, str(p.where)) for p in found] == [("warning", "data/a.yml:3:11")]


def test_what_a_broken_file_may_hold_is_not_called_unused(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), STORIES, "steps:", "steps: [")

    assert [problem.id for problem in inspect(project)] == ["yaml-syntax"]


def test_a_section_put_aside_is_no_typo(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), NLU, "nlu:", "draft_nlu:\n- x\nnlu:")

    assert found(inspect(project)) == {("unknown-key", "warning", f"{NLU}:2:1")}


def test_stories_that_lead_round_in_a_loop_are_found(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "data/loop.yml": """\
                stories:
                - story: there
                  steps:
                  - checkpoint: here
                  - intent: greet
                  - action: utter_greet
                  - checkpoint: there
                - story: back
                  steps:
                  - checkpoint: there
                  - intent: order
                  - action: utter_ordered
                  - checkpoint: here
                """
        },
    )

    problems = [problem for problem in inspect(project) if problem.id == "checkpoint-loop"]

    assert len(problems) == 1
    assert "here > there > here" in problems[0].message
    assert str(problems[0].where) == "data/loop.yml:13:5"


RULES = """\
    rules:
    - rule: long
      steps:
      - intent: greet
      - action: utter_greet
      - intent: order
      - action: utter_ordered
    - rule: joined
      steps:
      - intent: greet
      - checkpoint: x
    """


def test_a_rule_has_one_user_turn_and_no_checkpoint(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/rules.yml": RULES})

    assert {
        ("long-rule", "error", "data/rules.yml:6:5"),
        ("bad-rule", "error", "data/rules.yml:11:5"),
    } <= found(inspect(project))


def test_rules_and_forms_need_the_rule_policy(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npolicies: [{name: MemoizationPolicy}]\n",
            "data/rules.yml": """\
                rules:
                - rule: r
                  steps:
                  - intent: greet
                  - action: utter_greet
                """,
        },
    )
    edit(project, DOMAIN, "responses:", "forms:\n  f: {required_slots: [dish]}\nresponses:")

    ids = {problem.id for problem in inspect(project)}

    assert {"rules-without-policy", "forms-without-policy"} <= ids


def test_retrieval_intents_need_responses_and_a_selector(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npipeline: [{name: DIETClassifier}]\n",
            "data/faq.yml": """\
                nlu:
                - intent: faq/price
                  examples: |
                    - how much is it
                    - what does it cost
                rules:
                - rule: faq
                  steps:
                  - intent: faq
                  - action: utter_faq
                responses:
                  utter_faq/prize:
                  - text: Ten
                """,
        },
    )
    edit(project, DOMAIN, "- greet", "- greet\n- faq")

    problems = found(inspect(project))

    assert ("missing-response", "warning", "data/faq.yml:4:7") in problems
    assert ("unused-response", "warning", "data/faq.yml:12:3") in problems
    assert ("missing-selector", "warning", "domain.yml:4:3") in problems
    assert not [problem for problem in problems if problem[1] == "error"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{gret: 0.8}", "the intent 'gret', which no file defines"),
        ("{greet: 1.8}", "the threshold of 'greet' is 1.8: expected a number from 0 to 1"),
        ("{greet: high}", "the threshold of 'greet' is 'high': expected a number from 0 to 1"),
        ("0.8", "`thresholds` of `FallbackClassifier` is 0.8: expected a mapping"),
    ],
)
def test_thresholds_of_single_intents_are_checked(tmp_path: Path, written: str, message: str):
    pipeline = f"[{{name: DIETClassifier}}, {{name: FallbackClassifier, thresholds: {written}}}]"
    project = write_minimal(tmp_path, {CONFIG: f"language: en\npipeline: {pipeline}\n"})

    (problem,) = (item for item in inspect(project) if item.severity == "error")

    assert message in problem.message
    assert problem.where is not None
    assert str(problem.where).startswith(CONFIG)
    assert ("did you mean 'greet'?" in problem.hint) is ("gret'" in message)


def test_faults_of_regression_conversations_are_warnings(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "tests/test_stories.yml": """\
                stories:
                - story: t
                  steps:
                  - user: hello
                    intent: gret
                  - action: utter_gret
                """
        },
    )

    assert found(inspect(project)) == {
        ("unknown-intent", "warning", "tests/test_stories.yml:4:5"),
        ("unknown-response", "warning", "tests/test_stories.yml:6:5"),
    }


@pytest.mark.parametrize(
    ("of_type", "is_warned_of"),
    [("text", False), ("list", False), ("bool", True), ("float", True), ("any", False)],
)
def test_a_slot_without_a_value_is_a_warning_unless_its_type_has_a_usual_one(
    tmp_path: Path, of_type: str, is_warned_of: bool
) -> None:
    project = edit(
        write_minimal(tmp_path, {}),
        DOMAIN,
        "responses:",
        f"  more: {{type: {of_type}}}\nresponses:",
    )
    edit(project, STORIES, "    - dish: pizza\n  - action", "    - more\n  - action")

    warning = ("slot-without-value", "warning", f"{STORIES}:11:7")
    assert (warning in found(inspect(project))) is is_warned_of


def test_a_test_file_among_the_training_data_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    (project / STORIES).rename(project / "data/test_stories.yml")

    assert found(inspect(project)) == {
        ("test-file-trained-on", "warning", "data/test_stories.yml:2:1")
    }
    assert {str(story.where.file) for story in load_project(project).stories} == {
        "data/test_stories.yml"
    }


def test_actions_of_the_bots_own_code_are_known(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "actions/orders.py": """\
                class Cook:
                    name = "action_cook"

                class Serve:
                    def name(self):
                        return "action_serve"
                """
        },
    )
    edit(
        project,
        DOMAIN,
        "responses:",
        "actions: [action_cook, action_serve, action_srve]\nresponses:",
    )

    problems = [p for p in inspect(project) if p.id == "unimplemented-action"]

    assert [problem.hint for problem in problems] == ["did you mean 'action_serve'?"]


def test_a_component_may_be_the_bots_own(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npipeline: [{name: DIETClassifier}, {name: mood, scale: 3}]\n",
            "actions/mood.py": "class Mood:\n    name = 'mood'\n",
        },
    )

    assert inspect(project) == ()


def test_a_part_in_the_section_of_the_other_kind_is_told_where_it_belongs(tmp_path: Path) -> None:
    lines = "language: en\npipeline: [{name: TEDPolicy}]\npolicies: [{name: synonyms}]\n"
    project = write_minimal(tmp_path, {CONFIG: lines})

    assert [problem.hint for problem in inspect(project)] == [
        "it is a policy: move it to `policies:`",
        "it is a component: move it to `pipeline:`",
    ]


@pytest.mark.parametrize("name", ["DucklingEntityExtractor", "duckling_entities"])
def test_a_single_text_where_texts_are_listed_is_a_list_of_one(tmp_path: Path, name: str) -> None:
    pipeline = f"pipeline: [{{name: DIETClassifier}}, {{name: {name}, dimensions: time}}]"
    project = write_minimal(tmp_path, {CONFIG: f"language: en\n{pipeline}\n"})

    place = pipeline.index("dimensions") + 1
    assert found(inspect(project)) == {("wrong-setting", "warning", f"{CONFIG}:2:{place}")}
    assert load_project(project).config.pipeline[1].settings == {"dimensions": ["time"]}


def test_a_response_that_the_code_says_and_no_file_defines_is_pointed_out(tmp_path: Path) -> None:
    code = """\
        class Serve:
            name = "action_serve"

            def run(self, ctx, dispatcher):
                ctx.say("utter_greet")
                ctx.say("utter_gret")
                ctx.say("utter_ is how names begin")
                dispatcher.utter_message(response="utter_nothing", text="utter_text")
        """
    project = write_minimal(tmp_path, {"actions.py": code})
    edit(project, DOMAIN, "responses:", "actions: [action_serve]\nresponses:")

    problems = [p for p in inspect(project) if p.id == "unknown-response"]

    assert [(str(p.where), p.hint) for p in problems] == [
        ("actions.py:6:17", "did you mean 'utter_greet'?"),
        ("actions.py:8:43", "add it under `responses:`"),
    ]


def test_a_server_that_writes_replies_may_have_responses_of_its_own(tmp_path: Path) -> None:
    files = {
        "actions.py": "def run(ctx):\n    ctx.say('utter_theirs')\n",
        "endpoints.yml": "nlg: {url: 'http://nlg'}\n",
    }

    assert inspect(write_minimal(tmp_path, files)) == ()


@pytest.mark.parametrize(
    ("service", "url", "is_fine"),
    [
        ("action_endpoint", "localhost:5055/webhook", False),
        ("action_endpoint", "http://localhost:5055/webhook", True),
        ("action_endpoint", "${ACTIONS}", True),
        ("nlg", "/nlg", False),
        ("tracker_store", "localhost", True),
    ],
)
def test_an_address_that_is_called_names_its_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, url: str, is_fine: bool
) -> None:
    monkeypatch.delenv("ACTIONS", raising=False)
    project = write_minimal(tmp_path, {"endpoints.yml": f'{service}: {{url: "{url}"}}\n'})

    ids = {problem.id for problem in inspect(project)}

    assert ("bad-address" not in ids) == is_fine


def test_tables_that_no_component_reads_are_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path, {CONFIG: "language: en\npipeline: [{name: DIETClassifier}]\n"}
    )
    tables = "- synonym: s\n  examples: |\n    - t\n- regex: r\n  examples: |\n    - u\n"
    edit(project, NLU, "nlu:\n", f"nlu:\n{tables}")

    assert found(inspect(project)) == {
        ("unused-table", "warning", f"{NLU}:3:12"),
        ("unused-table", "warning", f"{NLU}:8:7"),
    }


def test_a_slot_that_nothing_reads_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    edit(
        project,
        DOMAIN,
        "responses:",
        "  old:\n    type: bool\n    mappings: [{type: custom}]\nresponses:",
    )

    assert found(inspect(project)) == {("unused-slot", "warning", f"{DOMAIN}:13:3")}


def test_an_action_named_as_a_response_needs_one(tmp_path: Path) -> None:
    project = edit(
        write_minimal(tmp_path, {}), DOMAIN, "responses:", "actions: [utter_x]\nresponses:"
    )

    assert found(inspect(project)) == {("missing-response", "warning", f"{DOMAIN}:13:11")}


def test_a_misspelt_channel_or_service_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path, {"credentials.yml": "socktio: {a: 1}\n", "endpoints.yml": "action_endpont: {}\n"}
    )

    assert found(inspect(project)) == {
        ("unknown-channel", "warning", "credentials.yml:1:1"),
        ("unknown-key", "warning", "endpoints.yml:1:1"),
    }


def test_services_that_nothing_here_reads_may_be_of_any_kind(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"endpoints.yml": "url: http://app\nmodel_groups: [x]\n"})

    assert found(inspect(project)) == {
        ("unknown-key", "warning", "endpoints.yml:1:1"),
        ("unknown-key", "warning", "endpoints.yml:2:1"),
    }


def test_files_of_others_among_the_data_are_left_alone(tmp_path: Path) -> None:
    headless = (
        "# stories:\nversion: '3.1'\n- story: x\n  steps:\n  - intent: y\n    entities: [z]\n"
    )
    project = write_minimal(
        tmp_path, {"data/names.yml": "- Ada\n- Bea\n", "data/put_aside.yaml": headless}
    )

    assert found(inspect(project)) == {
        ("foreign-file", "warning", "data/names.yml:1:1"),
        ("foreign-file", "warning", "data/put_aside.yaml:3:1"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "id", "place"),
    [
        (STORIES, "- story: an order", "- story:", "missing-name", f"{STORIES}:3:3"),
        (STORIES, "- story: an order", '- story: " "', "missing-name", f"{STORIES}:3:3"),
        (
            DOMAIN,
            "    mappings:\n    - type: from_entity\n      entity: dish\n",
            "    mappings: []\n",
            "missing-mappings",
            f"{DOMAIN}:8:3",
        ),
        (
            STORIES,
            "  - action: utter_greet",
            "  - action:\n  - action: utter_greet",
            "empty-step",
            f"{STORIES}:6:5",
        ),
        (
            NLU,
            "nlu:\n",
            "nlu:\n- intent: greet\n  examples:\n  - text:\n  - text: ' '\n  - text: hey\n",
            "empty-example",
            f"{NLU}:5:",
        ),
        (
            STORIES,
            "  - action: utter_greet",
            "  - entities: [dish]\n  - action: utter_greet",
            "empty-step",
            f"{STORIES}:6:5",
        ),
    ],
)
def test_what_is_empty_and_rasa_passes_over_is_a_warning(
    tmp_path: Path, file: str, old: str, new: str, id: str, place: str
) -> None:
    problems = inspect(edit(write_minimal(tmp_path, {}), file, old, new))

    assert not [p for p in problems if p.severity == "error"]
    assert any(p.id == id and str(p.where).startswith(place) for p in problems)


def test_a_story_without_a_name_is_learned_and_goes_by_its_place(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), STORIES, "- story: an order", "- story:")

    assert load_project(project).stories[0].name == f"{STORIES}:3:3"


@pytest.mark.parametrize("url", ['""', "", "' '"])
def test_an_empty_address_of_a_service_is_none(tmp_path: Path, url: str) -> None:
    endpoints = f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  url: {url}\n"
    project = write_minimal(tmp_path, {"endpoints.yml": endpoints})

    assert found(inspect(project)) == {("ignored-key", "warning", "endpoints.yml:1:1")}
    assert load_project(project).endpoints.services["tracker_store"].url is None


@pytest.mark.parametrize("service", ["action_endpoint", "nlg"])
def test_a_service_that_is_called_needs_an_address(tmp_path: Path, service: str) -> None:
    project = write_minimal(tmp_path, {"endpoints.yml": f"{service}: {{timeout: 5}}\n"})

    assert found(inspect(project)) == {("missing-address", "warning", "endpoints.yml:1:1")}


def test_half_a_character_in_the_payload_of_a_story_is_pointed_out(tmp_path: Path) -> None:
    step = '- user: "/order{\\"dish\\": \\"\\\\ud83d\\"}"\n  - intent: greet'
    project = edit(write_minimal(tmp_path, {}), STORIES, "- intent: greet", step)

    assert "bad-payload" in {problem.id for problem in inspect(project)}


def test_stories_without_their_section_are_said_to_be_lost(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/b.yml": "version: '3.1'\n- rule: x\n  steps: []\n"})

    problem = next(p for p in inspect(project) if p.id == "foreign-file")

    assert problem.message == "the file has no `rules:`, so what it lists is not read"
    assert problem.hint == "write `rules:` in a line of its own above the first `- rule:`"


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("colour: red", "error"),
        ("limit: 3", "error"),
        ("strict: true", "error"),
        ("language: en", "warning"),
        ("description: a bot", "warning"),
        ("flows: {a: 1}", "warning"),
        ("colours: [red]", "warning"),
        ("colour:", "warning"),
        ("notes: |\n  of ours", "warning"),
    ],
)
@pytest.mark.parametrize("file", [DOMAIN, NLU])
def test_a_setting_that_nothing_reads_is_an_error_and_what_others_may_read_is_not(
    tmp_path: Path, file: str, line: str, severity: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), file, "", f"{line}\n")

    assert ("unknown-key", severity, f"{file}:1:1") in found(inspect(project))


@pytest.mark.parametrize("line", ["encoder: no-such-encoder", "encoder: ./nowhere"])
def test_an_encoder_that_training_refuses_is_an_error_of_the_check(
    tmp_path: Path, line: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), CONFIG, "", f"{line}\n")

    assert ("missing-encoder", "error", f"{CONFIG}:1:10") in found(inspect(project))


def test_a_broken_file_with_a_section_is_an_error(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/more.yml": "'nlu' : [\n"})

    assert [problem.id for problem in inspect(project)] == ["yaml-syntax"]


def test_code_that_is_no_python_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"actions.py": "class X:\n    def run(self:\n"})

    assert ("broken-code", "warning", "actions.py:2:12") in found(inspect(project))


@pytest.mark.parametrize(
    ("files", "id"),
    [
        ({}, "empty-project"),
        ({"config.yml": "language: en"}, "no-training-data"),
        ({"data/nlu.yml": "# nothing"}, "no-training-data"),
        ({"data/stories.yml": "stories:\n- story: s\n  steps:\n  - intent: a\n"}, "missing-domain"),
    ],
)
def test_a_project_that_lacks_the_essential_is_an_error(
    tmp_path: Path, files: dict[str, str], id: str
) -> None:
    problems = inspect(write(tmp_path, files))

    assert id in {problem.id for problem in problems if problem.severity == "error"}


def test_a_domain_that_is_skipped_as_too_new_is_a_missing_domain(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), DOMAIN, 'version: "3.1"', 'version: "9.9"')

    problems = inspect(project)

    assert [problem.id for problem in problems if problem.severity == "error"] == ["missing-domain"]
    assert "newer-version" in {problem.id for problem in problems}


def test_a_project_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert [problem.id for problem in inspect(tmp_path / "no")] == ["missing-project"]


def test_paths_of_the_call_that_do_not_exist_are_errors(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})

    problems = inspect(project, data=["dat"], domain="dom.yml", config="conf.yml")

    missing = [str(problem.where) for problem in problems if problem.id == "missing-file"]
    assert missing == ["conf.yml", "dat", "dom.yml"]


def test_checking_imports_neither_torch_nor_transformers(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {CONFIG: "language: en\npipeline: [{name: fallback, threshold: 0.5}]\n"},
    )
    code = (
        "import sys; from framework.project.checks import inspect; inspect(sys.argv[1]);"
        "print([name for name in ('torch', 'transformers', 'safetensors') if name in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, str(project)], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"
