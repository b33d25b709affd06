# ruff: noqa: RUF001  # signs of Chinese

import pytest

from framework.project.documents.decode import decode
from framework.project.documents.markdown import read_markdown
from framework.project.documents.plain import read_plain
from framework.project.documents.sentences import joined, sentences, width

MARKDOWN = """\
---
title: left out
---
# Returns

Send goods back within **30 days**, see [the form](form.html).
The second line.

## Fees

- free in the EU
- elsewhere
  1. by mail
  2. by car

| Country | Days |
|---|---|
| DE | `3` |

```python
print(1)
```

<div>raw <b>html</b></div>
"""


def shown(blocks):
    return [(block.kind, block.text, block.line) for block in blocks]


def test_markdown_is_read_by_its_structure_with_lines_of_the_file():
    assert shown(read_markdown(MARKDOWN)) == [
        ("heading", "Returns", 4),
        ("paragraph", "Send goods back within 30 days, see the form. The second line.", 6),
        ("heading", "Fees", 9),
        ("list", "- free in the EU\n- elsewhere\n  1. by mail\n  2. by car", 11),
        ("table", "Country | Days\nDE | 3", 16),
        ("code", "print(1)", 20),
        ("paragraph", "raw html", 24),
    ]
    assert [block.level for block in read_markdown(MARKDOWN) if block.level] == [1, 2]


def test_a_list_of_many_levels_is_read_to_its_end():
    lines = [f"{'  ' * level}- item {level}" for level in range(40)]

    (block,) = read_markdown("\n".join(lines))

    assert block.text.splitlines() == lines


def test_windows_line_ends_change_nothing():
    assert read_markdown(MARKDOWN.replace("\n", "\r\n")) == read_markdown(MARKDOWN)


def test_plain_text_has_paragraphs_lists_and_underlined_headings():
    text = "OPENING HOURS\n\nWe open at 9.\nDaily.\n\n1. one\n2. two\n\nTitle\n=====\ntext\n"
    assert shown(read_plain(text)) == [
        ("heading", "OPENING HOURS", 1),
        ("paragraph", "We open at 9.\nDaily.", 3),
        ("list", "1. one\n2. two", 6),
        ("heading", "Title", 9),
        ("paragraph", "text", 11),
    ]


HTML = """\
<html><head><title>T</title><style>p {}</style></head><body><nav>menu</nav>
<h1>Opening <em>hours</em></h1>
<p>We open at <b>9</b>&nbsp;am<br>daily.
<p>Second
<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>
<table><tr><th>A<th>B</tr><tr><td>1<td><p>2</p></tr></table>
loose text <i>here</i><script>alert(1)</script>
<pre>  x
 y</pre></body></html>"""


def test_html_is_read_as_people_see_it():
    pytest.importorskip("selectolax")
    from framework.project.documents.html import read_html  # noqa: PLC0415

    assert shown(read_html(HTML)) == [
        ("heading", "Opening hours", 2),
        ("paragraph", "We open at 9 am daily.", 3),
        ("paragraph", "Second", 4),
        ("list", "- one\n  - inner\n- two", 5),
        ("table", "A | B\n1 | 2", 6),
        ("paragraph", "loose text here", 7),
        ("code", "  x\n y", 8),
    ]


@pytest.mark.parametrize(
    "text", ["", "<", "<p>", "<table><table>", "<li><ul><li>" * 500, "\x00<p>a"]
)
def test_any_html_is_read_without_an_error(text):
    pytest.importorskip("selectolax")
    from framework.project.documents.html import read_html  # noqa: PLC0415

    assert isinstance(read_html(text), tuple)


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("Größe".encode(), "Größe", "utf-8"),
        ("Größe".encode("utf-8-sig"), "Größe", "utf-8"),
        ("Größe".encode("utf-16"), "Größe", "utf-16"),
        (b"\x00\x01\x02binary\x00\x00" * 9, None, "utf-8"),
        (bytes(range(128, 256)) + b"\x00" * 9, None, "utf-8"),
    ],
)
def test_a_text_is_decoded_as_it_is_marked_or_as_utf8(content, text, encoding):
    found = decode(content)
    assert (found.text, found.encoding) == (text, encoding)


def test_another_encoding_is_guessed_and_the_first_strange_byte_is_named():
    pytest.importorskip("charset_normalizer")
    text = "first line\nDas Café öffnet für Gäste um neun Uhr, außer an Feiertagen.\n" * 3
    found = decode(text.encode("cp1252"))
    assert found.text == text
    assert found.line == 2
    assert found.fault == "the byte 0xe9 at position 18 is not UTF-8"


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("fr", "cp1252", "L’été dernier\n\nPrix: 15 € par nuit, œufs compris."),
        ("en", "cp1252", "Grüße aus Köln."),
        (
            "pl-PL",
            "cp1250",
            "Psy przyjmujemy od siódmej. Żółć, łąka i święta kosztują pięć złotych.",
        ),
        ("tr", "cp1254", "Köpekler sabah yedi ile dokuz arasında alınır. Yürüyüş ücreti beş avro."),
        ("lt", "cp1257", "Šunys priimami nuo septynių iki devynių ryto. Ačiū, žąsys ėda žolę."),
        ("en", "cp1251", "Собак принимаем с семи до девяти утра. Корм включён в стоимость."),
        (
            "fr",
            "gb18030",
            "狗狗每天散步三次，早上七点，中午十二点，晚上六点。主人可以要求额外散步。",
        ),
        ("tr", "cp1251", "Собак принимаем с семи до девяти утра. Корм включён в стоимость."),
    ],
)
def test_the_bots_language_tells_latin_encodings_apart_and_no_others(language, encoding, text):
    pytest.importorskip("charset_normalizer")
    found = decode(text.encode(encoding), language=language)
    assert (found.text, found.encoding) == (text, encoding)


def test_the_title_of_a_page_heads_its_main_part_wherever_it_stands():
    pytest.importorskip("selectolax")
    from framework.project.documents.html import read_html  # noqa: PLC0415

    page = "<header><p>Log in</p><h1>Kennel</h1></header>\n<main><p>Dogs only.</p></main>"
    assert shown(read_html(page)) == [("heading", "Kennel", 1), ("paragraph", "Dogs only.", 2)]
    own = "<h1>Shop</h1><main><h1>Kennel</h1><p>Dogs only.</p></main>"
    assert [block.text for block in read_html(own)] == ["Kennel", "Dogs only."]


def test_html_is_decoded_as_it_declares():
    page = '<meta charset="iso-8859-1"><p>Café'
    found = decode(page.encode("iso-8859-1"), is_html=True)
    assert (found.text, found.fault) == (page, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith, e.g. No. 5. The end.", ["Dr. Smith, e.g. No. 5.", "The end."]),
        ("It costs 3.50 euros. (Or less.) Yes", ["It costs 3.50 euros.", "(Or less.)", "Yes"]),
        ("今天天气很好。我们去吧！好吗？", ["今天天气很好。", "我们去吧！", "好吗？"]),
        ("", []),
    ],
)
def test_where_sentences_end(text, expected):
    assert sentences(text) == expected


def test_signs_of_chinese_count_twice_and_need_no_space():
    assert (width("ab"), width("中文a")) == (2, 5)
    assert (joined("好。", "去吧"), joined("Good.", "Go")) == ("好。去吧", "Good. Go")
