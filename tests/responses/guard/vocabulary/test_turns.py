from framework.responses.guard.vocabulary.turns import forms_of, read_turns


def test_turns_are_found_in_all_forms_of_their_verb_and_around_an_object():
    turns = read_turns(["pick up: collect", "put on hold: pause", "make a decision: decide"])
    assert turns is not None
    assert turns.found("We picked the parcel up.") == {"collect"}
    assert turns.found("She is putting it on hold and will make her final decision.") == {
        "pause",
        "decide",
    }
    assert turns.found("pickup up there") == set()


def test_a_turn_is_taken_out_where_its_word_is_told():
    turns = read_turns(["hand over: pass"])
    assert turns is not None
    assert turns.without("hand the keys over", is_told=lambda word: word == "pass") == " the keys"
    assert turns.without("hand it over", is_told=lambda word: False) == "hand it over"


def test_verbs_are_inflected_by_rule_and_by_the_list_of_irregular_ones():
    assert {"drop", "drops", "dropped", "dropping"} <= set(forms_of("drop"))
    assert {"make", "makes", "making", "made"} <= set(forms_of("make"))


def test_a_language_without_turns_has_none():
    assert read_turns([]) is None
