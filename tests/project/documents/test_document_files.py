import os
from pathlib import Path

import pytest

from framework.errors import Location
from framework.project.documents.read import check_documents, read_documents
from framework.project.findings import Findings
from framework.project.schema.knowledge import Knowledge, KnowledgePath

WHERE = Location(file="config.yml", line=2, column=12)


def settings(*paths, **given):
    named = tuple(KnowledgePath(path=path, where=WHERE) for path in paths or ("docs",))
    return Knowledge(paths=named, **given)


def found(root, knowledge):
    """Read and check; both must report the same."""
    reading, checking = Findings(), Findings()
    documents = list(read_documents(root, knowledge, reading))
    assert check_documents(root, knowledge, checking) == len(documents)
    assert checking.in_order() == reading.in_order()
    problems = [(one.id, one.severity, str(one.where)) for one in reading.in_order()]
    return [document.file for document in documents], problems


def write(root, **files):
    (root / "docs" / "deep").mkdir(parents=True)
    for name, content in files.items():
        path = root / "docs" / name.replace("__", "/").replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def pdf(text):
    """Make a PDF of one page, or with None one without words."""
    content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else "0 0 m 9 9 l S"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 6\n0000000000 65535 f \n{table}{end}".encode()


def test_documents_of_all_folders_are_read_in_order(tmp_path):
    write(tmp_path, b_txt="words", a_md="# h\nwords", deep__c_md="words", _d_md="hidden")
    assert found(tmp_path, settings()) == (["docs/a.md", "docs/b.txt", "docs/deep/c.md"], [])


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    write(tmp_path, a_md="words")
    assert found(tmp_path, settings("docs", "docs/a.md"))[0] == ["docs/a.md"]


@pytest.mark.parametrize(
    ("paths", "id"),
    [
        (["nowhere"], "missing-document"),
        (["docs/deep"], "missing-document"),
        (["docs/a.docx"], "unknown-document"),
    ],
)
def test_what_is_named_and_cannot_be_read_is_reported_where_it_is_named(tmp_path, paths, id):
    write(tmp_path, a_docx="words")
    assert found(tmp_path, settings(*paths)) == ([], [(id, "warning", "config.yml:2:12")])


@pytest.mark.parametrize(
    ("name", "content", "id", "place"),
    [
        ("x.md", b"", "empty-document", "docs/x.md"),
        ("x.txt", b" \n\n ", "empty-document", "docs/x.txt"),
        ("x.md", b"\x00\x01\x02\x03" * 50, "document-encoding", "docs/x.md"),
        ("x.docx", b"words", "unknown-document", "docs/x.docx"),
        ("x.md", b"words " * 400, "document-too-large", "docs/x.md"),
    ],
)
def test_a_document_that_cannot_be_read_is_reported_and_the_others_are_read(
    tmp_path, name, content, id, place
):
    write(tmp_path, good_md="words")
    (tmp_path / "docs" / name).write_bytes(content)
    files, problems = found(tmp_path, settings(max_megabytes=0.002))
    assert files == ["docs/good.md"]
    assert problems == [(id, "warning", place)]


def test_a_huge_document_is_refused_without_reading_it(tmp_path):
    write(tmp_path, good_md="words")
    with (tmp_path / "docs" / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    findings = Findings()
    assert check_documents(tmp_path, settings(), findings) == 1
    [problem] = findings.in_order()
    assert "50.0 MB, more than the limit of 20 MB" in problem.message
    assert "max_megabytes" in problem.hint


def test_a_document_in_another_encoding_is_read_and_reported_with_its_line(tmp_path):
    pytest.importorskip("charset_normalizer")
    text = "words\nDas Café öffnet für Gäste um neun Uhr, außer an Feiertagen.\n"
    write(tmp_path, a_txt=text.encode("cp1252"))
    files, problems = found(tmp_path, settings())
    assert files == ["docs/a.txt"]
    assert problems == [("document-encoding", "warning", "docs/a.txt:2")]


def test_the_pages_of_a_pdf_are_read(tmp_path):
    pytest.importorskip("pypdf")
    write(tmp_path, a_pdf=pdf("The bakery opens at nine."))
    findings = Findings()
    [document] = read_documents(tmp_path, settings(), findings)
    assert [(block.text, block.page) for block in document.blocks] == [
        ("The bakery opens at nine.", 1)
    ]
    assert findings.in_order() == ()


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (pdf(None), "empty-document"),
        (pdf("words")[:300], "unreadable-document"),
        (b"no pdf at all", "unreadable-document"),
        (b"%PDF-1.4\n" + bytes(range(256)), "unreadable-document"),
    ],
)
def test_a_pdf_without_words_or_broken_is_reported(tmp_path, content, id):
    pytest.importorskip("pypdf")
    write(tmp_path, a_pdf=content, good_md="words")
    files, problems = found(tmp_path, settings())
    assert files == ["docs/good.md"]
    assert problems == [(id, "warning", "docs/a.pdf")]


