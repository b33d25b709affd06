from __future__ import annotations

from pathlib import Path

import pytest

from framework.errors import Problem
from framework.project.findings import Findings
from framework.project.yaml import compose
from framework.project.yaml.nodes import MappingNode, ScalarNode, SequenceNode, plain
from framework.project.yaml.source import Source, read_source


def read(tmp_path: Path, content: str | bytes) -> tuple[Source | None, tuple[Problem, ...]]:
    path = tmp_path / "file.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    findings = Findings()
    source = read_source(path, file="file.yml", findings=findings)
    return source, findings.in_order()


def value_of(tmp_path: Path, content: str) -> object:
    source, problems = read(tmp_path, content)
    assert source is not None
    assert not problems
    return plain(source.root)


@pytest.mark.parametrize(
    ("content", "id", "place"),
    [
        ("a: b: c", "yaml-syntax", "file.yml:1:5"),
        ("a: 1\n\tb: 2", "yaml-tab", "file.yml:2:1"),
        ("a:\n\t- b", "yaml-tab", "file.yml:2:1"),
        ("a: 1\nb: 2\na: 3", "duplicate-key", "file.yml:3:1"),
        ("a: [1, 2\nb: 3", "yaml-syntax", "file.yml:1:4"),
        ("a: 1\nb: 'x\n", "yaml-syntax", "file.yml:2:4"),
        ("a: @b", "yaml-syntax", "file.yml:1:4"),
        ("a: *b", "yaml-alias", "file.yml:1:4"),
        ("a: &x [*x]", "yaml-alias", "file.yml:1:8"),
        ("a: !!python/object:os.system x", "yaml-tag", "file.yml:1:4"),
        ("? [a, b]\n: c", "yaml-key", "file.yml:1:3"),
        ("<<: 1", "yaml-merge", "file.yml:1:5"),
        ("a: 1\n---\nb: 2", "yaml-documents", "file.yml:2:1"),
        ("- a\n- b", "not-a-mapping", "file.yml:1:1"),
        ("only text", "not-a-mapping", "file.yml:1:1"),
        ("a: 1\nb: \x07", "yaml-character", "file.yml:2:4"),
        (b"a: caf\xe9", "not-utf8", "file.yml:1:7"),
        ("nlu: \U0001f600".encode("utf-16"), "not-utf8", "file.yml:1:1"),
        ("nlu: [plain text]".encode("utf-16-be"), "not-utf8", "file.yml:1:1"),
        ("nlu: [plain text]".encode("utf-32"), "not-utf8", "file.yml:1:1"),
        ("nlu: [plain text]".encode("utf-32-le"), "not-utf8", "file.yml:1:1"),
        ("a: !!python/object/apply:os.system [x]", "yaml-tag", "file.yml:1:4"),
        ("a: !python {b: c}", "yaml-tag", "file.yml:1:4"),
        ("a:\n- b\n<<<<<<< HEAD\n- c\n=======\n- d\n", "merge-conflict", "file.yml:3:1"),
        ("a:\n  - b\n \u00a0- c\nd: e", "yaml-character", "file.yml:3:2"),
        ("a:\n  - b\n  - c\uff1a d\n    e: f\n", "yaml-character", "file.yml:3:6"),
        ("a: " + "[" * 500, "yaml-syntax", "file.yml:1:104"),
    ],
)
def test_what_is_no_project_yaml_is_reported_with_its_place(
    tmp_path: Path, content: str | bytes, id: str, place: str
) -> None:
    _, problems = read(tmp_path, content)

    assert (id, "error", place) in {(p.id, p.severity, str(p.where)) for p in problems}
    assert all(problem.hint for problem in problems)


def test_collections_may_bear_the_tags_of_what_they_are(tmp_path: Path) -> None:
    content = "a: !!seq [1]\nb: !!map {c: d}\n"

    assert value_of(tmp_path, content) == {"a": [1], "b": {"c": "d"}}


