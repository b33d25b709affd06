"""Catalogues: read with every fault in its place, and checked against the project."""

from __future__ import annotations

import pytest

from framework.errors import UsageError
from framework.project.catalogue import read_catalogue
from framework.project.checks import inspect
from framework.project.findings import Findings
from framework.project.schema.recommend import RecommendSettings

CSV = """\
name,grain,price,about
Baguette,wheat,2,"crisp, light"
Rye,rye; wheat,4.5,
"""
YAML = """\
breads:
- name: Baguette
  grain: wheat
  price: 2
  about: crisp, light
- name: Rye
  grain: [rye, wheat]
  price: 4.5
  about: null
"""


def read(tmp_path, content, *, file="breads.csv", **settings):
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    findings = Findings()
    given = {
        "catalogue": file,
        "id": "name",
        "match": {"price": {"from": "budget", "rule": "at_most"}},
        **settings,
    }
    items = read_catalogue(RecommendSettings(**given), tmp_path, findings)
    return items, [(one.id, one.where.line) for one in findings.in_order()]


@pytest.mark.parametrize(
    ("content", "file"),
    [(CSV, "b.csv"), (CSV.replace("wheat,2", "wheat,2"), "b.CSV"), (YAML, "b.yml")],
)
def test_csv_and_yaml_give_the_same_items(tmp_path, content, file):
    items, problems = read(tmp_path, content, file=file)
    assert problems == []
    assert [dict(item.values) for item in items] == [
        {"name": "Baguette", "grain": "wheat", "price": 2, "about": "crisp, light"},
        {"name": "Rye", "grain": ["rye", "wheat"], "price": 4.5, "about": None},
    ]


def test_tabs_separate_the_fields_of_tsv(tmp_path):
    items, problems = read(tmp_path, "name\tprice\nBaguette\t2\n", file="b.tsv")
    assert (problems, items[0].values["price"]) == ([], 2)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CSV.replace("name,", "nom,"), ("missing-column", 1)),
        (CSV.replace("price", "prize"), ("missing-column", 1)),
        (CSV + "Baguette,rye,3,\n", ("duplicate-item", 4)),
        (CSV + "Roll,rye,cheap,\n", ("wrong-type", 4)),
        (CSV + "Roll,rye\n", ("wrong-columns", 4)),
        (CSV + ",rye,3,\n", ("missing-value", 4)),
        (CSV.replace("name,grain", "name,name"), ("duplicate-column", 1)),
        ("name,price\n", ("empty-catalogue", 0)),
        ("", ("empty-file", 1)),
        (CSV.encode() + b"Caf\xe9,rye,3,\n", ("not-utf8", 4)),
    ],
)
def test_a_fault_of_a_csv_file_is_reported_at_its_line(tmp_path, content, expected):
    assert expected in read(tmp_path, content)[1]


def test_a_field_that_is_no_number_leaves_the_others_of_its_column_numbers(tmp_path):
    items, problems = read(tmp_path, CSV + "Roll,rye,cheap,\nBun,rye,-3,\n")
    assert problems == [("wrong-type", 4)]
    assert [item.values["price"] for item in items] == [2, 4.5, "cheap", -3]
    quoted, problems = read(tmp_path, YAML.replace("price: 2", 'price: "2"'), file="b.yml")
    assert (problems, quoted[0].values["price"]) == ([], 2)


def test_a_folder_in_the_place_of_the_file_is_told_as_such(tmp_path):
    (tmp_path / "breads.csv").mkdir()
    findings = Findings()
    read_catalogue(RecommendSettings(catalogue="breads.csv"), tmp_path, findings)
    [problem] = findings.in_order()
    assert problem.message == "the catalogue 'breads.csv' is a folder"
    assert problem.hint == "name a file in it"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("- name: x\n", ("not-a-mapping", 1)),
        ("a: 1\n", ("wrong-type", 1)),
        ("rows:\n- just text\n", ("wrong-type", 2)),
        ("rows:\n- name: x\n  price: cheap\n", ("wrong-type", 2)),
        ("rows: [\n", ("yaml-syntax", 2)),
    ],
)
def test_a_fault_of_a_yaml_file_is_reported_at_its_line(tmp_path, content, expected):
    assert expected[0] in [id for id, _ in read(tmp_path, content, file="b.yml")[1]]


