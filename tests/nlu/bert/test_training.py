"""The model equals its reference, its graph equals the model, its choices follow the data."""

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch

from framework.data.types import Utterance
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.bert.labels import EntityLabel, Labels, collect, spans_of, splits_words
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.bert.training.batches import (
    IGNORED,
    class_weights,
    distinct,
    encode,
    encode_names,
    grouped_by_length,
    shuffled_batches,
)
from framework.nlu.bert.training.export import write_graph
from framework.nlu.bert.training.frozen import KnownStates
from framework.nlu.bert.training.judge import Logits, Targets, calibrate
from framework.nlu.bert.training.model import Tagger, tag_shares
from framework.nlu.bert.training.prepare import collect_labels
from framework.nlu.bert.training.pretrained import load_pretrained, merge_words, narrow_words
from framework.nlu.bert.training.probe import fit_probe, foretell_accuracy
from framework.nlu.bert.training.recipe import choose_recipe, freeze_lowest, hold_out
from framework.nlu.bert.training.teacher import Teacher
from framework.nlu.bert.words import read_pieces
from framework.project.markup import parse
from framework.testing.encoder import write_tiny_encoder

LABELS = Labels(
    intents=("ask", "greet"),
    entities=(EntityLabel(entity="city", role="from"), EntityLabel(entity="city", role="to")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def pretrained(folder):
    return load_pretrained(find_encoder(str(folder)), texts=[])


def utterance(line: str, intent: str | None = "ask") -> Utterance:
    read = parse(line)
    return Utterance(text=read.text, intent=intent, entities=read.entities)


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("float32", 1e-3), ("float16", 3e-2), ("int8", 0.4)]
)
def test_the_graph_says_what_the_model_says(pretrained, precision, tolerance):
    torch.manual_seed(0)
    model = Tagger(pretrained.bert, LABELS, dropout=0.0).eval()
    torch.nn.init.normal_(model.intents)
    torch.nn.init.normal_(model.tags.parts, std=0.1)
    graph = write_graph(model, pretrained.word_table, precision=precision)
    ids = np.array([[3, 40, 41, 42, 4], [3, 45, 4, 0, 0]])
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], dtype=np.int32)
    session = onnxruntime.InferenceSession(graph)
    intents, tags, embedding = session.run(
        ["intents", "tags", "embedding"], {"ids": ids, "mask": mask}
    )
    with torch.no_grad():
        output = model(torch.from_numpy(ids), torch.from_numpy(mask).bool())
    np.testing.assert_allclose(intents, output.intents, atol=20 * tolerance)
    np.testing.assert_allclose(tags[mask > 0], output.tags[mask > 0], atol=tolerance)
    np.testing.assert_allclose(embedding, output.embedding, atol=tolerance)
    np.testing.assert_allclose(np.linalg.norm(embedding, axis=1), 1, atol=1e-4)


def test_in_8_bits_an_answer_does_not_depend_on_its_neighbours(pretrained):
    model = Tagger(pretrained.bert, LABELS, dropout=0.0).eval()
    session = onnxruntime.InferenceSession(
        write_graph(model, pretrained.word_table, precision="int8")
    )
    one = {"ids": np.array([[3, 45, 46, 4]]), "mask": np.ones((1, 4), dtype=np.int32)}
    two = {"ids": np.array([[3, 45, 46, 4], [3, 70, 9, 4]]), "mask": np.ones((2, 4), np.int32)}
    alone, together = (session.run(["embedding"], given)[0][0] for given in (one, two))
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_only_the_rows_that_occur_are_trained_and_all_are_kept(folder):
    pretrained = load_pretrained(find_encoder(str(folder)), texts=[])
    table = pretrained.word_table.clone()
    kept = narrow_words(pretrained.bert, [7, 9, 7])
    assert pretrained.bert.word.weight.shape[0] == 2
    pretrained.bert.word.weight.data += 1
    merged = merge_words(pretrained.word_table, pretrained.bert, kept)
    torch.testing.assert_close(merged[[7, 9]], table[[7, 9]] + 1)
    torch.testing.assert_close(merged[8], table[8])


