import numpy as np
import pytest

from framework.errors import BundleError
from framework.responses.knowledge.dense import PassageVectors, QueryMap, usual
from framework.responses.knowledge.index import KnowledgeIndex
from framework.responses.knowledge.lexical import InvertedIndex
from framework.responses.knowledge.search import search
from framework.responses.knowledge.terms import telling, terms
from tests.responses.knowledge.indexes import WIDTH, make_index, passage, unit, with_vectors

BREAD = "Rye bread keeps for five days in a linen bag."
REFUND = "Bring it back within a day and you get your money back."
TRAIN = "The train to Paris leaves at noon."


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Refunds & returns, A-12!", "en", ["refund", "return", "a", "12"]),
        ("bus policies glasses", "en", ["bus", "policy", "glasse"]),
        ("Häuser STRASSE", "de", ["häuser", "strasse"]),
        ("如何退款", "zh", ["如", "何", "退", "款", "如何", "何退", "退款"]),
        ("", "en", []),
    ],
)
def test_texts_are_cut_into_terms(text, language, expected):
    assert list(terms(text, language=language)) == expected


def test_words_that_every_question_has_are_left_out_unless_there_are_no_others():
    assert telling(["what", "is", "gluten"], language="en") == ["gluten"]
    assert telling(["what", "is"], language="en") == ["what", "is"]


@pytest.mark.parametrize(
    ("language", "question", "texts"),
    [
        ("en", "how long does rye bread keep?", [TRAIN, REFUND, BREAD]),
        ("en", "BREAD!", [TRAIN, REFUND, BREAD]),
        ("zh", "怎么申请退款", ["我们九点开门。", "面包含有麸质。", "退款请在一天内申请。"]),
    ],
)
def test_the_passage_with_the_questions_words_comes_first(language, question, texts):
    [first, *_] = search(make_index(*texts, language=language), question, None, count=3)
    assert first.passage.text == texts[-1]
    assert first.meaning is None
    assert 0 < first.words <= 1


def test_words_of_the_headings_count():
    index = make_index(passage("Ten euros.", "Delivery"), passage("Two euros.", "Storage"))
    assert search(index, "delivery", None, count=1)[0].passage.text == "Ten euros."


def test_the_passage_that_means_the_same_comes_first_without_a_common_word():
    rows = np.eye(3, WIDTH)
    index = with_vectors(make_index(TRAIN, REFUND, BREAD), rows)
    [first, second, _] = search(index, "loaf", unit(rows[2] + 0.1 * rows[1]), count=3)
    assert (first.passage.text, second.passage.text) == (BREAD, REFUND)
    assert first.meaning == pytest.approx(0.995, abs=0.01)
    assert first.confidence > second.confidence


def test_a_vector_of_another_width_is_left_aside():
    index = with_vectors(make_index(TRAIN, BREAD), np.eye(2, WIDTH))
    assert search(index, "bread", np.ones(7, dtype=np.float32), count=1)[0].meaning is None


def test_the_map_of_messages_undoes_what_training_changed():
    generator = np.random.default_rng(1)
    before = unit(generator.normal(size=(400, WIDTH)))
    change = np.eye(WIDTH) + 0.3 * generator.normal(size=(WIDTH, WIDTH))
    after = unit(before @ change)
    fitted = QueryMap.fit(after[:300], before[:300], anchors=10)
    kept = [
        float(fitted.apply(row) @ old) for row, old in zip(after[300:], before[300:], strict=True)
    ]
    lost = [float(row @ old) for row, old in zip(after[300:], before[300:], strict=True)]
    assert np.mean(kept) > np.mean(lost)


def test_few_examples_leave_vectors_nearly_as_they_are():
    rows = unit(np.random.default_rng(2).normal(size=(3, WIDTH)))
    fitted = QueryMap.fit(rows[:2], rows[:2], anchors=10)
    assert float(fitted.apply(rows[2]) @ unit(rows[2] - fitted.target)) == pytest.approx(1)


def test_what_all_vectors_of_an_encoder_have_in_common_says_nothing():
    lot = np.random.default_rng(4)
    common = 4 * np.eye(WIDTH)[0]
    examples, passages = (unit(unit(lot.normal(size=(40, WIDTH))) + common) for _ in range(2))
    query = QueryMap.fit(examples, examples, anchors=40)
    vectors = PassageVectors.pack(passages)
    distances = vectors.distances(query.target)
    near = query.cosines(vectors, query.apply(passages[0]), distances=distances)
    assert np.delete(passages @ passages[0], 0).min() > 0.8
    assert near[0] == pytest.approx(1, abs=0.03)
    assert abs(np.delete(near, 0).mean()) < 0.2
    nearest, spread = usual(vectors, query)
    assert 0.1 < nearest < near[0] - spread


def test_the_more_passages_there_are_the_nearer_is_the_nearest():
    lot = np.random.default_rng(5)
    examples, passages = (unit(lot.normal(size=(200, WIDTH))) for _ in range(2))
    query = QueryMap.fit(examples, examples, anchors=200)
    found = [usual(PassageVectors.pack(passages[:count]), query)[0] for count in (1, 3, 20, 200)]
    assert found == sorted(found)
    assert abs(found[0]) < 0.1 < found[-1]


def test_one_byte_a_number_is_enough_for_a_cosine():
    rows = unit(np.random.default_rng(3).normal(size=(50, 384)))
    packed = PassageVectors.pack(rows)
    assert packed.steps.dtype == np.int8
    assert packed.similarities(rows[0]) == pytest.approx(rows @ rows[0], abs=0.01)


def test_an_index_comes_back_from_its_files_as_it_was():
    index = with_vectors(make_index(TRAIN, passage(BREAD, "Storing"), REFUND), np.eye(3, WIDTH))
    files = index.to_files()
    again = KnowledgeIndex.from_files(files)
    assert again.to_files() == files
    vector = unit(np.eye(3, WIDTH)[1])
    for question in ("bread", "money back", "?"):
        assert search(again, question, vector, count=3) == search(index, question, vector, count=3)


@pytest.mark.parametrize("name", ["about.json", "passages.json", "lexical.npz", "query.npz"])
def test_a_file_that_is_missing_or_damaged_is_an_error(name):
    files = with_vectors(make_index(TRAIN), np.eye(1, WIDTH)).to_files()
    for damaged in ({**files, name: b"[]"}, {k: v for k, v in files.items() if k != name}):
        with pytest.raises(BundleError, match="documents"):
            KnowledgeIndex.from_files(damaged)


def test_nothing_is_found_among_no_passages():
    assert InvertedIndex.build([], language="en").coverage("bread").shape == (0,)


def test_ten_thousand_passages_are_told_apart():
    texts = [f"The room {number} is on floor {number % 7}." for number in range(10_000)]
    index = make_index(*texts)
    assert search(index, "where is room 4711?", None, count=1)[0].passage.text == texts[4711]
