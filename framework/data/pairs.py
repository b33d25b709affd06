"""Questions and answers for a generator: from files, from examples and responses, from stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from framework.project.schema.domain import RESPONSE_PREFIX, Domain
from framework.project.schema.pairs import Pair
from framework.project.schema.project import Project
from framework.project.schema.stories import ActionStep, BotStep, OrStep, Step, UserStep


def pairs(project: Project, *, own: bool) -> tuple[Pair, ...]:
    """Give what a generator learns from.

    Args:
        project: the bot.
        own: whether to add what the project itself says: answers of retrieval intents, responses
            that stories and rules give to an intent, texts of end-to-end stories. Responses with
            placeholders are left out.
    """
    return (*project.pairs, *(_own(project) if own else ()))


def _own(project: Project) -> Iterator[Pair]:
    told = dict[tuple[str, str], Pair]()
    answers: dict[str, dict[str, None]] = defaultdict(dict)
    for steps in _conversations(project):
        for step, following in pairwise(steps):
            texts = _texts(following, project.domain)
            for user in _users(step):
                for text in texts if user.intent is None and user.text else ():
                    pair = Pair(question=user.text or "", answer=text, where=user.where)
                    told.setdefault((pair.question, pair.answer), pair)
                if user.intent is not None:
                    answers[user.intent].update(dict.fromkeys(texts))
    yield from told.values()
    counts: dict[str, int] = defaultdict(int)
    for example in project.nlu.examples:
        texts = (
            _response(f"{RESPONSE_PREFIX}{example.intent}", project.domain)
            if ("/" in example.intent)
            else list(answers.get(example.intent, ()))
        )
        if texts:
            # of several variations each example takes another
            text = texts[counts[example.intent] % len(texts)]
            counts[example.intent] += 1
            yield Pair(question=example.text, answer=text, where=example.where)


def _conversations(project: Project) -> Iterator[Sequence[Step]]:
    yield from (story.steps for story in project.stories)
    yield from (rule.steps for rule in project.rules)


def _users(step: Step) -> Iterator[UserStep]:
    options = step.options if isinstance(step, OrStep) else (step,)
    yield from (option for option in options if isinstance(option, UserStep))


def _texts(step: Step, domain: Domain) -> Sequence[str]:
    if isinstance(step, BotStep):
        return [step.text]
    return _response(step.action, domain) if isinstance(step, ActionStep) else []


def _response(name: str, domain: Domain) -> list[str]:
    """Give the texts of a response that stand for themselves."""
    response = domain.responses.get(name)
    variations = response.variations if response else ()
    return [one.text for one in variations if one.text and "{" not in one.text]