def test_a_file_of_another_kind_is_refused(tmp_path):
    assert read(tmp_path, "x", file="b.xlsx")[1] == [("wrong-file-type", 0)]


CONFIG = """\
language: en
pipeline:
- name: keyword_intents
policies:
- name: rules
recommend:
  catalogue: breads.csv
  id: name
  texts: [about]
  match:
    grain:
    price: {from: budget, rule: at_most}
  history_slot: taste
"""
DOMAIN = """\
version: "3.1"
intents: [ask]
entities: [grain]
slots:
  grain: {type: text, mappings: [{type: from_entity, entity: grain}]}
  budget: {type: float, max_value: 100, mappings: [{type: custom}]}
  taste: {type: any, mappings: [{type: custom}]}
responses:
  utter_recommend:
  - text: How about {name}? It is {about}.
  utter_nothing_to_recommend:
  - text: Nothing fits.
"""
DATA = """\
version: "3.1"
nlu:
- intent: ask
  examples: |
    - bread
    - [rye](grain) bread
rules:
- rule: recommend
  steps:
  - intent: ask
  - action: action_recommend
"""


def problems(tmp_path, *, config=CONFIG, domain=DOMAIN, data=DATA):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text(config)
    (tmp_path / "domain.yml").write_text(domain)
    (tmp_path / "breads.csv").write_text(CSV)
    (tmp_path / "data" / "data.yml").write_text(data)
    return [(one.id, one.where.file, one.where.line) for one in inspect(tmp_path)]


def test_a_project_that_recommends_is_fine(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("catalogue: breads.csv", "catalogue: bread.csv", "missing-file", 6),
        ("  catalogue: breads.csv\n", "", "missing-key", 7),
        ("  id: name", "  idd: name", "unknown-key", 8),
        ("rule: at_most", "rule: at_mots", "recommend-settings", 7),
        ("rule: at_most", "rle: at_most", "recommend-settings", 7),
        ("  history_slot: taste", "  history_slot: tast", "unknown-slot", 6),
        ("  history_slot: taste", "  history_slot: grain", "bad-slot", 0),
        ("  history_slot: taste", "  count: 0", "recommend-settings", 7),
        ("  history_slot: taste", "  count: many", "wrong-setting", 13),
        ("from: budget", "from: budgt", "unknown-slot", 6),
        ("  history_slot: taste", "  response: utter_recomend", "missing-response", 6),
        ("  history_slot: taste", "  nothing: utter_no", "missing-response", 6),
    ],
)
def test_misuse_is_reported_at_its_place(tmp_path, old, new, id, line):
    found = problems(tmp_path, config=CONFIG.replace(old, new))
    place = ("domain.yml", 5) if line == 0 else ("config.yml", line)
    assert (id, *place) in found


@pytest.mark.parametrize("match", ["[grain]", "grain", "5"])
def test_what_is_compared_is_listed_by_column(tmp_path, match):
    config = f"{CONFIG.partition('  match:')[0]}  match: {match}\n"
    found = problems(tmp_path, config=config)
    assert [id for id, file, _ in found if file == "config.yml"] == ["wrong-setting"]
    with pytest.raises(UsageError, match="`match` is"):
        RecommendSettings(catalogue="breads.csv", match=match)


def test_without_the_section_there_is_no_such_action(tmp_path):
    config = CONFIG.partition("recommend:")[0]
    assert ("unknown-action", "data/data.yml", 11) in problems(tmp_path, config=config)
    [hint] = [one.hint for one in inspect(tmp_path) if one.id == "unknown-action"]
    assert hint == "it needs `recommend:` in config.yml, with a catalogue of items"


def test_a_catalogue_that_nothing_recommends_from_is_pointed_out(tmp_path):
    data = DATA.replace("action_recommend", "utter_nothing_to_recommend")
    assert ("unused-action", "config.yml", 6) in problems(tmp_path, data=data)
