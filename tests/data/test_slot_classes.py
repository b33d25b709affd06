"""Slot classes of the bot's own decide what policies see of their slots."""

import re

import pytest

from framework import Action, load_project, train
from framework.assistant.assistant import Assistant
from framework.conversation.events import ActionExecuted, SlotSet, UserUttered
from framework.conversation.tracker import Tracker
from framework.data.slot_classes import with_slot_classes
from framework.data.slot_features import is_featurized, slot_features
from framework.project.code import load_classes
from framework.testing.conversation import understand
from tests.training import project as files

PEOPLE = """\
from rasa.shared.core.slots import Slot

from addons.sizes import LARGE


class PeopleSlot(Slot):
    type_name = "people"

    def _feature_dimensionality(self):
        return 2

    def _as_feature(self):
        if not self.value:
            return [0.0, 0.0]
        return [0.0, 1.0] if int(self.value) >= LARGE else [1.0, 0.0]
"""
SCALED = """\
from typing import Any, Dict, List, Optional, Text

from rasa.shared.core.slots import FloatSlot, Slot


class ScaledSlot(Slot):
    def __init__(
        self,
        name: Text,
        mappings: List[Dict[Text, Any]],
        unit: float,
        initial_value: Any = None,
        value_reset_delay: Optional[int] = None,
        influence_conversation: bool = True,
    ) -> None:
        super().__init__(name, mappings, initial_value, value_reset_delay, influence_conversation)
        self.unit = unit

    def _as_feature(self):
        return [(self.value or 0) / self.unit]


class LoudSlot(FloatSlot):
    def _as_feature(self):
        return [2 * number for number in super()._as_feature()]
"""
DEFAULTS = """\
from rasa.shared.core.slots import AnySlot, CategoricalSlot, FloatSlot, Slot


class HiddenSlot(Slot):
    def __init__(self, name, mappings, initial_value=3, value_reset_delay=None, **more):
        super().__init__(name, mappings, initial_value, value_reset_delay, False)

    def _as_feature(self):
        return [1.0]


class LooseSlot(AnySlot):
    def _as_feature(self):
        return [1.0]


class TenthsSlot(FloatSlot):
    def __init__(self, name, mappings, initial_value=None, influence_conversation=True):
        super().__init__(name, mappings, initial_value, None, 20.0, 10.0, influence_conversation)


class SizeSlot(CategoricalSlot):
    def __init__(self, name, mappings, values=("S", "L"), influence_conversation=True):
        super().__init__(name, mappings, values, None, None, influence_conversation)
"""
ACTION = """\
from framework import Action


class Act(Action):
    name = "action_act"

    def run(self, ctx):
        ctx.say("done")
"""
SLOT = """\
slots:
  people:
    type: {type}
    mappings: [{{type: custom}}]
"""
STORIES = """\
version: "3.1"
stories:
  - story: a small party
    steps:
      - intent: greet
      - slot_was_set: [{people: 2}]
      - action: utter_greet
  - story: a large party
    steps:
      - intent: greet
      - slot_was_set: [{people: 9}]
      - action: utter_bye
"""


def write(root, type="addons.slots.PeopleSlot", code=PEOPLE, more="", **changes):
    domain = files.DOMAIN + SLOT.format(type=type) + more
    files.write(root, domain=domain, **changes)
    (root / "addons").mkdir()
    (root / "addons" / "slots.py").write_text(code, encoding="utf-8")
    (root / "addons" / "sizes.py").write_text("LARGE = 6\n", encoding="utf-8")
    (root / "addons" / "__init__.py").touch()
    return root


def features(root, *values):
    domain, problems = with_slot_classes(load_project(root).domain, root)
    assert problems == ()
    return [slot_features(domain.slots["people"], value) for value in values]


def test_a_class_written_for_rasa_says_what_is_seen(tmp_path):
    seen = features(write(tmp_path), None, 2, "9")
    assert seen == [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]


def test_other_keys_of_the_slot_are_settings_of_its_class(tmp_path):
    root = write(tmp_path, "addons.slots.ScaledSlot", SCALED, more="    unit: 4.0\n")
    assert features(root, None, 2) == [(0.0,), (0.5,)]


def test_a_class_may_derive_from_a_built_in_one(tmp_path):
    root = write(tmp_path, "addons.slots.LoudSlot", SCALED, more="    max_value: 10.0\n")
    assert features(root, None, 5) == [(0.0, 0.0), (2.0, 1.0)]


