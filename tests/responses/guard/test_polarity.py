import pytest

from framework.responses.guard.polarity import contraries
from framework.responses.guard.stems import stem


@pytest.mark.parametrize(
    ("source", "reply"),
    [
        ("The ticket is not refundable.", "The ticket is refundable."),
        ("The ticket is not refundable.", "You get a refund for the ticket."),
        ("The ticket is refundable.", "The ticket isn't refundable."),
        ("The ticket is refundable.", "The ticket is non-refundable."),
        ("The seat is available.", "The seat is unavailable."),
        ("The seat is unavailable.", "The seat is available."),
        ("We open on Mondays.", "We are closed on Mondays."),
        ("Breakfast is included.", "Breakfast is excluded."),
        ("Towels are included, classes are not included.", "Classes are included."),
        ("Towels are included, classes are not included.", "Towels are not included."),
        ("Please call us.", "Please don't call us."),
        ("It takes at least a day.", "It takes at most a day."),
        ("With onions.", "Without onions."),
        ("Hello!", "I'm sorry, I am unable to assist with that."),
        ("转账已成功。", "转账未成功。"),
        ("此操作不可撤销。", "此操作可以撤销。"),
        ("Das Zimmer ist frei.", "Das Zimmer ist nicht frei."),
        ("La reserva está confirmada.", "La reserva no está confirmada."),
        ("Le billet est remboursable.", "Le billet n'est pas remboursable."),
    ],
)
def test_the_contrary_is_found(source, reply):
    assert contraries(reply, source)


@pytest.mark.parametrize(
    ("source", "reply"),
    [
        ("The ticket is not refundable.", "The ticket can't be refunded."),
        ("The ticket is not refundable.", "The ticket is non-refundable."),
        ("I can't change the booking.", "Changing the booking isn't something I can do."),
        ("I can't change the booking.", "I'm unable to change the booking."),
        ("Please call us.", "Please don't hesitate to call us."),
        ("Please call us.", "No worries, please call us!"),
        ("Your order is ready.", "Your order no. 12 is ready."),
        ("Your order is ready.", "If you can't come, call us: your order is ready."),
        ("Towels are included, classes are not.", "Towels are included."),
        ("Pets are not allowed.", "Pets are not permitted."),
        ("转账已成功。", "没问题!转账已成功。"),
        ("", ""),
        ("...", "?!"),
    ],
)
def test_the_same_in_other_words_is_no_contrary(source, reply):
    assert contraries(reply, source) == set()


@pytest.mark.parametrize(
    "forms",
    ["change changes changed changing", "ship shipped ships", "refund refunded refundable"],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1
