from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import TypeAdapter

from framework.errors import Location, ProjectError
from framework.project.load import load_project, read_tests
from framework.project.schema.domain import (
    DEFAULT_INTENTS,
    Domain,
    Intent,
    MappingCondition,
    SlotMapping,
)
from framework.project.schema.nlu import EntityAnnotation
from framework.project.schema.project import Project
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    SlotStep,
    SlotValue,
    StepEntity,
    UserStep,
)
from tests.project.projects import edit, write, write_minimal

DOMAIN = """\
    version: "3.1"
    intents:
    - greet
    - inform: {use_entities: [city], ignore_entities: [number]}
    - chat: {use_entities: []}
    - faq
    entities:
    - number
    - city: {roles: [from, to], groups: ["1"], influence_conversation: false}
    slots:
      city:
        type: categorical
        values: [Paris, ROME, 5]
        mappings:
        - {type: from_entity, entity: city, role: to, group: "1", intent: inform,
           not_intent: [greet, chat]}
        - {type: from_intent, intent: greet, value: home,
           conditions: [{active_loop: trip, requested_slot: city}, {active_loop: null}]}
      size:
        type: float
        min_value: 1
        max_value: 10
        initial_value: 2
        mappings: [{type: custom, action: action_size}]
      anything:
        type: any
        mappings: [{type: from_trigger_intent, intent: inform, value: yes}]
    forms:
      trip:
        required_slots: [city]
        ignored_intents: chat
    actions:
    - action_size
    - action_query_knowledge_base: {send_domain: true}
    e2e_actions: [Hello there]
    session_config:
      session_expiration_time: 0
      carry_over_slots_to_new_session: false
    responses:
      utter_ask_city:
      - text: Where to, {size}?
        image: map.png
        buttons: [{title: Paris, payload: '/inform{"city": "Paris"}', color: red}]
        button_type: vertical
        quick_replies: [{title: Rome, payload: /greet}]
        elements: [{title: one}]
        attachment: {type: file}
        custom: {any: [1, {deep: true}]}
        channel: slack
        condition: [{type: slot, name: size, value: 3}]
        language: de
        id: one
        metadata: {tone: warm}
        rephrase: true
      - custom: {only: this}
    """

STORIES = """\
    version: "3.1"
    stories:
    - story: all steps
      metadata: {source: test}
      steps:
      - checkpoint: begin
        slot_was_set:
        - city: Paris
      - intent: inform
        entities:
        - city: Paris
          role: to
          group: "1"
        - number
      - or:
        - intent: greet
        - intent: chat
          entities: [number]
      - or:
        - slot_was_set:
          - city: rome
          - size
      - user: go to [Paris](city)
        intent: inform
      - user: |
          only [text](city)
      - user: '/inform{"city": ["a", "b"]}'
        intent: /inform
      - action: trip
      - active_loop: trip
      - active_loop: null
      - slot_was_set:
        - city: null
        - size: 3
          anything: [1, 2]
        - city
      - bot: Hello there
      - metadata: ignored
      - checkpoint: end
    rules:
    - rule: welcome
      condition:
      - active_loop: null
      - slot_was_set: [{size: 3}]
      conversation_start: true
      wait_for_user_input: false
      steps:
      - intent: faq/price
      - action: utter_faq
    """

