"""The top of a file: its format version, and the sections that it has."""

from __future__ import annotations

import re

from framework.project.read.domain import DOMAIN_KEYS
from framework.project.reader import Reader, is_misspelt
from framework.project.yaml.nodes import MappingNode, ScalarNode, is_null, plain
from framework.registry import did_you_mean

LATEST_VERSION = (3, 1)
_DATA_KEYS = ("nlu", "stories", "rules")
_TEST_KEYS = ("version", "stories", "nlu", "pairs", "conversations", "categories")
_UNREAD_IN_TESTS = {
    "rules": "a rule states no conversation to hold the bot to",
    "test_cases": "it is the test format of Rasa's paid edition",
}
CONTENT_KEYS = (*_DATA_KEYS, *DOMAIN_KEYS)
"""The sections of files of the training data and the domain."""
_KNOWN_KEYS = ("version", "config", *CONTENT_KEYS)
_WORDS = (
    *("intent", "synonym", "regex", "lookup", "examples", "metadata", "story", "rule", "steps"),
    *("conversation_start", "wait_for_user_input", "action", "user", "bot", "checkpoint"),
    *("session_expiration_time", "carry_over_slots_to_new_session", "store_entities_as_slots"),
    *("recipe", "assistant_id", "language", "imports", "url"),
    *("name", "title", "description", "author", "date", "license", "comment"),
)
"""Words of the format that stand elsewhere in it, and those that files are described with."""


def version(reader: Reader) -> tuple[int, int]:
    """Give the format version of a file, reporting one that is odd, old or too new."""
    node = reader.source.root.get("version")
    if node is None:
        return LATEST_VERSION
    text = str(plain(node)).strip("\"' ")
    match = re.match(r"(\d{1,6})(?:\.(\d{1,6}))?", text)
    if match is None:
        reader.warning(
            "bad-version",
            f"the version {text!r} is not a format version; the file is read as 3.1",
            node,
            hint='write version: "3.1"',
        )
        return LATEST_VERSION
    found = (int(match[1]), int(match[2] or 0))
    if not isinstance(plain(node), str):
        reader.warning(
            "bad-version", "`version` must be a text", node, hint=f'put it in quotes: "{text}"'
        )
    if found > LATEST_VERSION:
        reader.warning(
            "newer-version",
            f"the file is of format {text}, newer than 3.1, so it is skipped",
            node,
            hint='if it uses nothing newer, write version: "3.1"',
        )
    elif found < (3, 0):
        reader.warning(
            "old-version",
            f"the file is of format {text}; it is read as 3.1",
            node,
            hint='write version: "3.1" once the warnings about this file are gone',
        )
    return found


def check_sections(reader: Reader, top: MappingNode, *, is_domain: bool) -> None:
    """Report the top-level keys that no reader knows.

    Rasa passes over all of them. An error are those that were surely meant to be known ones, and
    settings that can't have slipped out of a section: a text, number or truth value under a word
    that the format has nowhere. A list or a mapping may be of another tool or version.
    """
    unknown = [key for key in top.keys() if key.text not in _KNOWN_KEYS]  # noqa: SIM118
    is_content = is_domain or any(key in top for key in CONTENT_KEYS)
    for key in unknown:
        if not is_content and not did_you_mean(key.text, _KNOWN_KEYS):
            continue
        is_typo = is_misspelt(key.text, _KNOWN_KEYS)
        is_error = is_typo or (is_content and _is_stray(key.text, top))
        message = f"the key {key.text!r} is unknown here and is not read"
        reader.unknown_key(key, message, _KNOWN_KEYS, severity="error" if is_error else "warning")


def _is_stray(name: str, top: MappingNode) -> bool:
    """Whether an unknown key sets one value, under a word that the format has nowhere."""
    value = top.get(name)
    if not isinstance(value, ScalarNode) or is_null(value) or value.style in ("|", ">"):
        return False
    return name not in _WORDS


def check_test_sections(reader: Reader, top: MappingNode) -> None:
    """Report the top-level keys that regression conversations don't have."""
    for key in top.keys():  # noqa: SIM118 - a node, not a dict
        if key.text in _TEST_KEYS:
            continue
        if key.text in _UNREAD_IN_TESTS:
            reason = _UNREAD_IN_TESTS[key.text]
            reader.warning(
                "unread-section",
                f"`{key.text}:` is not read in a test file: {reason}",
                key,
                hint="write the conversations under `stories:`",
            )
        elif is_misspelt(key.text, _TEST_KEYS):
            message = f"the key {key.text!r} is unknown here"
            reader.unknown_key(key, message, _TEST_KEYS, severity="error")
