"""Questions and answers are read from tables, JSON lines and YAML; every fault has its place."""

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.findings import Findings
from framework.project.load import read_tests
from framework.project.read.pairs import read_pairs


def read(folder: Path, files: dict[str, str | bytes], *, paths=None):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    findings = Findings()
    pairs = read_pairs(paths or list(files), folder, findings)
    found = [(str(p.where), p.id) for p in findings.in_order()]
    return [(pair.question, pair.answer, str(pair.where)) for pair in pairs], found


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.tsv", "Hi\tHello\r\n\nBye\tSee you\n", [("Hi", "Hello", 1), ("Bye", "See you", 3)]),
        ("a.tsv", "\ufeffHi\t Hello ", [("Hi", "Hello", 1)]),
        ("a.tsv", "Source\tAnswer\tQuestion\nx\tHello\tHi\n", [("Hi", "Hello", 2)]),
        ("a.tsv", "Hi\tHello\t\t\n", [("Hi", "Hello", 1)]),
        ("a.tsv", 'Say "x"\t"Quoted"\n', [('Say "x"', '"Quoted"', 1)]),
        ("a.csv", 'Hi,"Hello, you"\n"two\nlines",x\nBye,y\n', [("Hi", "Hello, you", 1)]),
        ("a.jsonl", '{"question": "Hi", "answer": "Hello", "turn": 0}\n', [("Hi", "Hello", 1)]),
        ("a.yml", "pairs:\n  - question: Hi\n    answer: 42\n", [("Hi", "42", "2:5")]),
        ("a.yml", "pairs:\n  - [Hi, Hello]\n", [("Hi", "Hello", "2:5")]),
        (
            "a.yml",
            "categories: [x]\nconversations:\n- - Hi\n  - Hello\n  - Bye\n",
            [("Hi", "Hello", "3:5"), ("Hello", "Bye", "4:5")],
        ),
        (
            "a.yml",
            "nlu:\n- intent: chat/hi\n  examples: |\n    - Hi\nresponses:\n"
            "  utter_chat/hi:\n  - text: Hello\n",
            [("Hi", "Hello", "4:7")],
        ),
    ],
)
def test_every_format_gives_pairs_with_their_places(tmp_path, name, content, expected):
    pairs, problems = read(tmp_path, {name: content})
    assert problems == []
    assert pairs[: len(expected)] == [(q, a, f"{name}:{place}") for q, a, place in expected]


def test_examples_and_responses_may_stand_in_different_files(tmp_path):
    files = {
        "chat/answers.yml": "responses:\n  utter_chat/hi:\n  - text: Hello\n",
        "chat/questions.yml": "nlu:\n- intent: chat/hi\n  examples: |\n    - Hi\n",
    }
    assert read(tmp_path, files, paths=["chat"])[0] == [("Hi", "Hello", "chat/questions.yml:4:7")]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.tsv", "Hi\tHello\nalone\n", ("a.tsv:2", "bad-pair")),
        ("a.tsv", "Hi\t \n", ("a.tsv:1", "bad-pair")),
        ("a.tsv", "\tHello\n", ("a.tsv:1", "bad-pair")),
        ("a.tsv", "", ("a.tsv", "no-pairs")),
        ("a.tsv", "Question\tAnswer\n", ("a.tsv", "no-pairs")),
        ("a.tsv", b"Hi\tHello\nbad \xff\tx\n", ("a.tsv:2:5", "not-utf8")),
        ("a.tsv", "Hi\tHello\n".encode("utf-16"), ("a.tsv:1:1", "not-utf8")),
        ("a.csv", "only one column\n", ("a.csv:1", "bad-pair")),
        ("a.csv", "Well, hello,Hi\n", ("a.csv:1", "bad-pair")),
        ("a.csv", "question,answer,turn\na,b,1\nWell, hello,Hi,2\n", ("a.csv:3", "bad-pair")),
        ("a.tsv", "Hi\tHello\tthird\n", ("a.tsv:1", "bad-pair")),
        ("a.jsonl", '{"question": "Hi"}\n', ("a.jsonl:1", "bad-pair")),
        ("a.jsonl", "[" * 100_000, ("a.jsonl:1", "bad-pair")),
        (
            "a.jsonl",
            '{"question": "Hi", "answer": "\\ud83d"}\n',
            ("a.jsonl:1", "bad-pair"),
        ),
        ("a.yml", "pairs:\n  - question: Hi\n", ("a.yml:2:5", "bad-pair")),
        ("a.yml", "pairs:\n  - question: Hi\n    answr: x\n", ("a.yml:3:5", "unknown-key")),
        ("a.yml", "conversations:\n- [Hi]\n", ("a.yml:2:3", "bad-pair")),
        ("a.yml", "conversations:\n- [Hi, '', x]\n", ("a.yml:2:8", "bad-pair")),
        ("a.yml", "nlu:\n- intent: hi\n  examples: |\n    - Hi\n", ("a.yml:4:7", "bad-pair")),
        ("a.yml", "stories: []\n", ("a.yml", "no-pairs")),
    ],
)
def test_a_fault_is_reported_at_its_place(tmp_path, name, content, problem):
    assert problem in read(tmp_path, {name: content})[1]