NLU = """\
    nlu:
    - intent: greet
      metadata: {sentiment: neutral}
      examples:
      - text: hello [Paris](city)
        metadata: {sentiment: good}
      - text: |
          good day
    - intent: inform
      examples: |
        - to [the capital]{"entity": "city", "role": "to", "value": "Paris"}
        - 5 [people](number)
    - intent: chat+greet
      examples: |
        - hi there
        - how are you
    - intent: faq/price
      examples: |
        - how much
        - what is the price
    - synonym: Rome
      examples: |
        - Roma
        - the eternal city
    - regex: number
      examples: |
        - \\d+
        - one|two
    - lookup: city
      examples: |
        - Paris
        - Rome
    - lookup: town
      examples: data/towns.txt
    responses:
      utter_faq/price:
      - text: Ten
    """


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    files = {
        "config.yml": "language: en\nassistant_id: trips\n",
        "domain.yml": DOMAIN,
        "data/nlu.yml": NLU,
        "data/stories.yml": STORIES,
        "data/towns.txt": "Lyon\n\n Bari \n",
        "endpoints.yml": "action_endpoint:\n  url: http://x\n  token: t\ntracker_store:\n",
        "credentials.yml": "rest:\nrasa:\n  url: http://localhost:5002/api\n",
    }
    return load_project(write(tmp_path_factory.mktemp("trips"), files))


def test_intents_keep_what_they_may_see(project: Project) -> None:
    intents = project.domain.intents

    assert intents["inform"].use_entities == ("city",)
    assert intents["inform"].ignore_entities == ("number",)
    assert intents["chat"].use_entities == ()
    assert intents["greet"].use_entities is None
    assert intents["greet"].where == Location(file="domain.yml", line=3, column=3)
    assert [name for name, intent in intents.items() if intent.is_retrieval] == ["faq"]
    assert intents["nlu_fallback"] == Intent(name="nlu_fallback")
    assert set(DEFAULT_INTENTS) < set(intents)


def test_retrieval_intents_of_the_data_need_not_be_declared(tmp_path: Path) -> None:
    faq = """\
    nlu:
    - intent: faq/hours
      examples: |
        - when are you open
        - opening hours
    responses:
      utter_faq/hours:
      - text: From nine
    rules:
    - rule: faq
      steps:
      - intent: faq
      - action: utter_faq
    """

    loaded = load_project(write_minimal(tmp_path, {"data/faq.yml": dedent(faq)}))

    assert not loaded.problems
    assert loaded.domain.intents["faq"] == Intent(name="faq", is_retrieval=True)
    assert "utter_faq" in loaded.domain.actions


def test_entities_keep_roles_and_groups(project: Project) -> None:
    city = project.domain.entities["city"]

    assert (city.roles, city.groups, city.influence_conversation) == (("from", "to"), ("1",), False)


def test_slots_keep_types_values_and_mappings(project: Project) -> None:
    city, size = project.domain.slots["city"], project.domain.slots["size"]

    assert city.values == ("paris", "rome", "5")
    assert city.mappings == (
        SlotMapping(
            type="from_entity",
            entity="city",
            role="to",
            group="1",
            intents=("inform",),
            not_intents=("greet", "chat"),
            where=Location(file="domain.yml", line=15, column=7),
        ),
        SlotMapping(
            type="from_intent",
            intents=("greet",),
            value="home",
            conditions=(
                MappingCondition(active_loop="trip", requested_slot="city"),
                MappingCondition(),
            ),
            where=Location(file="domain.yml", line=17, column=7),
        ),
    )
    assert (size.min_value, size.max_value, size.initial_value) == (1, 10, 2)
    assert size.mappings[0].action == "action_size"
    assert project.domain.slots["anything"].mappings[0].value == "yes"
    assert not project.domain.slots["anything"].influence_conversation


def test_hidden_slots_and_actions_are_added(project: Project) -> None:
    hidden = {name for name, slot in project.domain.slots.items() if slot.where is None}

    assert hidden == {
        "requested_slot",
        "session_started_metadata",
        "knowledge_base_listed_objects",
        "knowledge_base_last_object",
        "knowledge_base_last_object_type",
    }
    assert project.domain.actions["utter_faq"].where is None
    assert project.domain.actions["action_query_knowledge_base"].send_domain


def test_forms_session_and_texts_of_actions_are_read(project: Project) -> None:
    domain = project.domain

    assert domain.forms["trip"].required_slots == ("city",)
    assert domain.forms["trip"].ignored_intents == ("chat",)
    assert (domain.session.expiration_minutes, domain.session.carry_over_slots) == (0, False)
    assert domain.e2e_actions == ("Hello there",)


