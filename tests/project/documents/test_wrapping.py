# ruff: noqa: RUF001  # signs of Chinese

import pytest

from framework.project.documents.markdown import read_markdown
from framework.project.documents.plain import read_plain
from framework.project.documents.wrapping import unwrapped

WRAPPED = """\
The insurance covers theft if the bike was locked. It doesn't
cover lost keys: a new key costs 25 euros.
Keep the receipt of the lock, which the insurance asks for. It
pays within 30 days."""


@pytest.mark.parametrize("read", [read_plain, read_markdown])
def test_a_sentence_that_was_wrapped_is_one_line(read):
    [block] = read(WRAPPED)
    assert block.text.splitlines() == [
        "The insurance covers theft if the bike was locked. It doesn't cover lost keys: a new key"
        " costs 25 euros.",
        "Keep the receipt of the lock, which the insurance asks for. It pays within 30 days.",
    ]


@pytest.mark.parametrize("read", [read_plain, read_markdown])
@pytest.mark.parametrize(
    "lines",
    [
        "Mill Lane 7\nLondon\nUnited Kingdom",
        "Monday to Friday from eight to half past six in the evening\nSaturday\nSunday closed",
    ],
)
def test_short_lines_stay_lines_of_their_own(read, lines):
    assert read(lines)[0].text == lines


def test_a_line_that_breaks_off_in_a_sentence_goes_on():
    first = "A mechanic comes to you wherever you are, as soon as one is free"
    lines = [first, "on weekdays within one hour after your", "call."]
    assert unwrapped(lines) == f"{first} on weekdays within one hour after your\ncall."


def test_chinese_lines_are_joined_without_a_space():
    lines = ["我们每天早上八点开门晚上七点关门星期天早上十点才开", "门，一月份不营业。"]
    assert unwrapped(lines) == "".join(lines)


def test_items_of_a_list_begin_lines_and_go_on_within_them():
    text = """\
- Helmets are included in the price of every bicycle that
  you hire from us.
- A second lock costs three euros for each day of your trip."""
    [block] = read_plain(text)
    assert block.text == (
        "- Helmets are included in the price of every bicycle that you hire from us.\n"
        "- A second lock costs three euros for each day of your trip."
    )


def test_a_hard_break_of_markdown_stays():
    line = "This line of the paragraph ends with a backslash of its own"
    [block] = read_markdown(f"{line}\\\nand this one is another.")
    assert block.text == f"{line}\nand this one is another."


def test_nothing_is_joined_of_nothing():
    assert unwrapped([]) == ""
