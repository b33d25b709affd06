"""Play conversations as `record_rasa.py` does, with the policies of Frame."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserFeaturization,
    UserUttered,
)
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.policies.base import Policy, PolicyTrainingData, Prediction
from framework.policies.ensemble import Ensemble
from framework.policies.memory import AugmentedMemoryPolicy, MemoryPolicy
from framework.policies.rules import RulePolicy
from framework.project.schema.domain import Domain

Step = dict[str, Any]


def digest(events: Sequence[Event]) -> str:
    """Give a number for a conversation that is the same in both recordings."""
    content = json.dumps([_plain(event) for event in events], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _plain(event: Event) -> list[Any]:
    if isinstance(event, UserUttered):
        found = event.understanding
        labels = sorted([e.entity, e.role or "", e.group or ""] for e in found.entities)
        intent = found.intent.name if found.intent else None
        return ["user", intent, None if intent else event.text, labels]
    if isinstance(event, ActionExecuted):
        return ["action", event.name or event.action_text]
    if isinstance(event, SlotSet):
        return ["slot", event.name, event.value]
    assert isinstance(event, ActiveLoop)
    return ["loop", event.name]


def trained(
    dialogues: Sequence[Dialogue], domain: Domain, settings: Mapping[str, Any]
) -> dict[str, Policy]:
    """Train the policies that are recorded."""
    policies: dict[str, Policy] = {
        "rules": RulePolicy(**settings),
        "memory": MemoryPolicy(),
        "memory_3": MemoryPolicy(max_history=3),
        "augmented_memory": AugmentedMemoryPolicy(),
        "augmented_memory_3": AugmentedMemoryPolicy(max_history=3),
    }
    data = PolicyTrainingData(
        dialogues=dialogues,
        domain=domain,
        hides_rules=settings.get("check_for_contradictions", True),
    )
    for policy in policies.values():
        list(policy.train(data))
        policy.load(policy.save(), domain)
    return policies


def play(events: Sequence[Event], domain: Domain, policies: Mapping[str, Policy]) -> list[Step]:
    """Give for each decision the written action, and what each policy says."""
    tracker = Tracker.start("parity", domain)
    steps: list[Step] = []
    is_first = True
    for event in events:
        if isinstance(event, ActionExecuted):
            gold = event.name or event.action_text or ""
            is_start, is_first = is_first and gold != "action_listen", False
            if gold != "..." and not is_start:
                tracker, step = _decide(tracker, domain, policies, gold)
                steps.append(step)
                hide = step.pop("hide")
                event = ActionExecuted(
                    name=event.name, action_text=event.action_text, hide_rule_turn=hide
                )
        tracker = tracker.apply(event)
    return steps


def _decide(
    tracker: Tracker, domain: Domain, policies: Mapping[str, Policy], gold: str
) -> tuple[Tracker, Step]:
    by_rule = _by_rule(tracker, domain, policies)
    loop = tracker.active_loop
    if loop and gold != loop.name and by_rule.action == loop.name:
        tracker = tracker.apply(ActionExecutionRejected(name=loop.name))
        by_rule = _by_rule(tracker, domain, policies)
    returns = any(isinstance(event, LoopInterrupted) for event in by_rule.events)
    step: Step = {"action": gold, "rules": [by_rule.action, round(by_rule.confidence, 6)]}
    flags = {"no_user": by_rule.is_no_user, "hidden": by_rule.hide_rule_turn, "returns": returns}
    step |= {name: True for name, is_set in flags.items() if is_set}
    for name, policy in policies.items():
        found = policy.predict(tracker, domain) if name != "rules" else None
        if found is not None:
            step[name] = found.action
    ensemble = Ensemble([policies["augmented_memory"], policies["rules"]])
    best = ensemble.predict(tracker, domain)
    step["chosen"] = best.action
    step["hide"] = best.policy == "rules" and best.action == gold and best.hide_rule_turn
    if returns:
        tracker = tracker.apply(LoopInterrupted(is_interrupted=True))
    if tracker.latest_action == "action_listen":
        tracker = tracker.apply(UserFeaturization(use_text=False))
    return tracker, step


def _by_rule(tracker: Tracker, domain: Domain, policies: Mapping[str, Policy]) -> Prediction:
    prediction = policies["rules"].predict(tracker, domain)
    assert prediction is not None
    return prediction
