"""English and Chinese messages, and what is found in them."""

import pytest

from tests.nlu.values.table import Case, found_cases, found_in, read, unfound_cases

ENGLISH = {"language": "en", "zone": "Europe/Berlin"}
CHINESE = {"language": "zh", "zone": "Asia/Shanghai"}


@pytest.mark.parametrize("case", found_cases("english.txt"), ids=str)
def test_the_values_of_an_english_message_are_found_and_nothing_else(case: Case) -> None:
    assert found_in(case.text, **ENGLISH) == read(case.expected)


@pytest.mark.parametrize("case", unfound_cases("english.txt"), ids=str)
def test_other_things_are_not_taken_for_values(case: Case) -> None:
    kinds = {kind for kind, _, _ in found_in(case.text, **ENGLISH)}
    assert not kinds & set(case.expected.split(","))


@pytest.mark.parametrize("case", found_cases("chinese.txt"), ids=str)
def test_the_values_of_a_chinese_message_are_found_and_nothing_else(case: Case) -> None:
    assert found_in(case.text, **CHINESE) == read(case.expected)


@pytest.mark.parametrize("case", unfound_cases("chinese.txt"), ids=str)
def test_other_chinese_words_are_not_taken_for_values(case: Case) -> None:
    kinds = {kind for kind, _, _ in found_in(case.text, **CHINESE)}
    assert not kinds & set(case.expected.split(","))
