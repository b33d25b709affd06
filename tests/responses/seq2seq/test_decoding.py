"""Replies are found greedily, by search and by lot, on chances that are written down."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from framework.responses.seq2seq.decoding import Decoding, choose, narrowed
from framework.responses.seq2seq.vocabulary import BEGIN, END, PAD, UNKNOWN

A, B, C = 4, 5, 6
CHANCES = {
    # the likeliest first piece leads nowhere good: 0.6 * 0.35 < 0.4 * 0.9
    (): {A: 0.6, B: 0.4},
    (A,): {END: 0.35, A: 0.33, B: 0.32},
    (B,): {C: 0.9, END: 0.1},
    (B, C): {END: 1.0},
    (A, A): {END: 1.0},
    (A, B): {END: 1.0},
}


@dataclass(frozen=True)
class Written:
    """Replies whose chances stand in a table."""

    table: dict
    pieces: tuple = ((),)

    def chances(self):
        rows = np.zeros((len(self.pieces), 7), np.float32)
        for row, prefix in zip(rows, self.pieces, strict=True):
            for piece, chance in self.table.get(prefix, {END: 1.0}).items():
                row[piece] = chance
        return rows

    def extend(self, beams, pieces):
        grown = tuple((*self.pieces[b], p) for b, p in zip(beams, pieces, strict=True))
        return replace(self, pieces=grown)


def test_one_beam_takes_the_likeliest_piece_each_time():
    best = choose(Written(CHANCES), Decoding(beam=1))[0]
    assert best.pieces == (A,)
    assert best.is_whole
    assert np.exp(sum(best.chances)) == pytest.approx(0.6 * 0.35)


def test_a_search_finds_the_likeliest_reply():
    found = choose(Written(CHANCES), Decoding(beam=3, length_penalty=0))
    assert found[0].pieces == (B, C)
    assert np.exp(sum(found[0].chances)) == pytest.approx(0.36)
    assert [one.score(0) for one in found] == sorted((one.score(0) for one in found), reverse=True)


def test_the_length_penalty_decides_between_short_and_long():
    table = {(): {A: 1.0}, (A,): {END: 0.5, B: 0.5}, (A, B): {C: 0.9}, (A, B, C): {END: 1.0}}
    short, long = (
        choose(Written(table), Decoding(beam=2, length_penalty=penalty))[0].pieces
        for penalty in (0, 1)
    )
    assert short == (A,)
    assert long == (A, B, C)


@pytest.mark.parametrize("beam", [1, 4])
def test_what_is_no_part_of_a_reply_is_never_chosen(beam):
    table = {(): {PAD: 0.3, BEGIN: 0.3, UNKNOWN: 0.2, END: 0.15, A: 0.05}}
    assert choose(Written(table), Decoding(beam=beam))[0].pieces == (A,)


@pytest.mark.parametrize("beam", [1, 3])
def test_an_endless_reply_is_cut_off(beam):
    class Endless(Written):
        def chances(self):
            return np.tile(np.array([[0, 0, 0, 0, 0.9, 0.1, 0]], np.float32), (len(self.pieces), 1))

    best = choose(Endless({}), Decoding(beam=beam, most=7))[0]
    assert best.pieces == (A,) * 7
    assert not best.is_whole


def test_drawing_repeats_with_the_same_seed_and_varies_with_others():
    def draw(seed):
        lot = np.random.default_rng(seed)
        return choose(Written(CHANCES), Decoding(top_p=0.99), lot=lot)[0].pieces

    assert draw(3) == draw(3)
    assert len({draw(seed) for seed in range(30)}) > 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"top_k": 1}, [0, 1, 0, 0]),
        ({"top_k": 2}, [0, 0.625, 0.375, 0]),
        ({"top_p": 0.45}, [0, 1, 0, 0]),
        ({"top_p": 0.6}, [0, 0.625, 0.375, 0]),
        ({"top_p": 0.85}, [0.1 / 0.9, 0.5 / 0.9, 0.3 / 0.9, 0]),
        ({"top_k": 2, "temperature": 0.5}, [0, 0.25 / 0.34, 0.09 / 0.34, 0]),
    ],
)
def test_drawing_is_narrowed_to_the_likeliest(settings, expected):
    chances = np.array([0.1, 0.5, 0.3, 0.1], np.float32)
    assert narrowed(chances, Decoding(**settings)) == pytest.approx(expected, abs=1e-6)
