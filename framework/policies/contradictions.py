"""Rules that contradict each other or a story, found by playing all of them by the rules.

What the rules say is asked before every action of every rule and story. Where they say something
else than what is written there, one of the two is wrong; the shortest conversation that shows it
is part of the finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from framework.data.dialogues import Dialogue, by_beginnings
from framework.data.unfold import Unfolded, unfold
from framework.errors import Problem
from framework.policies.asking import Asked, Asker
from framework.policies.clashes import Clash, Saying, problems_of
from framework.policies.features import decisions
from framework.policies.incomplete import incomplete_rules
from framework.policies.rulebook import Rulebook, RuleEntry, learn
from framework.policies.ruling import DEFAULT_ACTIONS, Ruling, Source
from framework.policies.views import View
from framework.project.schema.domain import Domain
from framework.project.schema.names import DEFAULT_FALLBACK, LISTEN
from framework.project.schema.project import Project
from framework.project.schema.stories import LoopStep, Rule, SlotStep, Story, UserStep, long_rule

FEWEST_STATES = 2
"""States that tell whether a form goes on."""


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What playing rules and stories by the rules has shown.

    Attributes:
        book: the rules without those that stories overrule.
        unused: what decides in no story, so that its turns are hidden from learned policies.
        problems: contradictions and incomplete rules.
    """

    book: Rulebook
    unused: frozenset[Source]
    problems: tuple[Problem, ...]


def find(project: Project) -> tuple[Problem, ...]:
    """Find what is wrong with a project's rules and checkpoints, as training would."""
    unfolded = telling_dialogues(project.stories, project.rules, project.domain)
    settings = [part.settings for part in project.config.policies if part.name == "rules"]
    if not settings:
        return unfolded.problems
    found: list[Problem] = []
    if settings[0].get("restrict_rules", True):
        found += long_rules(unfolded.dialogues)
    if settings[0].get("check_for_contradictions", True):
        found += examine(
            learn_rules(unfolded.dialogues, project.domain),
            unfolded.dialogues,
            project.domain,
            fallback=settings[0].get("core_fallback_action_name", DEFAULT_FALLBACK),
        ).problems
    return (*unfolded.problems, *found)


def telling_dialogues(stories: Sequence[Story], rules: Sequence[Rule], domain: Domain) -> Unfolded:
    """Give the rules and as few ways through the stories as show all that rules say to them."""
    of_rules = unfold((), rules, domain)
    window = max((_states(rule) for rule in of_rules.dialogues), default=0)
    of_stories = unfold(stories, (), domain, window=max(window, FEWEST_STATES))
    return Unfolded(
        dialogues=(*of_stories.dialogues, *of_rules.dialogues),
        problems=(*of_stories.problems, *of_rules.problems),
    )


def _states(rule: Dialogue) -> int:
    """Give how many states a rule has at most: no more of a conversation decide what it says."""
    turns = sum(not isinstance(step, SlotStep | LoopStep) for step in rule.steps)
    return turns + rule.conversation_start


def learn_rules(dialogues: Sequence[Dialogue], domain: Domain) -> Rulebook:
    """Learn the rules of dialogues; augmented stories teach nothing about rules."""
    rules = [dialogue for dialogue in dialogues if dialogue.kind == "rule"]
    stories = [d for d in dialogues if d.kind == "story" and not d.is_augmented]
    of_rules = list(decisions(rules, domain, view=View(domain, given_slots_only=True)))
    # stories show where forms are left, and the last two states tell
    of_stories = decisions(
        by_beginnings(d for d in stories if d.has_form), domain, view=View(domain), max_history=2
    )
    return learn(of_rules, [*of_rules, *of_stories])


def long_rules(dialogues: Iterable[Dialogue]) -> Iterator[Problem]:
    """Find rules with more than one user message, each once."""
    found = set()
    for dialogue in dialogues:
        if dialogue.kind != "rule" or dialogue.name in found:
            continue
        messages = [
            step.where or dialogue.where for step in dialogue.steps if isinstance(step, UserStep)
        ]
        problem = long_rule(dialogue.name, messages)
        if problem is not None:
            found.add(dialogue.name)
            yield problem