def test_every_key_of_a_response_is_read(project: Project) -> None:
    first, second = project.domain.responses["utter_ask_city"].variations

    assert first.text == "Where to, {size}?"
    assert first.buttons[0]["color"] == "red"
    assert first.quick_replies[0]["payload"] == "/greet"
    assert first.custom == {"any": [1, {"deep": True}]}
    assert (first.channel, first.language, first.id, first.rephrase) == ("slack", "de", "one", True)
    assert [(one.slot, one.value) for one in first.conditions] == [("size", 3)]
    assert (first.button_type, first.image, first.attachment) == (
        "vertical",
        "map.png",
        {"type": "file"},
    )
    assert (second.text, second.custom) == (None, {"only": "this"})
    assert list(project.domain.responses) == ["utter_ask_city", "utter_faq/price"]


def test_the_domain_survives_json(project: Project) -> None:
    adapter = TypeAdapter(Domain)

    assert adapter.validate_json(adapter.dump_json(project.domain)) == project.domain


def test_examples_keep_text_label_spans_metadata_and_place(project: Project) -> None:
    examples = project.nlu.examples

    assert [(example.text, example.intent) for example in examples[:3]] == [
        ("hello Paris", "greet"),
        ("good day", "greet"),
        ("to the capital", "inform"),
    ]
    assert examples[0].metadata == {"sentiment": "good"}
    assert examples[1].metadata == {"sentiment": "neutral"}
    assert examples[2].entities == (
        EntityAnnotation(entity="city", start=3, end=14, value="Paris", role="to"),
    )
    assert [str(example.where) for example in examples[:3]] == [
        "data/nlu.yml:5:11",
        "data/nlu.yml:8:7",
        "data/nlu.yml:11:7",
    ]
    assert {example.intent for example in examples} >= {"chat+greet", "faq/price"}


def test_tables_of_entities_are_read(project: Project) -> None:
    nlu = project.nlu

    assert [(one.value, one.spellings) for one in nlu.synonyms] == [
        ("Paris", ("the capital",)),
        ("Rome", ("Roma", "the eternal city")),
    ]
    assert [(one.name, one.pattern) for one in nlu.regexes] == [
        ("number", "\\d+"),
        ("number", "one|two"),
    ]
    assert [(one.name, one.elements) for one in nlu.lookups] == [
        ("city", ("Paris", "Rome")),
        ("town", ("Lyon", "Bari")),
    ]


def at(line: int, column: int) -> Location:
    return Location(file="data/stories.yml", line=line, column=column)


def test_every_kind_of_step_is_read(project: Project) -> None:
    story = project.stories[0]
    annotation = EntityAnnotation(entity="city", start=6, end=11, value="Paris")
    text = EntityAnnotation(entity="city", start=5, end=9, value="text")

    assert story.metadata == {"source": "test"}
    assert story.steps == (
        CheckpointStep(
            name="begin",
            slots=(SlotValue(slot="city", value="Paris", where=at(8, 7)),),
            where=at(6, 5),
        ),
        UserStep(
            intent="inform",
            entities=(
                StepEntity(entity="city", value="Paris", role="to", group="1"),
                StepEntity(entity="number"),
            ),
            where=at(9, 5),
        ),
        OrStep(
            options=(
                UserStep(intent="greet", where=at(16, 7)),
                UserStep(intent="chat", entities=(StepEntity(entity="number"),), where=at(17, 7)),
            ),
            where=at(15, 5),
        ),
        OrStep(
            options=(
                SlotStep(
                    slots=(SlotValue(slot="city", value="rome", where=at(21, 9)),),
                    where=at(21, 9),
                ),
                SlotStep(
                    slots=(SlotValue(slot="size", has_value=False, where=at(22, 9)),),
                    where=at(22, 9),
                ),
            ),
            where=at(19, 5),
        ),
        UserStep(intent="inform", text="go to Paris", annotations=(annotation,), where=at(23, 5)),
        UserStep(text="only text", annotations=(text,), where=at(25, 5)),
        UserStep(
            intent="inform",
            text='/inform{"city": ["a", "b"]}',
            entities=(StepEntity(entity="city", value="a"), StepEntity(entity="city", value="b")),
            where=at(27, 5),
        ),
        ActionStep(action="trip", where=at(29, 5)),
        LoopStep(name="trip", where=at(30, 5)),
        LoopStep(name=None, where=at(31, 5)),
        SlotStep(
            slots=(
                SlotValue(slot="city", value=None, where=at(33, 7)),
                SlotValue(slot="size", value=3, where=at(34, 7)),
                SlotValue(slot="anything", value=[1, 2], where=at(35, 7)),
                SlotValue(slot="city", has_value=False, where=at(36, 7)),
            ),
            where=at(32, 5),
        ),
        BotStep(text="Hello there", where=at(37, 5)),
        CheckpointStep(name="end", where=at(39, 5)),
    )


