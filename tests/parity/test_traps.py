"""The list of what is easily missed names tests that are there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LISTED = re.findall(r"`(\S+\.py)::(test_\w+)`", Path(__file__).with_name("traps.md").read_text())


@pytest.mark.parametrize(("file", "name"), sorted(set(LISTED)))
def test_a_listed_test_is_there(file, name):
    assert re.search(rf"^ *(async )?def {name}\(", (TESTS / file).read_text(), re.MULTILINE)