def examine(
    book: Rulebook, dialogues: Sequence[Dialogue], domain: Domain, *, fallback: str | None
) -> Examined:
    """Play rules and stories by the rules.

    Args:
        book: what was learned from the dialogues.
        dialogues: rules and stories; augmented ones are left out.
        domain: the bot's domain.
        fallback: what follows where no rule applies; None where nothing does.
    """
    originals = by_beginnings(dialogue for dialogue in dialogues if not dialogue.is_augmented)
    rules = [dialogue for dialogue in originals if dialogue.kind == "rule"]
    play = _Play(asker=Asker(book, domain), fallback=fallback or LISTEN)
    for rule in rules:
        play.collect(rule)
    for dialogue in originals:
        play.compare(dialogue)
    return Examined(
        book=play.asker.book,
        unused=frozenset((play.says.keys() | _standing_sources(domain)) - play.used_in_stories),
        problems=(*incomplete_rules(rules, domain), *problems_of(play.clashes)),
    )


def _standing_sources(domain: Domain) -> set[Source]:
    sources = {Source(kind="default", name=intent) for intent in DEFAULT_ACTIONS}
    for form in domain.forms:
        sources |= {Source(kind="form", name=form), Source(kind="form-listens", name=form)}
    return sources


@dataclass(kw_only=True)
class _Play:
    asker: Asker
    fallback: str
    says: dict[Source, list[Saying]] = field(default_factory=lambda: defaultdict(list))
    used_in_stories: set[Source] = field(default_factory=set)
    clashes: list[Clash] = field(default_factory=list)

    def collect(self, rule: Dialogue) -> None:
        """Remember which rule says what, to name it when something contradicts it."""
        for asked in self.asker.ask(rule):
            source = self.asker.source_of(asked)
            if source.kind in ("rule", "none"):
                saying = Saying(action=asked.action, name=rule.name, where=rule.where, kind="rule")
            else:
                kind: Literal["form", "default"] = "default" if source.kind == "default" else "form"
                predicted = asked.ruling.action or self.fallback
                saying = Saying(action=predicted, name=source.name, where=None, kind=kind)
            self.says[source].append(saying)

    def compare(self, dialogue: Dialogue) -> None:
        """Compare what a rule or story does with what the rules say."""
        for asked in self.asker.ask(dialogue):
            predicted = asked.ruling.action
            if predicted is None and dialogue.kind == "rule":
                predicted = self.fallback
            if predicted == asked.action:
                if dialogue.kind == "story":
                    self.used_in_stories.add(self.asker.source_of(asked))
            elif predicted is not None:
                self._note(dialogue, asked)

    def _note(self, dialogue: Dialogue, asked: Asked) -> None:
        action, ruling, rule = asked.action, asked.ruling, asked.ruling.rule
        if rule and dialogue.kind == "story" and self._is_overruled(rule, ruling):
            self.asker.book = self.asker.book.without(rule)
            return
        sayings = self.says[self.asker.source_of(asked)]
        says = tuple(dict.fromkeys(saying for saying in sayings if saying.action != action))
        if says:
            self.clashes.append(
                Clash(
                    dialogue=dialogue,
                    step=self.asker.step_of(dialogue, asked),
                    action=action,
                    says=says,
                    events=asked.tracker.events,
                )
            )

    def _is_overruled(self, rule: RuleEntry, ruling: Ruling) -> bool:
        """Tell whether a rule only says that the bot listens after an action that rules begin with.

        A rule that begins with an action says nothing of how the bot came to it, so a story may
        go on otherwise, as other rules do.
        """
        if ruling.action != LISTEN or rule.written.count("prev_action") > 1:
            return False
        beginning = rule.written[:-2]
        return any(
            other.written.startswith(beginning) and other.written != rule.written
            for other in self.asker.book.rules
        )
