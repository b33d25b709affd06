"""Word vectors are read from text files, or the line that can't be read is named."""

import numpy as np
import pytest

from framework.errors import TrainingError
from framework.nlu.bert.training import vectors
from framework.nlu.bert.training.vectors import read_vectors


def write(tmp_path, text: str | bytes):
    path = tmp_path / "vectors.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("header", ["", "3 2\n"])
def test_words_and_rows_are_read_with_and_without_a_header(tmp_path, header):
    path = write(tmp_path, f"{header}the 3 4\nLondon 0 -2\nthe 9 9\nrome 1e-2 0\n")
    found = read_vectors(path, wanted=(), shown="vectors.txt")
    assert found.words == ("the", "london", "rome")
    np.testing.assert_allclose(found.rows, [[0.6, 0.8], [0, -1], [1, 0]], atol=1e-6)


def test_frequent_words_and_those_of_the_examples_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "MOST_FREQUENT", 2)
    path = write(tmp_path, "a 1 2\nb 1 2\nc 1 2\nd 1 2\n")
    assert read_vectors(path, wanted={"d"}, shown="v").words == ("a", "b", "d")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a 1 2\nb 1\n", 2, "has 1 numbers"),
        ("a 1 2\nb 1 x\n", 2, "no number"),
        ("a 1 2\n\nb\n", 3, "no numbers after its word"),
        ("a 1 nan\n", 1, "not finite"),
        (b"a 1 2\n\xff\xfe 1 2\n", 2, "not UTF-8"),
        ("", 1, "no vector"),
        ("4 2\n", 1, "no vector"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, text, line, says):
    with pytest.raises(TrainingError, match=says) as raised:
        read_vectors(write(tmp_path, text), wanted=(), shown="data/v.txt")
    assert str(raised.value.where) == f"data/v.txt:{line}"


def test_a_file_that_is_not_there_is_an_error_with_a_hint(tmp_path):
    with pytest.raises(TrainingError, match=r"no file 'v\.txt'") as raised:
        read_vectors(tmp_path / "v.txt", wanted=(), shown="v.txt")
    assert "word2vec" in raised.value.hint