def test_labels_of_one_entity_share_a_part():
    shares = tag_shares(LABELS.entities)
    assert shares.shape[0] == 5
    assert (shares[1] * shares[3]).sum() == 2
    assert (shares[0] * shares[1]).sum() == 0


def test_an_entity_covers_the_words_it_touches(pretrained):
    example = utterance("from [osl](city)o to [rome](city)")
    (pieces,) = read_pieces(pretrained.tokenizer, [example.text], unit="word")
    spans = spans_of(example.entities, pieces, [EntityLabel(entity="city")])
    covered = [pieces.words[span.first : span.last] for span in spans]
    assert [[example.text[a:b] for a, b in words] for words in covered] == [["oslo"], ["rome"]]
    assert splits_words([example], [pieces]) == 0.5


def test_equal_examples_count_once_and_labels_that_clash_both_stay():
    examples = [utterance("hello"), utterance("hello"), utterance("hello", "greet")]
    assert distinct(examples) == [examples[0], examples[2]]


def test_retrieval_labels_are_kept_apart_and_have_one_base():
    labels = collect(
        [
            Utterance(text="a", intent="faq", response_key="faq/a"),
            Utterance(text="b", intent="faq", response_key="faq/b"),
        ]
    )
    assert labels.intents == ("faq/a", "faq/b")
    assert set(labels.bases) == {"faq"}
    assert Labels.from_json(labels.to_json()) == labels


def test_every_intent_keeps_most_of_its_examples(pretrained):
    utterances = [utterance(f"number {n}", f"intent {n % 7}") for n in range(400)]
    utterances += [utterance("alone", "rare")]
    labels = collect(utterances)
    examples = encode(utterances, labels, pretrained.tokenizer)
    learned, held = hold_out(examples, seed=1)
    assert len(learned) + len(held) == len(examples)
    assert 0.05 * len(examples) < len(held) < 0.2 * len(examples)
    assert labels.intents.index("rare") not in {example.intent for example in held}
    again, _ = hold_out(examples, seed=1)
    assert [id(example) for example in again] == [id(example) for example in learned]


def test_long_examples_make_small_batches(pretrained):
    labels = collect([utterance("x")])
    examples = encode([utterance("a b " * 60)] * 100, labels, pretrained.tokenizer)
    groups = grouped_by_length(examples, size=64)
    assert max(len(group) for group in groups) < 64
    assert sum(len(group) for group in groups) == 100


def test_confidences_that_are_too_high_are_divided(pretrained):
    utterances = [utterance(f"word {n}", "ask" if n % 4 else "greet") for n in range(200)]
    labels = collect(utterances)
    examples = encode(utterances, labels, pretrained.tokenizer)
    sure_of_ask = Logits(
        intents=np.array([9.0, 0.0], dtype=np.float32),
        tags=np.zeros((2, 1), dtype=np.float32),
        embedding=np.zeros(4, dtype=np.float32),
    )
    assert calibrate(examples, [sure_of_ask] * 200, labels).intents > 2


@pytest.mark.parametrize("foretold", [0.7, 0.8, 0.95])
def test_without_held_out_examples_confidences_follow_the_accuracy_that_is_foretold(foretold):
    labels = collect([utterance("a", "ask"), utterance("b", "greet")])
    logits = np.tile([[3.0, 0.0], [0.0, 3.0]], (30, 1)).astype(np.float32)
    left_out = Targets(logits=logits, wanted=np.tile([0, 1], 30))
    found = calibrate([], [], labels, left_out=left_out, foretold=foretold).intents
    surer = calibrate([], [], labels, left_out=left_out, foretold=foretold + 0.04).intents
    assert surer < found
    sure = 1 / (1 + np.exp(-3.0 * 0.6 / found))
    assert sure == pytest.approx(foretold, abs=0.02)


