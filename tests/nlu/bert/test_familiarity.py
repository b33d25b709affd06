"""The out-of-scope score: fitted without examples of what is out of scope, kept in a bundle."""

import numpy as np
import pytest

from framework.nlu.bert.familiarity import (
    NOWHERE,
    Familiarity,
    energy,
    familiarity,
    group,
    nearness,
)
from framework.nlu.bert.training.scope import (
    ENERGY_WEIGHT,
    MOST_OF_ONE,
    Sample,
    Unseen,
    choose,
    fit_familiarity,
    judge_by_others,
    leave_one_out,
)
from framework.nlu.types import OutOfScope

INTENTS = ("bye", "greet", "order", "out_of_scope")


def cluster(rng, place: int, *, count: int, spread: float = 0.15) -> np.ndarray:
    """Vectors of length 1 around one of the axes of a space of 12 dimensions."""
    vectors = spread * rng.normal(size=(count, 12)) / np.sqrt(12) * 3
    vectors[:, place] += 1
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def logits_of(vectors: np.ndarray, *, intents: int = len(INTENTS)) -> np.ndarray:
    """Logits of a model for which every intent has an axis of its own."""
    return 5 * vectors[:, :intents]


def sample_of(vectors: np.ndarray, labels: np.ndarray, *, intents: int = len(INTENTS)) -> Sample:
    vectors = vectors.astype(np.float32)
    logits = logits_of(vectors, intents=intents)
    return Sample(vectors=vectors, logits=logits, labels=labels, intent_of=np.arange(intents))


def sample(*, with_out_of_scope: bool = False) -> Sample:
    rng = np.random.default_rng(0)
    kinds = 4 if with_out_of_scope else 3
    vectors = np.concatenate([cluster(rng, place, count=20) for place in range(kinds)])
    return sample_of(vectors, np.repeat(np.arange(kinds), 20))


def fit(*, energy_weight: float = 0.0, **options) -> Familiarity:
    found = fit_familiarity(
        sample(**options), INTENTS, beyond=["out_of_scope"], energy_weight=energy_weight
    )
    assert found is not None
    return found


def judge(found: Familiarity, vectors: np.ndarray) -> list[OutOfScope]:
    return found.judge(vectors.astype(np.float32), logits_of(vectors))


@pytest.mark.parametrize("energy_weight", [0.0, ENERGY_WEIGHT])
def test_messages_far_from_all_examples_look_out_of_scope(energy_weight):
    rng = np.random.default_rng(1)
    found = fit(energy_weight=energy_weight)
    within = judge(found, np.concatenate([cluster(rng, place, count=50) for place in range(3)]))
    beyond = judge(found, cluster(rng, 9, count=50))
    assert np.mean([item.confidence > item.limit for item in within]) < 0.05
    assert np.mean([item.confidence > item.limit for item in beyond]) > 0.95
    assert all(0 <= item.confidence <= 1 for item in (*within, *beyond))


@pytest.mark.parametrize(("intents", "least"), [(6, 0.8), (29, 0.8), (30, 0.9), (60, 0.9)])
def test_a_bot_of_many_intents_flags_only_what_looks_stranger(intents, least):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(intents), 5)
    vectors = 0.05 * rng.normal(size=(len(labels), intents))
    vectors[np.arange(len(labels)), labels] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = sample_of(vectors, labels, intents=intents)
    names = [f"intent_{number}" for number in range(intents)]
    found = fit_familiarity(alike, names, beyond=())
    by_logits = fit_familiarity(alike, names, beyond=(), energy_weight=ENERGY_WEIGHT)
    assert found is not None
    assert by_logits is not None
    assert (found.limit, by_logits.limit) == (least, 0.7)


def test_where_logits_count_a_message_is_stranger_the_less_they_say():
    vector = np.eye(12, dtype=np.float32)[:1]
    much, little = 5 * np.eye(4, dtype=np.float32)[:1], np.zeros((1, 4), dtype=np.float32)
    by_both, by_nearness = fit(energy_weight=ENERGY_WEIGHT), fit()
    (sure,), (unsure,) = by_both.judge(vector, much), by_both.judge(vector, little)
    assert sure.confidence < unsure.confidence
    assert by_nearness.judge(vector, much) == by_nearness.judge(vector, little)


def test_logits_of_what_is_out_of_scope_make_nothing_familiar():
    vector = np.eye(12, dtype=np.float32)[:1]
    found = fit(with_out_of_scope=True, energy_weight=ENERGY_WEIGHT)
    nothing, beyond = np.zeros((1, 4), dtype=np.float32), np.array([[0, 0, 0, 9]], dtype=np.float32)
    assert found.judge(vector, nothing) == found.judge(vector, beyond)


def test_energy_is_the_logarithm_of_the_summed_exponentials_of_what_counts():
    logits = np.log(np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32))
    np.testing.assert_allclose(energy(logits, np.array([True, True, False])), np.log([3, 9]))
    of_each = np.array([[True, False, True], [False, True, True]])
    np.testing.assert_allclose(energy(logits, of_each), np.log([4, 11]), rtol=1e-6)
    assert np.isfinite(energy(logits + 500, np.ones(3, dtype=bool))).all()