def test_what_only_looks_like_a_conflict_is_read(tmp_path: Path) -> None:
    assert value_of(tmp_path, "a: |\n  <<<<<<< HEAD\n") == {"a": "<<<<<<< HEAD\n"}


def test_a_file_that_is_missing_or_a_folder_is_reported(tmp_path: Path) -> None:
    findings = Findings()

    read_source(tmp_path / "no.yml", file="no.yml", findings=findings)
    read_source(tmp_path, file="folder", findings=findings)

    assert [problem.id for problem in findings.in_order()] == ["not-a-file", "missing-file"]


def test_aliases_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    source, problems = read(tmp_path, "\n".join(lines))

    assert source is None
    assert [problem.id for problem in problems] == ["yaml-syntax"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", {}),
        ("# only a comment\n", {}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: yes\nb: no", {"a": "yes", "b": "no"}),
        ("a: '12'\nb: \"true\"", {"a": "12", "b": "true"}),
        ("a: !!str 12", {"a": "12"}),
        ("a: !!int '12'", {"a": 12}),
        ("a: 😀 grüße", {"a": "😀 grüße"}),
        ("a: caf\\u00e9 \\U0001F600", {"a": "café 😀"}),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", {"a": {"b": 1}, "c": {"d": 2, "b": 1}}),
        ("1: one\nnull: none", {"1": "one", "null": "none"}),
    ],
)
def test_values_are_read_as_yaml_1_2(tmp_path: Path, content: str, expected: object) -> None:
    assert value_of(tmp_path, content) == expected


def test_variables_expand_in_plain_values_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAME_PORT", "5055")
    content = "a: ${FRAME_PORT}\nb: '${FRAME_PORT}'\nc: |\n  ${FRAME_PORT}"

    assert value_of(tmp_path, content) == {"a": "5055", "b": "${FRAME_PORT}", "c": "${FRAME_PORT}"}


def test_a_variable_that_is_not_set_is_a_warning(tmp_path: Path) -> None:
    _, problems = read(tmp_path, "a: 1\nurl: ${FRAME_NOT_SET}")

    assert [(p.id, p.severity, str(p.where)) for p in problems] == [
        ("undefined-variable", "warning", "file.yml:2:6")
    ]


def test_every_key_value_and_item_knows_its_place(tmp_path: Path) -> None:
    source, _ = read(tmp_path, "top:\n  key: value\n  list:\n  - one\n  - {two: 2}\n")

    assert source is not None
    top = source.root.get("top")
    assert isinstance(top, MappingNode)
    places = {key.text: (key.line, key.column) for key, _ in top.items()}
    assert places == {"key": (2, 3), "list": (3, 3)}
    items = top.get("list")
    assert isinstance(items, SequenceNode)
    assert [(item.line, item.column) for item in items.items] == [(4, 5), (5, 5)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_of_a_block_know_their_place(tmp_path: Path, end: str) -> None:
    content = end.join(["a:", "  b: |  # comment", "", "      - one", "        - two 😀", "c: 1"])
    source, _ = read(tmp_path, content)
    assert source is not None
    top = source.root.get("a")
    assert isinstance(top, MappingNode)
    block = top.get("b")
    assert isinstance(block, ScalarNode)

    lines = [(text, str(where)) for text, where in source.block_lines(block) if text]

    assert lines == [("- one", "file.yml:4:7"), ("  - two 😀", "file.yml:5:7")]
    assert str(source.where_inside(block, block.text.index("two"))) == "file.yml:5:11"


def test_the_parser_without_libyaml_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "a: [1, yes, ~]\nb: |\n  text\nc: 'x'\nd: &x {e: !!str 1}\nf: *x\n"
    fast = value_of(tmp_path, content)
    monkeypatch.setattr(compose, "CParser", None)

    assert value_of(tmp_path, content) == fast
    _, problems = read(tmp_path, "a: 1\n\tb: 2")
    assert [problem.id for problem in problems] == ["yaml-tab"]