def test_rules_keep_conditions_and_flags(project: Project) -> None:
    rule = project.rules[0]

    assert rule.conditions == (
        LoopStep(name=None, where=at(43, 5)),
        SlotStep(slots=(SlotValue(slot="size", value=3, where=at(44, 21)),), where=at(44, 5)),
    )
    assert (rule.conversation_start, rule.wait_for_user_input) == (True, False)
    assert rule.steps[0] == UserStep(intent="faq", where=at(48, 5))
    warnings = {problem.id for problem in project.problems}
    assert {"full-retrieval-intent", "needless-slash"} <= warnings


def test_services_and_channels_are_read(project: Project) -> None:
    assert project.endpoints.services["action_endpoint"].url == "http://x"
    assert project.endpoints.services["action_endpoint"].options == {"token": "t"}
    assert "tracker_store" not in project.endpoints.services
    assert project.credentials.channels == {
        "rest": {},
        "rasa": {"url": "http://localhost:5002/api"},
    }
    places = [problem.where for problem in project.problems if problem.where]
    assert "credentials.yml" not in {place.file for place in places}


def test_errors_are_raised_together(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"data/more.yml": "nlu: [\n"})
    edit(folder, "data/stories.yml", "utter_greet", "utter_gret")

    with pytest.raises(ProjectError) as raised:
        load_project(folder)

    errors = {problem.id for problem in raised.value.found if problem.severity == "error"}
    assert errors == {"yaml-syntax", "unknown-response"}
    assert raised.value.exit_code == 2


def test_a_domain_may_be_a_folder_or_spread_over_the_data(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"domain.yml": None})
    domain = write_minimal(tmp_path / "other", {}) / "domain.yml"
    text = domain.read_text()
    head, slots = text.split("slots:", 1)
    write(folder, {"domain/parts/intents.yml": head, "data/slots.yml": f"slots:{slots}"})

    assert set(load_project(folder).domain.intents) >= {"greet", "order"}
    assert set(load_project(folder).domain.slots) >= {"dish"}


def test_a_domain_folder_beside_a_domain_file_is_not_read(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"domain/more.yml": "intents:\n- bye\n"})

    project = load_project(folder)

    assert "bye" not in project.domain.intents
    assert [(p.id, str(p.where)) for p in project.problems] == [("unread-folder", "domain")]
    assert "bye" in load_project(folder, domain=["domain.yml", "domain"]).domain.intents


def test_a_blank_text_beside_an_intent_is_no_text(tmp_path: Path) -> None:
    step = "- intent: greet\n    user: |\n\n  - action: utter_greet"
    folder = edit(write_minimal(tmp_path, {}), "data/stories.yml", "- intent: greet", step)

    first = load_project(folder).stories[0].steps[0]

    assert isinstance(first, UserStep)
    assert (first.intent, first.text) == ("greet", None)