def test_nothing_is_held_out_where_intents_have_few_examples(pretrained):
    utterances = [utterance(f"number {n}", f"intent {n % 20}") for n in range(400)]
    examples = encode(utterances, collect(utterances), pretrained.tokenizer)
    assert hold_out(examples, seed=1)[1] == []
    assert hold_out(examples, seed=1, least_of_one=0)[1]


def test_names_of_intents_are_read_as_words_and_carry_no_tags(pretrained):
    labels = collect([utterance("a", "faq/askPrice"), utterance("b", "bank_transfer-now")])
    names = encode_names(labels, pretrained.tokenizer)
    expected = read_pieces(pretrained.tokenizer, ["bank transfer now", "ask Price"], unit="word")
    assert labels.intents == ("bank_transfer-now", "faq/askPrice")
    for name, pieces in zip(names, expected, strict=True):
        np.testing.assert_array_equal(name.pieces.ids, pieces.ids)
        assert set(name.tags) == {IGNORED}


def test_a_probe_tells_groups_of_vectors_apart_and_foretells_how_well():
    generator = torch.Generator().manual_seed(0)
    centers = torch.nn.functional.normalize(torch.randn(4, 16, generator=generator), dim=1)
    intents = torch.arange(80) % 4
    near = centers[intents] + 0.1 * torch.randn(80, 16, generator=generator)
    vectors = torch.nn.functional.normalize(near, dim=1)
    probe = fit_probe(vectors, intents, torch.ones(4))
    assert bool(((vectors @ probe.weights.T + probe.biases).argmax(dim=1) == intents).all())
    told = foretell_accuracy(vectors, intents, torch.ones(4), generator=generator)
    chance = foretell_accuracy(
        vectors[torch.randperm(80, generator=generator)],
        intents,
        torch.ones(4),
        generator=generator,
    )
    assert told > 0.95
    assert chance < 0.5


def test_a_frozen_encoder_reads_each_message_once():
    read = []

    def encode_rows(ids, mask):
        read.append(len(ids))
        return ids[..., None].float().expand(*ids.shape, 2)

    states = KnownStates()
    ids = torch.tensor([[5, 6, 0], [7, 8, 9]])
    mask = torch.tensor([[True, True, False], [True, True, True]])
    first = states.read(ids, mask, encode_rows)
    again = states.read(ids.flip(0), mask.flip(0), encode_rows)
    torch.testing.assert_close(first.flip(0), again)
    assert first[0, 2].tolist() == [0, 0]
    assert first[1, :, 0].tolist() == [7, 8, 9]
    assert read == [2]


def test_entities_that_end_inside_words_make_pieces_the_unit(pretrained):
    inside = [utterance(f"[{city}](city)de") for city in ("bonn", "ulm")]
    outside = [utterance(f"[{city}](city) now") for city in ("bonn", "ulm")]
    assert collect_labels(inside, pretrained.tokenizer).unit == "piece"
    assert collect_labels(outside, pretrained.tokenizer).unit == "word"


def test_an_emoji_does_not_take_its_word_with_it(pretrained):
    encoded = pretrained.tokenizer.encode("thanks😊👍🏽 ok")
    unknown = pretrained.tokenizer.token_to_id("[UNK]")
    assert encoded.tokens[1] == "thanks"
    assert unknown in encoded.ids


