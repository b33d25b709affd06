"""Slot classes as bots written for Rasa have them."""

from rasa.shared.core.slots import AnySlot, CategoricalSlot, FloatSlot, Slot


class PartySlot(Slot):
    """Alone, few or many."""

    type_name = "party"

    def _feature_dimensionality(self):
        return 3

    def _as_feature(self):
        try:
            people = float(self.value)
        except (TypeError, ValueError):
            return [0.0, 0.0, 0.0]
        return [float(people < 2), float(2 <= people < 6), float(people >= 6)]


class SizeSlot(CategoricalSlot):
    """Has values of its own unless the domain gives others."""

    type_name = "size"

    def __init__(self, name, mappings, values=("S", "L"), influence_conversation=True):
        super().__init__(name, mappings, values, None, None, influence_conversation)


class HiddenSlot(Slot):
    """Is seen only where the domain says so."""

    type_name = "hidden"

    def __init__(
        self,
        name,
        mappings,
        initial_value=None,
        value_reset_delay=None,
        influence_conversation=False,
    ):
        super().__init__(name, mappings, initial_value, value_reset_delay, influence_conversation)

    def _as_feature(self):
        return [float(self.value == "x")]


class NoteSlot(AnySlot):
    """Is never seen."""

    type_name = "note"


class WarmthSlot(FloatSlot):
    """Lies between 10 and 20, and is mild before anybody says anything."""

    type_name = "warmth"

    def __init__(self, name, mappings, initial_value=15, influence_conversation=True):
        super().__init__(name, mappings, initial_value, None, 20.0, 10.0, influence_conversation)

    def _as_feature(self):
        return [round(number) for number in super()._as_feature()]
