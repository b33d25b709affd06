"""What a sealed bundle holds may still be nonsense: it is refused, and the part is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.assistant import bundle, loading
from framework.assistant.manifest import FORMAT, Manifest, PartEntry
from framework.errors import BundleError
from framework.project.schema.domain import Domain

NONSENSE = {
    "nothing": b"",
    "half of it": b'{"a":',
    "no text": b"\xff\xfe\x00",
    "nested without end": b"[" * 100_000,
    "a number": b"5",
}
FILES = [
    ("pipeline", "bert_tagger", "labels.json"),
    ("pipeline", "keyword_intents", "keywords.json"),
    ("pipeline", "regex_entities", "patterns.json"),
    ("pipeline", "sentiment", "labels.json"),
    ("pipeline", "synonyms", "synonyms.json"),
    ("policies", "memory", "memory.json"),
    ("policies", "augmented_memory", "memory.json"),
    ("policies", "rules", "rules.json"),
    ("policies", "learned", "learned.json"),
    ("policies", "unexpected_intent", "unexpected.json"),
    ("responders", "seq2seq", "pieces.json"),
]


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize(("kind", "name", "file"), FILES, ids=[name for _, name, _ in FILES])
def test_nonsense_in_a_part_is_an_error_that_names_the_file(
    tmp_path: Path, kind: str, name: str, file: str, content: bytes
) -> None:
    manifest = Manifest(format=FORMAT, framework="0.1.0", created="2026-01-01T00:00:00Z")
    path = bundle.write(
        tmp_path / "bot.frame",
        manifest=manifest.model_copy(update={kind: (PartEntry(name=name, folder="part"),)}),
        domain=Domain(),
        parts={"part": {file: content}},
    )

    with pytest.raises(BundleError) as caught:
        loading.load(path)

    assert caught.value.where is not None
    assert caught.value.where.file == str(path)
    assert caught.value.hint
