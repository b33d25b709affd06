import pytest

from framework.responses.guard.stems import are_forms_of_one, root
from framework.responses.guard.vocabulary.reading import LANGUAGES, vocabulary_of


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_words_that_state_nothing_and_words_that_stand_for_others(language):
    vocabulary = vocabulary_of(language)
    assert len(vocabulary.harmless) > 100
    assert vocabulary.same


def test_a_general_word_stands_for_a_special_one_and_not_the_other_way_round():
    words = vocabulary_of("en")
    assert words.stands_for(root("vehicle", "en"), {root("car", "en")})
    assert not words.stands_for(root("car", "en"), {root("vehicle", "en")})


def test_words_in_one_line_of_which_one_states_nothing_are_not_justified_by_it():
    vocabulary = vocabulary_of("en")
    assert root("must", "en") in vocabulary.harmless
    assert not vocabulary.stands_for(root("mandatory", "en"), {root("must", "en")})
    assert vocabulary.stands_for(root("mandatory", "en"), {root("compulsory", "en")})


def test_other_languages_have_none():
    assert vocabulary_of("fi") is None


@pytest.mark.parametrize(
    "forms",
    [
        ("deliver", "delivers", "delivered", "delivery"),
        ("reserve", "reservation", "reserving"),
        ("register", "registration"),
        ("send", "sent"),
        ("child", "children"),
    ],
)
def test_forms_of_an_english_word_have_one_root(forms):
    assert len({root(form, "en") for form in forms}) == 1


def test_forms_of_words_of_other_languages_begin_alike():
    assert are_forms_of_one("reservierung", "reserviert")
    assert not are_forms_of_one("kostenlos", "kosten")
    assert not are_forms_of_one("zimmer", "zitrone")
