import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from framework.project.schema.knowledge import Knowledge

DOMAIN = "version: '3.1'\nintents: [greet]\nresponses: {utter_greet: [{text: Hi}]}\n"
NLU = 'version: "3.1"\nnlu: [{intent: greet, examples: "- hi\\n- hello"}]\n'
RULES = """\
version: '3.1'
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: answer
  steps: [{intent: nlu_fallback}, {action: action_answer_from_knowledge}]
"""


@pytest.fixture
def project(tmp_path):
    def write(knowledge, *, rules=RULES):
        for name, text in {
            "config.yml": f"language: en\n{knowledge}",
            "domain.yml": DOMAIN,
            "data/nlu.yml": NLU,
            "data/rules.yml": rules,
            "docs/a.md": "# A\n\nWords.\n",
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("text", "paths", "given"),
    [
        ("knowledge: docs/", ["docs/"], {}),
        ("knowledge: [docs, docs/a.md]", ["docs", "docs/a.md"], {}),
        ("knowledge: {paths: docs}", ["docs"], {}),
        (
            "knowledge: {paths: [docs], top_k: 5, threshold: 0.7, passage_length: 400,"
            " overlap: 0, quote_length: 100, max_megabytes: 5, generate: false}",
            ["docs"],
            {
                "top_k": 5,
                "threshold": 0.7,
                "passage_length": 400,
                "overlap": 0,
                "quote_length": 100,
                "max_megabytes": 5.0,
                "generate": False,
            },
        ),
    ],
)
def test_the_documents_and_how_they_are_asked_are_read(project, text, paths, given):
    root = project(text)
    assert inspect(root) == ()
    found = load_project(root).config.knowledge
    assert [one.path for one in found.paths] == paths
    assert found == Knowledge(paths=found.paths, **given)


@pytest.mark.parametrize("text", ["", "knowledge:", "knowledge: null"])
def test_without_documents_there_is_nothing_to_read(project, text):
    root = project(text)
    assert load_project(root).config.knowledge is None
    assert [problem.id for problem in inspect(root)] == ["missing-knowledge"]


@pytest.mark.parametrize(
    ("text", "id", "severity", "place", "says"),
    [
        ("knowledge: 7", "wrong-type", "error", "config.yml:2:12", "not 7"),
        ("knowledge: []", "wrong-type", "error", "config.yml:2:12", "not []"),
        ("knowledge: {top_k: 3}", "missing-key", "error", "config.yml:2:12", "no `paths`"),
        ("knowledge: {paths: docs, topk: 3}", "unknown-key", "error", "config.yml:2:26", "'topk'"),
        (
            "knowledge: {paths: docs, top_k: 0}",
            "wrong-setting",
            "error",
            "config.yml:2:33",
            "to 20",
        ),
        (
            "knowledge: {paths: docs, top_k: 1.5}",
            "wrong-setting",
            "error",
            "config.yml:2:33",
            "1.5",
        ),
        (
            "knowledge: {paths: docs, threshold: 2}",
            "wrong-setting",
            "error",
            "config.yml:2:37",
            "2",
        ),
        (
            "knowledge: {paths: docs, passage_length: 200, overlap: 150}",
            "wrong-setting",
            "error",
            "config.yml:2:56",
            "half",
        ),
        ("knowledge: dcos/", "missing-document", "warning", "config.yml:2:12", "'dcos/'"),
        ("knowlege: docs/", "unknown-key", "error", "config.yml:2:1", "'knowlege'"),
    ],
)
def test_a_mistake_is_reported_at_its_place(project, text, id, severity, place, says):
    [problem, *_] = [one for one in inspect(project(text)) if one.where.file == "config.yml"]
    assert (problem.id, problem.severity, str(problem.where)) == (id, severity, place)
    assert says in problem.message
    assert problem.hint or id == "wrong-setting"


def test_documents_that_nobody_asks_are_a_warning(project):
    rules = "version: '3.1'\nrules:\n- rule: a\n  steps: [{intent: greet}, {action: utter_greet}]\n"
    problems = inspect(project("knowledge: docs/", rules=rules))
    assert [(one.id, str(one.where)) for one in problems] == [
        ("unused-knowledge", "config.yml:2:12")
    ]


def test_the_action_needs_no_declaration_and_no_code(project):
    assert inspect(project("knowledge: docs/")) == ()


def test_the_responses_around_an_answer_may_be_worded_without_a_warning(project):
    root = project("knowledge: docs/")
    (root / "domain.yml").write_text(
        f"{DOMAIN}actions: [action_answer_from_knowledge]\n".replace(
            "[{text: Hi}]",
            "[{text: Hi}], utter_no_answer: [{text: Nothing.}],"
            " utter_knowledge_answer: [{text: '{answer} ({source}, {confidence})'}]",
        ),
        encoding="utf-8",
    )
    assert inspect(root) == ()


def test_an_empty_document_is_a_warning_at_the_document(project):
    root = project("knowledge: docs/")
    (root / "docs" / "b.txt").touch()
    assert [(one.id, str(one.where)) for one in inspect(root)] == [("empty-document", "docs/b.txt")]