def test_given_paths_replace_the_usual_ones(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {})
    for name in ("data", "domain.yml", "config.yml"):
        (folder / name).rename(folder / f"my_{name}")

    project = load_project(
        folder,
        data=["my_data/nlu.yml", "my_data/stories.yml"],
        domain="my_domain.yml",
        config="my_config.yml",
    )

    assert len(project.stories) == 1
    assert project.problems == ()


def test_declarations_of_two_files_are_merged_with_a_warning(tmp_path: Path) -> None:
    folder = write_minimal(
        tmp_path,
        {"data/extra.yml": "intents: [greet, bye]\nresponses:\n  utter_greet:\n  - text: Hi\n"},
    )

    project = load_project(folder)

    assert "bye" in project.domain.intents
    assert project.domain.responses["utter_greet"].variations[0].text == "Hello"
    ids = [problem.id for problem in project.problems]
    assert {"duplicate-intent", "duplicate-response"} <= set(ids)


def test_labelled_texts_alone_declare_their_labels(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"domain.yml": None, "data/stories.yml": None})

    project = load_project(folder)

    assert {"greet", "order"} <= set(project.domain.intents)
    assert set(project.domain.entities) == {"dish"}
    assert [problem.id for problem in project.problems] == ["missing-domain"]


def test_a_file_of_a_newer_format_is_skipped(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"data/new.yml": 'version: "3.2"\nnlu: nonsense\n'})

    assert [problem.id for problem in load_project(folder).problems] == ["newer-version"]


def test_broken_tests_do_not_stop_training(tmp_path: Path) -> None:
    folder = write_minimal(tmp_path, {"tests/test_stories.yml": "stories: [\n"})

    assert load_project(folder).problems == ()


TESTS = """\
    stories:
    - story: checks
      steps:
      - user: |
          to [Paris](city)
        intent: faq/price
        bot: [Ten, /t.n/]
        slots: {city: Paris}
      - action: utter_greet
        bot: Hello
    nlu:
    - intent: greet
      examples: |
        - hello
    """


def test_regression_conversations_state_what_must_be_said_and_hold(tmp_path: Path) -> None:
    suite = read_tests(write(tmp_path, {"stories/a.yml": TESTS}), ["stories"])

    user, action = suite.stories[0].steps
    assert isinstance(user, UserStep)
    assert isinstance(action, ActionStep)
    assert (user.intent, user.text) == ("faq/price", "to Paris")
    assert user.expect is not None
    assert action.expect is not None
    assert user.expect.replies == ("Ten", "/t.n/")
    assert user.expect.slots == {"city": "Paris"}
    assert action.expect.replies == ("Hello",)
    assert [example.text for example in suite.examples] == ["hello"]


def test_missing_and_broken_tests_are_errors(tmp_path: Path) -> None:
    write(tmp_path, {"stories/a.yml": "stories:\n- story: s\n  stps: []\n"})

    with pytest.raises(ProjectError) as raised:
        read_tests(tmp_path, ["stories", "no_such_folder"])

    assert {problem.id for problem in raised.value.found} >= {"missing-file", "unknown-key"}


def test_sections_that_tests_do_not_have_are_pointed_out(tmp_path: Path) -> None:
    text = "rules: []\ntest_cases: []\nstories: []\nservices: {}\n"

    suite = read_tests(write(tmp_path, {"tests/a.yml": text}), "tests")

    assert [(p.id, str(p.where)) for p in suite.problems] == [
        ("unread-section", "tests/a.yml:1:1"),
        ("unread-section", "tests/a.yml:2:1"),
    ]
    with pytest.raises(ProjectError, match="storys"):
        read_tests(write(tmp_path, {"tests/a.yml": "storys: []\n"}), "tests")


def test_problems_render_as_json(tmp_path: Path) -> None:
    folder = edit(write_minimal(tmp_path, {}), "data/stories.yml", "utter_greet", "utter_gret")

    with pytest.raises(ProjectError) as raised:
        load_project(folder)

    assert json.dumps([str(problem) for problem in raised.value.problems()])
