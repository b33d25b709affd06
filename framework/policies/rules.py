"""The rule policy: what rules, forms and default intents say comes next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Self

from framework.conversation.events import LoopInterrupted
from framework.conversation.tracker import Tracker
from framework.errors import Location, ProjectError
from framework.learning.progress import Progress
from framework.policies.base import (
    Files,
    Policy,
    PolicyTrainingData,
    Prediction,
    Reason,
    confidence_of_intent,
)
from framework.policies.contradictions import examine, learn_rules, long_rules
from framework.policies.rulebook import LoopEntry, Rulebook, RuleEntry, written
from framework.policies.ruling import Ruling, Source, decide
from framework.policies.state_json import read_states, states_json
from framework.policies.views import View
from framework.project.schema.domain import Domain
from framework.project.schema.names import DEFAULT_FALLBACK, LISTEN

_FILE = "rules.json"


class RulePolicy(Policy):
    """Follows the rules of the project."""

    name = "rules"
    default_priority = 4

    def __init__(  # noqa: PLR0913  # its keywords are its settings
        self,
        *,
        priority: int = default_priority,
        core_fallback_threshold: float = 0.3,
        core_fallback_action_name: str = DEFAULT_FALLBACK,
        enable_fallback_prediction: bool = True,
        restrict_rules: bool = True,
        check_for_contradictions: bool = True,
        use_nlu_confidence_as_score: bool = False,
    ) -> None:
        """Make the policy.

        Args:
            priority: breaks ties between policies that are equally sure; the higher wins.
            core_fallback_threshold: how sure another policy must be, where no rule applies, to be
                followed instead of the fallback; 0 to 1.
            core_fallback_action_name: the fallback.
            enable_fallback_prediction: whether there is a fallback.
            restrict_rules: whether a rule may have one user message only.
            check_for_contradictions: whether training stops at rules that contradict each other
                or a story, and hides from other policies what only rules use.
            use_nlu_confidence_as_score: whether a rule is as sure as the NLU was of the intent.
        """
        self.priority = priority
        self.fallback_threshold = core_fallback_threshold
        self.fallback_action = core_fallback_action_name if enable_fallback_prediction else None
        self.restrict_rules = restrict_rules
        self.check_for_contradictions = check_for_contradictions
        self.use_nlu_confidence = use_nlu_confidence_as_score
        self._book = Rulebook(rules=(), loops=())
        self._unused: frozenset[Source] = frozenset()
        self._view: View | None = None

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Learn the rules.

        Raises:
            ProjectError: rules contradict each other or a story, or leave something out.
        """
        problems = list(long_rules(data.dialogues)) if self.restrict_rules else []
        self._book = learn_rules(data.dialogues, data.domain)
        if self.check_for_contradictions:
            examined = examine(
                self._book, data.dialogues, data.domain, fallback=self.fallback_action
            )
            problems += examined.problems
            self._book, self._unused = examined.book, examined.unused
        if problems:
            raise ProjectError(problems)
        yield Progress(part="rules", done=1, total=1)

    def save(self) -> Files:
        """Give the rules as JSON."""
        unused = sorted(map(_source_json, self._unused), key=lambda item: json.dumps(item))
        content = {
            "rules": [_rule_json(rule) for rule in self._book.rules],
            "loops": [
                {"states": states_json(entry.states), "returns": entry.returns}
                for entry in self._book.loops
            ],
            "unused": unused,
        }
        return {_FILE: json.dumps(content, ensure_ascii=False, sort_keys=True).encode()}

    def load(self, files: Files, domain: Domain) -> Self:
        """Take back the rules."""
        content = json.loads(files[_FILE])
        self._book = Rulebook(
            rules=tuple(_read_rule(item) for item in content["rules"]),
            loops=tuple(
                LoopEntry(states=read_states(item["states"]), returns=item["returns"])
                for item in content["loops"]
            ),
        )
        self._unused = frozenset(_read_source(item) for item in content["unused"])
        self._view = View(domain)
        return self

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Say what comes next by rule, else the fallback with its low confidence."""
        if self._view is None or self._view.domain is not domain:
            self._view = View(domain)
        ruling = decide(self._book, tracker, self._view)
        events = (LoopInterrupted(is_interrupted=True),) if ruling.returns_to_form else ()
        threshold = self.fallback_threshold
        if ruling.action is None:
            return Prediction(
                action=self.fallback_action or LISTEN,
                confidence=threshold if self.fallback_action else 0.0,
                policy=self.name,
                priority=self.priority,
                reason=Reason(kind="fallback", text="no rule applies"),
                events=events,
                hide_rule_turn=ruling.source in self._unused,
            )
        confidence = self._confidence(tracker)
        following = {} if self.fallback_action is None else {self.fallback_action: threshold}
        return Prediction(
            action=ruling.action,
            confidence=confidence,
            policy=self.name,
            priority=self.priority,
            reason=_reason(ruling),
            events=events,
            is_end_to_end=ruling.is_text,
            is_no_user=ruling.is_no_user,
            hide_rule_turn=ruling.source in self._unused,
            ranking=tuple({**following, ruling.action: confidence}.items()),
        )

    def _confidence(self, tracker: Tracker) -> float:
        return confidence_of_intent(tracker) if self.use_nlu_confidence else 1.0


def _reason(ruling: Ruling) -> Reason:
    name = ruling.source.name
    if ruling.source.kind == "form":
        return Reason(kind="form", text=f"the form {name!r} goes on")
    if ruling.source.kind == "form-listens":
        return Reason(kind="form", text=f"the form {name!r} waits for the answer")
    if ruling.source.kind == "default":
        return Reason(kind="default", text=f"the intent {name!r} always leads to it")
    rule = ruling.rule.name if ruling.rule else ""
    if ruling.rule and ruling.rule.action != ruling.action:
        text = f"the rule {rule!r} has ended, the form {ruling.action!r} goes on"
        return Reason(kind="rule", text=text, where=ruling.where)
    return Reason(kind="rule", text=f"the rule {rule!r}", where=ruling.where)


def _rule_json(rule: RuleEntry) -> dict[str, Any]:
    where = None if rule.where is None else asdict(rule.where)
    return {
        "states": states_json(rule.states),
        "action": rule.action,
        "name": rule.name,
        "where": where,
    }


def _read_rule(item: Mapping[str, Any]) -> RuleEntry:
    states = read_states(item["states"])
    return RuleEntry(
        states=states,
        action=item["action"],
        written=written(states),
        name=item["name"],
        where=None if item["where"] is None else Location(**item["where"]),
    )


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "name": source.name,
        "states": states_json(source.states),
    }


def _read_source(item: Mapping[str, Any]) -> Source:
    return Source(kind=item["kind"], name=item["name"], states=read_states(item["states"]))
