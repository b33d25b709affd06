from __future__ import annotations

import numpy as np
import pytest

from framework.data.types import Utterance
from framework.errors import ProjectError, TrainingError
from framework.nlu.component import NluTrainingData
from framework.nlu.pipeline import Pipeline
from framework.nlu.sentiment import BUNDLED, SentimentClassifier, sentiment_of
from framework.nlu.types import Understanding
from framework.nlu.wire import from_json, to_json
from framework.project.findings import Findings
from framework.project.moods import LABELS, read_moods
from framework.project.schema.domain import Domain
from framework.registry import find

DIRECTIONS = {"glad": (1.0, 0.2), "mad": (-1.0, 0.2), "table": (0.0, 1.0)}


def embed(texts):
    """Stands for an encoder: the mean of what its words point to."""
    return np.array(
        [
            np.mean([DIRECTIONS.get(word, (0.0, 0.1)) for word in text.split()], axis=0)
            for text in texts
        ],
        dtype=np.float32,
    )


def data(tmp_path, *, language="en", encoder=True):
    text = "book a table"
    vector = embed([text])[0] if encoder else None
    return NluTrainingData(
        utterances=(Utterance(text=text, intent="book"),),
        understandings=(Understanding(text=text, embedding=vector),),
        embed=embed,
        root=tmp_path,
        language=language,
    )


def train(given, **settings):
    part = SentimentClassifier(**settings)
    progress = list(part.train(given))
    return SentimentClassifier(**settings).load(part.save()), progress


def own_file(tmp_path, content="text,label\nglad,positive\nmad,negative\ntable,neutral\n"):
    (tmp_path / "moods.csv").write_text(content, encoding="utf-8")
    return {"examples": "moods.csv", "bundled": False}


@pytest.mark.parametrize(
    ("text", "label"), [("so glad", "positive"), ("mad", "negative"), ("my table", "neutral")]
)
def test_the_label_and_its_score_come_from_the_vector_of_the_encoder(tmp_path, text, label):
    part, _ = train(data(tmp_path), **own_file(tmp_path))
    found = sentiment_of(part.process(Understanding(text=text, embedding=embed([text])[0])))
    assert found.label == label
    assert (found.score > 0.3) == (label == "positive")
    assert (found.score < -0.3) == (label == "negative")


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "this is useless", "negative"),
        ("en", "what time do you close", "neutral"),
        ("zh", "太感谢你了", "positive"),
        ("zh-CN", "你们的服务太差了", "negative"),
    ],
)
def test_without_an_encoder_it_learns_from_words_in_english_and_chinese(
    tmp_path, language, text, label
):
    part, _ = train(data(tmp_path, language=language, encoder=False))
    assert sentiment_of(part.process(Understanding(text=text))).label == label


def test_the_accuracy_on_lines_kept_out_is_reported(tmp_path):
    _, progress = train(data(tmp_path, encoder=False))
    assert 0.4 < progress[-1].scores["held_out_accuracy"] < 1


def test_the_result_is_one_more_key_of_the_parse_result_and_survives_the_wire(tmp_path):
    part, _ = train(data(tmp_path, encoder=False))
    told = to_json(part.process(Understanding(text="I love it")))
    assert set(told["sentiment"]) == {"name", "confidence", "score"}
    assert sentiment_of(from_json(told)).label == told["sentiment"]["name"] == "positive"


def test_a_message_without_a_vector_has_no_sentiment(tmp_path):
    part, _ = train(data(tmp_path), **own_file(tmp_path))
    assert sentiment_of(part.process(Understanding(text=""))) is None


@pytest.mark.parametrize("found", [None, "negative", {"score": "x"}, {"name": "negative"}])
def test_a_sentiment_of_another_shape_counts_as_none(found):
    assert sentiment_of(Understanding(text="", additional={"sentiment": found})) is None


def test_equal_trainings_give_equal_bytes(tmp_path):
    first, _ = train(data(tmp_path, encoder=False))
    second, _ = train(data(tmp_path, encoder=False))
    assert first.save() == second.save()


def test_an_unknown_language_learns_from_all_lines_with_a_warning(tmp_path, caplog):
    train(data(tmp_path, language="fi", encoder=False))
    assert "no bundled examples" in caplog.text


def test_one_label_alone_is_refused(tmp_path):
    settings = own_file(tmp_path, "text,label\nglad,positive\n")
    with pytest.raises(TrainingError, match="at least two labels"):
        train(data(tmp_path), **settings)


@pytest.mark.parametrize(
    ("content", "id", "line"),
    [
        ("text,label\nglad,positve\n", "unknown-label", 2),
        ("text,lable\nglad,positive\n", "missing-column", 1),
        ("text,label\nglad,positive\nglad,negative\n", "two-labels", 3),
        ("text,label\n,positive\n", "missing-value", 2),
        ("text,label\na,b,positive\n", "wrong-columns", 2),
        ("", "empty-file", 1),
    ],
)
def test_a_bad_file_is_reported_with_its_line(tmp_path, content, id, line):
    settings = own_file(tmp_path, content)
    with pytest.raises(ProjectError) as raised:
        train(data(tmp_path), **settings)
    problems = raised.value.problems()
    assert (id, line) in [(one.id, one.where.line) for one in problems]
    assert all(one.where.file == "moods.csv" for one in problems)


def test_a_missing_file_is_reported_with_the_nearest_name(tmp_path):
    own_file(tmp_path)
    with pytest.raises(ProjectError) as raised:
        train(data(tmp_path), examples="mods.csv")
    assert "did you mean 'moods.csv'?" in raised.value.problems()[0].hint


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bundled_lines_are_clean(language):
    findings = Findings()
    lines = read_moods(BUNDLED / f"{language}.tsv", BUNDLED, findings)
    assert findings.in_order() == ()
    counts = [sum(line.label == label for line in lines) for label in LABELS]
    assert min(counts) >= 50
    assert len({line.text for line in lines}) == len(lines)


@pytest.mark.slow
def test_with_a_real_encoder_it_knows_words_that_no_line_has(tmp_path):
    examples = [("hello", "greet"), ("good morning", "greet"), ("two loaves", "order")]
    utterances = [Utterance(text=text, intent=intent) for text, intent in examples]
    tagger = find("component", "bert_tagger")(fast=True)
    list(tagger.train(NluTrainingData(utterances=utterances)))
    encoder = Pipeline([tagger], Domain())
    understandings = encoder.parse_batch([text for text, _ in examples])
    part, _ = train(
        NluTrainingData(
            utterances=utterances, understandings=understandings, embed=encoder.embed, root=tmp_path
        )
    )
    pipeline = Pipeline([tagger, part], Domain())
    labels = {
        "the waiter insulted my grandmother": "negative",
        "your support is a nightmare": "negative",
        "splendid, you made us smile": "positive",
        "which tram stops at the museum": "neutral",
    }
    found = {text: sentiment_of(pipeline.parse(text)).label for text in labels}
    assert found == labels
