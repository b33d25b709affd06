import pytest

from framework.data.types import Utterance
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain, EntityType
from framework.project.schema.nlu import (
    EntityAnnotation,
    LookupTable,
    NluData,
    RegexFeature,
    Synonym,
)


@pytest.fixture
def training_data():
    """Builds training data from short forms."""

    def build(*, marked=(), declared=(), regexes=(), lookups=(), synonyms=()):
        utterances = []
        for text, words, entity, value in marked:
            start = text.index(words)
            annotation = EntityAnnotation(
                entity=entity, start=start, end=start + len(words), value=value
            )
            utterances.append(Utterance(text=text, intent="inform", entities=(annotation,)))
        return NluTrainingData(
            utterances=utterances,
            domain=Domain(entities={name: EntityType(name=name) for name in declared}),
            nlu=NluData(
                regexes=tuple(RegexFeature(name=n, pattern=p) for n, p in regexes),
                lookups=tuple(LookupTable(name=n, elements=tuple(e)) for n, e in lookups),
                synonyms=tuple(Synonym(value=v, spellings=tuple(s)) for v, s in synonyms),
            ),
        )

    return build


@pytest.fixture
def trained(training_data):
    """Trains a component and sends it through its files, as a bundle does."""

    def train(component, fresh, **data):
        list(component.train(training_data(**data)))
        files = component.save()
        list(component.train(training_data(**data)))
        assert component.save() == files
        return fresh.load(files)

    return train


@pytest.fixture
def understand():
    def process(component, text, **known):
        return component.process(Understanding(text=text, **known))

    return process