@pytest.mark.parametrize(
    ("examples", "batch_size", "steps"),
    [(31, 8, 48), (67, 8, 72), (460, 16, 232), (13_084, 32, 2045)],
)
def test_little_data_is_seen_often_in_small_steps(examples, batch_size, steps):
    recipe = choose_recipe(BertTagger()._settings, examples=examples, has_entities=True)
    assert recipe.batch_size == batch_size
    assert recipe.epochs * -(-examples // batch_size) == steps


def test_a_deeper_encoder_learns_longer_from_little_data():
    def epochs(examples: int) -> list[int]:
        settings = BertTagger()._settings
        return [
            choose_recipe(settings, examples=examples, has_entities=True, layers=layers).epochs
            for layers in (2, 6, 12)
        ]

    assert epochs(100) == [5, 5, 10]
    assert epochs(400) == [9, 9, 9]


@pytest.mark.parametrize(
    ("examples", "has_entities", "share"), [(60, False, 0.5), (60, True, 0.0), (300, False, 0.0)]
)
def test_half_of_the_encoder_stays_as_it_is_for_a_handful_of_intents(examples, has_entities, share):
    recipe = choose_recipe(BertTagger()._settings, examples=examples, has_entities=has_entities)
    assert recipe.frozen_share == share


@pytest.mark.parametrize(
    ("examples", "has_entities", "epochs", "others"),
    [(9_000, False, 4, 3.0), (9_000, True, 5, 0.0), (1_900, False, 5, 0.0)],
)
def test_many_examples_without_entities_are_learned_in_less(examples, has_entities, epochs, others):
    recipe = choose_recipe(BertTagger()._settings, examples=examples, has_entities=has_entities)
    assert (recipe.epochs, recipe.review_others) == (epochs, others)


@pytest.mark.parametrize(("others", "reviewed"), [(2.0, 9), (0.0, 20)])
def test_all_that_was_held_out_is_learned_in_the_end(folder, others, reviewed):
    pretrained = load_pretrained(find_encoder(str(folder)), texts=[])
    texts = [Utterance(text=f"hello {n}", intent="greet") for n in range(20)]
    labels = collect(texts)
    examples = encode(texts, labels, pretrained.tokenizer)
    teacher = Teacher(
        pretrained,
        labels,
        settings=BertTagger(epochs=1)._settings,
        generator=torch.Generator().manual_seed(1),
        examples=examples,
    )
    for _ in teacher.learn(examples[3:], examples[:3]):
        pass
    teacher._recipe = replace(teacher._recipe, review_others=others)
    chosen = teacher._choose_reviewed()

    assert {id(one) for one in examples[:3]} <= {id(one) for one in chosen}
    assert len({id(one) for one in chosen}) == len(chosen) == reviewed


@pytest.mark.parametrize(("examples", "is_rounded"), [(40, True), (400, False)])
def test_batches_of_a_long_pass_are_as_long_as_their_longest(pretrained, examples, is_rounded):
    lengths = [1 + n % 9 for n in range(examples)]
    texts = [Utterance(text=" ".join("a" * length), intent="ask") for length in lengths]
    found = encode(texts, collect(texts), pretrained.tokenizer)
    batches = shuffled_batches(found, size=4, generator=torch.Generator().manual_seed(1))
    widths = {batch.mask.shape[1] for batch in batches}
    longest = {int(batch.mask.sum(dim=1).max()) for batch in batches}
    assert (widths == longest) is not is_rounded
    assert is_rounded is all(width % 4 == 0 for width in widths)


def test_the_layers_that_stay_as_they_are_are_the_lowest(folder):
    bert = load_pretrained(find_encoder(str(folder)), texts=[]).bert
    freeze_lowest(bert, 0.5)
    learning = [layer.qkv.weight.requires_grad for layer in bert.layers]
    half = len(learning) // 2
    assert half
    assert learning == [False] * half + [True] * (len(learning) - half)
    assert not bert.word.weight.requires_grad


def test_class_weights_let_all_intents_count_alike(pretrained):
    utterances = [
        *(Utterance(text=f"hello {n}", intent="greet") for n in range(6)),
        *(Utterance(text=f"why {n}", intent="ask") for n in range(2)),
        Utterance(text="from oslo", intent=None),
    ]
    labels = collect(utterances)

    examples = encode(utterances, labels, pretrained.tokenizer)
    weights = class_weights(examples, intents=2)

    assert labels.intents == ("ask", "greet")
    assert (weights * [2, 6]).tolist() == pytest.approx([4, 4])
    rooted = class_weights(examples, intents=2, power=0.5)
    assert (rooted**2).tolist() == pytest.approx(weights.tolist())