@pytest.mark.parametrize("name", ["a.pdf", "a.html"])
def test_a_missing_parser_is_an_error_that_says_what_to_install(tmp_path, name, monkeypatch):
    def absent(path):
        raise ImportError(path)

    monkeypatch.setattr(f"framework.project.documents.{name[2:]}.load_object", absent)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / name).write_bytes(pdf("words"))
    findings = Findings()
    assert list(read_documents(tmp_path, settings(), findings)) == []
    [problem] = findings.in_order()
    assert (problem.id, problem.severity) == ("missing-extra", "error")
    assert problem.hint == "pip install 'frame-dialogue[knowledge]'"


def test_links_that_form_a_loop_end(tmp_path: Path):
    write(tmp_path, a_md="words")
    (tmp_path / "docs" / "deep" / "up").symlink_to(tmp_path / "docs")
    assert found(tmp_path, settings())[0] == ["docs/a.md"]


@pytest.fixture
def elsewhere(tmp_path_factory):
    """A folder outside of the project, with a document in it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "secret.md").write_text("the safe's number is 4711")
    return folder


@pytest.mark.parametrize("target", ["secret.md", "", "missing.md"])
def test_a_link_that_leads_out_of_the_project_is_reported_and_not_followed(
    tmp_path, elsewhere, target
):
    write(tmp_path, a_md="words")
    (tmp_path / "docs" / "deep" / "link.md").symlink_to(elsewhere / target)
    files, problems = found(tmp_path, settings())
    assert files == ["docs/a.md"]
    assert problems == [("document-outside-project", "warning", "docs/deep/link.md")]


def test_a_link_is_followed_within_the_project_and_within_a_folder_that_is_named(
    tmp_path, elsewhere
):
    write(tmp_path, a_md="words")
    (tmp_path / "README.md").write_text("words")
    (tmp_path / "docs" / "readme.md").symlink_to(tmp_path / "README.md")
    (elsewhere / "again").symlink_to(elsewhere)
    (tmp_path / "handbook").symlink_to(elsewhere)
    files, problems = found(tmp_path, settings("docs", "handbook"))
    assert [Path(file).name for file in files] == ["a.md", "readme.md", "secret.md"]
    assert problems == []


def test_a_link_to_itself_and_a_pipe_are_reported_and_not_waited_for(tmp_path):
    write(tmp_path, a_md="words")
    (tmp_path / "docs" / "itself.md").symlink_to(tmp_path / "docs" / "itself.md")
    os.mkfifo(tmp_path / "docs" / "pipe.md")
    files, problems = found(tmp_path, settings())
    assert files == ["docs/a.md"]
    assert problems == [
        ("unreadable-document", "warning", "docs/itself.md"),
        ("unreadable-document", "warning", "docs/pipe.md"),
    ]


def test_a_folder_that_may_not_be_looked_into_is_reported(tmp_path, monkeypatch):
    write(tmp_path, a_md="words")
    closed = tmp_path / "docs" / "closed"
    closed.mkdir()
    scan = os.scandir

    def refuse(place):
        if Path(place) == closed:
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    files, problems = found(tmp_path, settings())
    assert files == ["docs/a.md"]
    assert problems == [("unreadable-folder", "warning", "docs/closed")]


def test_a_file_that_may_not_be_read_is_reported(tmp_path, monkeypatch):
    write(tmp_path, a_md="words")

    def closed(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", closed)
    findings = Findings()
    assert check_documents(tmp_path, settings(), findings) == 0
    assert findings.in_order()[0].message == "the document can't be read: Permission denied"


def test_a_link_that_leads_nowhere_is_told_as_such(tmp_path):
    write(tmp_path, a_md="words")
    (tmp_path / "docs" / "b.md").symlink_to("gone.md")
    findings = Findings()
    assert check_documents(tmp_path, settings(), findings) == 1
    [problem] = findings.in_order()
    assert problem.message == (
        "the document can't be read: the link leads to 'gone.md', which doesn't exist"
    )
    assert problem.hint == "mend the link, or remove it"


@pytest.mark.parametrize("text", ["---\ntitle: x\n---\n", "<!-- later -->\n"])
def test_a_document_without_words_of_its_own_is_empty(tmp_path, text):
    write(tmp_path, a_md=text)
    assert found(tmp_path, settings()) == (
        [],
        [("empty-document", "warning", "docs/a.md")],
    )
