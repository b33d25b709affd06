"""Shares of the training dialogues of public corpora, the same ones for every policy."""

from __future__ import annotations

import random
from pathlib import Path

from tests.benchmarks.results import ROOT

CORPORA = ROOT.parent / "shared" / "data" / "dialogue"
SUBSET_SEED = 0


def chosen_stories(corpus: str, size: int) -> list[int]:
    """Give the places of the training stories that a share holds."""
    with (CORPORA / corpus / "data" / "stories.yml").open(encoding="utf-8") as file:
        count = sum(line.startswith("- story:") for line in file)
    places = list(range(count))
    random.Random(SUBSET_SEED).shuffle(places)
    return places[: size or count]


def write_share(corpus: str, size: int, target: Path) -> int:
    """Write a share of a corpus's stories as they stand in the file; gives how many."""
    text = (CORPORA / corpus / "data" / "stories.yml").read_text(encoding="utf-8")
    head, *stories = text.split("\n- story:")
    places = chosen_stories(corpus, size)
    target.write_text(
        head + "".join(f"\n- story:{stories[place].rstrip()}\n" for place in places),
        encoding="utf-8",
    )
    return len(places)