def test_a_file_full_of_faults_is_reported_in_a_few_lines(tmp_path):
    problems = read(tmp_path, {"a.tsv": "alone\n" * 5000})[1]
    assert len(problems) == 21


def bot(folder: Path, section: str, pairs: str = "Hi\tHello\n") -> list[tuple[str, str, str]]:
    (folder / "data").mkdir()
    (folder / "config.yml").write_text(
        "language: en\npipeline: [{name: keyword_intents}]\npolicies: [{name: rules}]\n" + section
    )
    (folder / "domain.yml").write_text(
        "intents: [chat]\nresponses:\n  utter_default:\n  - text: Pardon?\n"
    )
    (folder / "data" / "all.yml").write_text(
        "nlu:\n- intent: chat\n  examples: |\n    - chat\nrules:\n- rule: chat\n"
        "  steps: [{intent: chat}, {action: action_chat}]\n"
    )
    (folder / "pairs.tsv").write_text(pairs)
    found = [one for one in inspect(folder) if one.where and one.id != "few-examples"]
    return [(str(one.where), one.id, one.hint) for one in found]


@pytest.mark.parametrize(
    "section", ["seq2seq: pairs.tsv\n", "seq2seq:\n  data: [pairs.tsv]\n  beam: 2\n"]
)
def test_a_generator_and_its_action_are_found_to_be_fine(tmp_path, section):
    assert bot(tmp_path, section) == []


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("", ("data/all.yml:7:27", "unknown-action", "it needs `seq2seq:` in config.yml")),
        (
            "seq2seq: {data: pairs.tsv, treshold: 1}\n",
            ("config.yml:4:28", "unknown-key", "did you mean 'threshold'?"),
        ),
        ("seq2seq: {data: pairs.tsv, beam: two}\n", ("config.yml:4:34", "wrong-setting", "")),
        ("seq2seq: {data: pairs.tsv, top_p: 3}\n", ("config.yml:4:10", "usage", "")),
        ("seq2seq: none.tsv\n", ("config.yml:4:10", "missing-file", "give the path")),
        ("seq2seq: {data: config.yml}\n", ("config.yml", "no-pairs", "")),
        ("seq2seq: [1]\n", ("config.yml:4:10", "wrong-type", "")),
        (
            "seq2seq: {data: pairs.tsv, fallback: utter_defalt}\n",
            ("config.yml:4:10", "missing-response", "did you mean 'utter_default'?"),
        ),
        ("seq2sq: pairs.tsv\n", ("config.yml:4:1", "unknown-key", "did you mean 'seq2seq'?")),
    ],
)
def test_misuse_of_the_section_is_pointed_out_with_what_to_do(tmp_path, section, problem):
    found = bot(tmp_path, section)
    where, kind, hint = problem
    assert any(w == where and k == kind and h.startswith(hint) for w, k, h in found), found


def test_tests_may_be_tables_and_yaml_files_with_pairs(tmp_path):
    (tmp_path / "held_out.tsv").write_text("Hi\tHello\n")
    (tmp_path / "more.yml").write_text("pairs:\n- {question: Bye, answer: See you}\n")
    suite = read_tests(tmp_path, ["held_out.tsv", "more.yml"])
    assert [pair.question for pair in suite.pairs] == ["Hi", "Bye"]