def test_held_out_examples_raise_the_limit_that_hardly_any_of_them_exceeds():
    near = np.full((50, 4), 0.2, dtype=np.float32)
    strange = Unseen(near=near, logits=np.zeros((50, 4), dtype=np.float32))
    usual = fit()
    watched = fit_familiarity(sample(), INTENTS, beyond=["out_of_scope"], held=strange)
    assert watched is not None
    assert watched.limit > usual.limit


def test_a_message_between_two_intents_is_less_familiar_than_one_near_either():
    found = fit()
    middle = (np.eye(12)[0] + np.eye(12)[1]) / np.sqrt(2)
    between, at_one = judge(found, np.stack([middle, np.eye(12)[0]]))
    assert between.confidence > at_one.confidence


def test_several_intents_as_near_make_a_message_more_familiar_than_one():
    found = fit()
    axes = np.eye(12)
    of_two = 0.5 * (axes[0] + axes[1]) + np.sqrt(0.5) * axes[9]
    of_one = 0.5 * axes[0] + np.sqrt(0.75) * axes[9]
    near_two, near_one = judge(found, np.stack([of_two, of_one]))
    assert near_two.confidence < near_one.confidence


def test_a_message_is_less_familiar_the_nearer_examples_out_of_scope_are():
    near = np.array([[0.6, 0.1, 0.1, 0.5], [0.6, 0.1, 0.1, 0.9]], dtype=np.float32)
    is_known = np.array([True, True, True, False])
    behind, ahead = familiarity(near, is_known)
    assert behind == pytest.approx(familiarity(near[:1, :3], is_known[:3])[0])
    assert ahead < behind


def test_examples_of_what_is_out_of_scope_are_used_where_there_are_some():
    rng = np.random.default_rng(1)
    messages = cluster(rng, 3, count=50)
    with_examples = judge(fit(with_out_of_scope=True), messages)
    assert np.mean([item.confidence > 0.5 for item in with_examples]) > 0.95
    unmarked = fit_familiarity(sample(with_out_of_scope=True), INTENTS, beyond=[])
    assert unmarked is not None
    assert np.mean([item.confidence > 0.5 for item in judge(unmarked, messages)]) < 0.1


def test_the_score_survives_its_bytes():
    found = fit(energy_weight=ENERGY_WEIGHT)
    again = Familiarity.from_bytes(found.to_bytes())
    messages = sample().vectors
    for one, two in zip(judge(found, messages), judge(again, messages), strict=True):
        assert one.confidence == pytest.approx(two.confidence, abs=0.02)
        assert one.limit == two.limit
    assert found.to_bytes() == fit(energy_weight=ENERGY_WEIGHT).to_bytes()


def test_there_is_no_score_where_nothing_could_be_left_out():
    two = sample()
    kept = two.labels < 2
    few = sample_of(two.vectors[kept], two.labels[kept])
    assert fit_familiarity(few, INTENTS, beyond=[]) is None
    empty = sample_of(np.zeros((0, 0)), np.zeros(0, dtype=np.int64), intents=0)
    assert fit_familiarity(empty, (), beyond=[]) is None


def test_there_is_no_score_where_vectors_tell_nothing():
    rng = np.random.default_rng(0)
    same = np.tile(cluster(rng, 0, count=1), (30, 1))
    labels = np.repeat(np.arange(3), 10)
    assert fit_familiarity(sample_of(same, labels), INTENTS, beyond=[]) is None


def test_an_intent_with_one_example_neither_breaks_the_score_nor_counts_as_unusual():
    usual = sample()
    vectors = np.concatenate([usual.vectors, np.eye(12, dtype=np.float32)[7:8]])
    labels = np.append(usual.labels, 3)
    found = fit_familiarity(sample_of(vectors, labels), (*INTENTS[:3], "rare"), beyond=[])
    assert found is not None
    (at_rare,) = judge(found, vectors[-1:])
    assert at_rare.confidence < 0.5


def test_an_example_is_judged_by_the_others_of_its_intent_alone():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    near = leave_one_out(vectors, np.array([0, 0, 1, 2]), count=3)
    np.testing.assert_allclose(near[0], [1, 0, 0])
    assert near[2, 1] == NOWHERE
    all_four = sample_of(vectors, np.array([0, 0, 1, 2]), intents=3)
    by_others = judge_by_others(all_four, count=3, sharpness=10.0)
    assert by_others.wanted.tolist() == [0, 0]
    np.testing.assert_allclose(by_others.logits[0], [10, 0, 0])


def test_nearness_is_the_mean_of_the_nearest_three():
    cosines = np.array([[0.9, 0.1, 0.8, 0.7, 0.5]], dtype=np.float32)
    near = nearness(cosines, group([0, 0, 0, 0, 1], count=3))
    np.testing.assert_allclose(near, [[0.8, 0.5, NOWHERE]], atol=1e-6)


def test_each_intent_keeps_an_even_share_of_the_examples():
    labels = [0] * 500 + [1] * 5 + [-100] * 3
    assert choose(labels, most=20) == [*range(15), *range(500, 505)]
    assert len(choose(labels)) == MOST_OF_ONE + 5
