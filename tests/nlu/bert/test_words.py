"""Words keep their places in the original text, whatever the tokenizer makes of it."""

import unicodedata

import pytest
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC
from tokenizers.pre_tokenizers import Sequence, Split, WhitespaceSplit

from framework.nlu.bert.words import find_words, read_pieces
from framework.testing.encoder import write_tiny_encoder


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory) -> Tokenizer:
    folder = write_tiny_encoder(tmp_path_factory.mktemp("encoder"))
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book a table", ["book", "a", "table"]),
        ("  two\t\nspaces ", ["two", "spaces"]),
        ("$20, please!", ["$", "20", ",", "please", "!"]),
        ("Crème Brûlée", ["Crème", "Brûlée"]),
        ("e\u0301te\u0301 now", ["e\u0301te\u0301", "now"]),
        ("😀 hi", ["😀", "hi"]),
        ("去北京 now", ["去", "北", "京", "now"]),
        ("去80年代abc店", ["去", "80", "年", "代", "abc", "店"]),
        ("STRASSE", ["STRASSE"]),
        ("", []),
        ("\x00\x01", []),
    ],
)
def test_words_are_cut_from_the_original_text(tokenizer, text, words):
    (pieces,) = read_pieces(tokenizer, [text], unit="word")
    assert [text[start:end] for start, end in pieces.words] == words
    assert len(pieces.heads) == len(words)


def test_every_piece_begins_a_word_when_asked(tokenizer):
    (pieces,) = read_pieces(tokenizer, ["table12"], unit="piece")
    assert len(pieces.words) > 1
    assert pieces.words[0][0] == 0
    assert pieces.words[-1][1] == len("table12")


def test_a_long_text_is_cut_where_the_tokenizer_stops(tokenizer):
    tokenizer.enable_truncation(16)
    (pieces,) = read_pieces(tokenizer, ["two " * 100], unit="word")
    tokenizer.no_truncation()
    assert len(pieces.ids) == 16
    assert len(pieces.words) == 14


def test_signs_stand_alone_and_letters_together():
    assert [("a_b-c"[s:e]) for s, e in find_words("a_b-c")] == ["a_b", "-", "c"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ฉันอยาก", ["ฉัน", "อยาก"]),
        ("दिल्ली के लिए", ["दिल्ली", "के", "लिए"]),
        ("đi Hà Nội", ["đi", "Hà", "Nội"]),
        ("내일 서울로", ["내일", "서울로"]),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vowel_signs_and_parts_of_syllables_belong_to_their_word(text, words, form):
    """The pieces are single characters, and what is left of each one begins with its sign."""
    tokenizer = Tokenizer(Unigram([("<unk>", 0.0), ("ัน", -1.0), ("อยาก", -1.0)], unk_id=0))
    tokenizer.normalizer = NFKC()
    tokenizer.pre_tokenizer = Sequence([WhitespaceSplit(), Split(Regex(r"(?=ั|อ)"), "isolated")])
    written = unicodedata.normalize(form, text)
    (pieces,) = read_pieces(tokenizer, [written], unit="word")
    assert [unicodedata.normalize("NFC", written[a:b]) for a, b in pieces.words] == words


@pytest.mark.parametrize(
    ("text", "ids"),
    [("DO IT", [1, 2]), ("do it", [1, 2]), ("do IT", [1, 3]), ("Do it", [0, 2]), ("DO İT", [0, 0])],
)
def test_a_message_in_capitals_only_is_read_like_one_without(text, ids):
    letters = [("<unk>", 0.0), ("do", -1.0), ("it", -1.0), ("IT", -1.0)]
    tokenizer = Tokenizer(Unigram(letters, unk_id=0))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    (pieces,) = read_pieces(tokenizer, [text], unit="word")
    assert pieces.ids.tolist() == ids
    assert [text[start:end] for start, end in pieces.words] == text.split()
