"""The out-of-scope score: fitted without examples of what is out of scope, kept in a bundle."""

import numpy as np
import pytest

from framework.nlu.bert.familiarity import NOWHERE, Familiarity, familiarity, group, nearness
from framework.nlu.bert.training.scope import (
    MOST_OF_ONE,
    Sample,
    choose,
    fit_familiarity,
    judge_by_others,
    leave_one_out,
)

INTENTS = ("bye", "greet", "order", "out_of_scope")


def cluster(rng, place: int, *, count: int, spread: float = 0.15) -> np.ndarray:
    """Vectors of length 1 around one of the axes of a space of 12 dimensions."""
    vectors = spread * rng.normal(size=(count, 12)) / np.sqrt(12) * 3
    vectors[:, place] += 1
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def sample(*, with_out_of_scope: bool = False) -> Sample:
    rng = np.random.default_rng(0)
    kinds = 4 if with_out_of_scope else 3
    vectors = np.concatenate([cluster(rng, place, count=20) for place in range(kinds)])
    labels = np.repeat(np.arange(kinds), 20)
    return Sample(vectors=vectors, labels=labels, intents=labels)


def fit(**options) -> Familiarity:
    found = fit_familiarity(sample(**options), INTENTS, beyond=["out_of_scope"])
    assert found is not None
    return found


def test_messages_far_from_all_examples_look_out_of_scope():
    rng = np.random.default_rng(1)
    found = fit()
    within = found.judge(np.concatenate([cluster(rng, place, count=50) for place in range(3)]))
    beyond = found.judge(cluster(rng, 9, count=50))
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
    alike = Sample(vectors=vectors.astype(np.float32), labels=labels, intents=labels)
    found = fit_familiarity(alike, [f"intent_{number}" for number in range(intents)], beyond=())
    assert found is not None
    assert found.limit == least


def test_a_message_between_two_intents_is_less_familiar_than_one_near_either():
    found = fit()
    middle = (np.eye(12)[0] + np.eye(12)[1]) / np.sqrt(2)
    between, at_one = found.judge(np.stack([middle, np.eye(12)[0]]).astype(np.float32))
    assert between.confidence > at_one.confidence


def test_several_intents_as_near_make_a_message_more_familiar_than_one():
    found = fit()
    axes = np.eye(12)
    of_two = 0.5 * (axes[0] + axes[1]) + np.sqrt(0.5) * axes[9]
    of_one = 0.5 * axes[0] + np.sqrt(0.75) * axes[9]
    near_two, near_one = found.judge(np.stack([of_two, of_one]).astype(np.float32))
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
    with_examples = fit(with_out_of_scope=True).judge(messages)
    assert np.mean([item.confidence > 0.5 for item in with_examples]) > 0.95
    unmarked = fit_familiarity(sample(with_out_of_scope=True), INTENTS, beyond=[])
    assert np.mean([item.confidence > 0.5 for item in unmarked.judge(messages)]) < 0.1


def test_the_score_survives_its_bytes():
    found = fit()
    again = Familiarity.from_bytes(found.to_bytes())
    messages = sample().vectors
    for one, two in zip(found.judge(messages), again.judge(messages), strict=True):
        assert one.confidence == pytest.approx(two.confidence, abs=0.02)
        assert one.limit == two.limit
    assert found.to_bytes() == fit().to_bytes()


def test_there_is_no_score_where_nothing_could_be_left_out():
    two = sample()
    kept = two.labels < 2
    few = Sample(vectors=two.vectors[kept], labels=two.labels[kept], intents=two.labels[kept])
    assert fit_familiarity(few, INTENTS, beyond=[]) is None
    nothing = np.zeros(0, dtype=np.int64)
    empty = Sample(vectors=np.zeros((0, 0), np.float32), labels=nothing, intents=nothing)
    assert fit_familiarity(empty, (), beyond=[]) is None


def test_there_is_no_score_where_vectors_tell_nothing():
    rng = np.random.default_rng(0)
    same = np.tile(cluster(rng, 0, count=1), (30, 1))
    labels = np.repeat(np.arange(3), 10)
    assert (
        fit_familiarity(Sample(vectors=same, labels=labels, intents=labels), INTENTS, beyond=[])
        is None
    )


def test_an_intent_with_one_example_neither_breaks_the_score_nor_counts_as_unusual():
    usual = sample()
    vectors = np.concatenate([usual.vectors, np.eye(12, dtype=np.float32)[7:8]])
    labels = np.append(usual.labels, 3)
    found = fit_familiarity(
        Sample(vectors=vectors, labels=labels, intents=labels), (*INTENTS[:3], "rare"), beyond=[]
    )
    assert found is not None
    (at_rare,) = found.judge(vectors[-1:])
    assert at_rare.confidence < 0.5


def test_an_example_is_judged_by_the_others_of_its_intent_alone():
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    near = leave_one_out(vectors, np.array([0, 0, 1, 2]), count=3)
    np.testing.assert_allclose(near[0], [1, 0, 0])
    assert near[2, 1] == NOWHERE
    sample_of_all = Sample(
        vectors=vectors, labels=np.array([0, 0, 1, 2]), intents=np.array([0, 0, 1, 2])
    )
    by_others = judge_by_others(sample_of_all, count=3, sharpness=10.0)
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