@pytest.mark.parametrize(
    ("kind", "more", "seen"),
    [
        ("HiddenSlot", "", ()),
        ("LooseSlot", "", ()),
        ("TenthsSlot", "", (1.0, 0.5)),
        ("SizeSlot", "", (0.0, 0.0, 1.0)),
        ("SizeSlot", "    values: [15, 16]\n", (1.0, 0.0, 0.0)),
    ],
)
def test_what_the_domain_leaves_open_is_the_classs_own_default(tmp_path, kind, more, seen):
    root = write(tmp_path, f"addons.slots.{kind}", DEFAULTS, more=more)
    assert features(root, 15) == [seen]


def test_a_class_may_give_its_slot_an_initial_value(tmp_path):
    domain, _ = with_slot_classes(
        load_project(write(tmp_path, "addons.slots.HiddenSlot", DEFAULTS)).domain, tmp_path
    )
    assert domain.slots["people"].initial_value == 3


def test_a_class_may_import_frames_own_name_of_the_base(tmp_path):
    root = write(tmp_path, code=PEOPLE.replace("rasa.shared.core.slots", "framework"))
    assert features(root, 2) == [(1.0, 0.0)]


@pytest.mark.parametrize(
    ("type", "code", "reason"),
    [
        ("addons.elsewhere.PeopleSlot", PEOPLE, r"there is no addons.elsewhere\.py"),
        ("addons.slots.Other", PEOPLE, "has no class Other"),
        ("os.PathLike", PEOPLE, r"there is no os\.py"),
        ("addons.slots.ScaledSlot", SCALED, "missing 1 required positional argument: 'unit'"),
        ("addons.slots.PeopleSlot", "import nonsuch\n", "No module named 'nonsuch'"),
        ("addons.slots.PeopleSlot", "class PeopleSlot: ...\n", "derives from Slot"),
    ],
)
def test_a_class_that_cannot_be_had_is_a_warning_at_the_slot(tmp_path, type, code, reason):
    root = write(tmp_path, type, code)
    domain, [problem] = with_slot_classes(load_project(root).domain, root)
    assert problem.severity == "warning"
    assert problem.message.startswith("policies don't see the slot 'people'")
    assert re.search(reason, problem.message)
    assert (problem.where.file, problem.where.line) == ("domain.yml", 10)
    assert problem.hint
    assert not is_featurized(domain.slots["people"])


@pytest.mark.parametrize("body", ["return [1.0, 2.0, 3.0]", "return [float('nan'), 0.0]", "1 / 0"])
def test_a_class_that_fails_on_a_value_shows_nothing_and_is_logged_once(tmp_path, caplog, body):
    code = PEOPLE.replace(
        "        if not self.value:", f"        {body}\n        if not self.value:"
    )
    assert features(write(tmp_path, code=code), 2, 9) == [(0.0, 0.0), (0.0, 0.0)]
    assert caplog.text.count("policies can't see a value of the slot 'people'") == 1


def test_a_class_may_lie_among_the_actions_and_leaves_them_as_they_are(tmp_path):
    files.write(tmp_path, domain=files.DOMAIN + SLOT.format(type="actions.slots.LoudSlot"))
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "slots.py").write_text(SCALED, encoding="utf-8")
    (tmp_path / "actions" / "act.py").write_text(ACTION, encoding="utf-8")

    assert features(tmp_path, 1) == [(2.0, 2.0)]
    assert list(load_classes(tmp_path / "actions", Action)) == ["action_act"]


def test_a_slot_that_does_not_influence_needs_no_class(tmp_path):
    root = write(tmp_path, "nowhere.Slot", more="    influence_conversation: false\n")
    assert with_slot_classes(load_project(root).domain, root)[1] == ()


def test_stories_that_differ_in_such_a_slot_are_told_apart_once_trained(tmp_path):
    root = write(tmp_path, data_stories=STORIES)
    report = train(load_project(root), output=root / "models")
    assert report.warnings == ()

    bot = Assistant.load(root / "models", code=root)
    assert [chosen(bot, people) for people in (2, 7)] == ["utter_greet", "utter_bye"]


def chosen(bot, people):
    events = [
        ActionExecuted(name="action_listen"),
        UserUttered(text="hello", understanding=understand("hello", "greet")),
        SlotSet(name="people", value=people),
    ]
    tracker = Tracker.start("x", bot.domain).extend(events)
    return bot.engine.policies.predict(tracker, bot.domain).action


def test_policies_learn_anew_when_the_class_changes(tmp_path):
    root = write(tmp_path, data_stories=STORIES)
    train(load_project(root), output=root / "models")
    again = train(load_project(root), output=root / "models")
    assert {part.status for part in again.parts} == {"cached"}

    (root / "addons" / "sizes.py").write_text("LARGE = 7\n", encoding="utf-8")
    after = train(load_project(root), output=root / "models")
    statuses = {part.name: part.status for part in after.parts}
    assert statuses["memory"] == "trained"
    assert statuses["keyword_intents"] == "cached"
