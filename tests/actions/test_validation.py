import asyncio
import threading

from framework.actions.validation import FormValidation, SlotValidation
from framework.conversation.events import ActionExecuted, SlotSet
from tests.bots import form, make_domain, mapping, run, said, shown, slot


def domain():
    return make_domain(
        intents=("inform",),
        slots=[
            slot("city", mapping("from_text")),
            slot("zip-code", mapping("custom")),
            slot("note", mapping("from_text", conditions=[{"active_loop": "trip"}])),
        ],
        forms=[form("trip", "city", "zip-code")],
    )


def validated(action, **candidates):
    slots = [SlotSet(name=name.replace("_", "-"), value=v) for name, v in candidates.items()]
    events = (said("inform"), ActionExecuted(name="trip"), *slots)
    return shown(run(action.name, domain(), *events, own=[action]))


class TestForms:
    def test_a_slot_without_a_method_is_kept(self):
        class Plain(FormValidation):
            name = "validate_trip"

        assert validated(Plain(), city="Rome") == [("slot", "city", "Rome")]

    def test_methods_may_be_plain_or_asynchronous(self):
        class Both(FormValidation):
            name = "validate_trip"

            def validate_city(self, value, ctx):
                return value.upper()

            async def validate_zip_code(self, value, ctx):
                await asyncio.sleep(0)
                return int(value)

        assert validated(Both(), city="Rome", zip_code="123") == [
            ("slot", "city", "ROME"),
            ("slot", "zip-code", 123),
        ]

    def test_a_plain_method_runs_in_a_thread_so_that_others_go_on(self):
        class Slow(FormValidation):
            name = "validate_trip"

            def validate_city(self, value, ctx):
                return threading.current_thread() is threading.main_thread()

        assert validated(Slow(), city="Rome") == [("slot", "city", False)]

    def test_a_method_sees_what_earlier_ones_decided(self):
        class Chain(FormValidation):
            name = "validate_trip"

            def validate_city(self, value, ctx):
                ctx.set_slot("note", "seen")
                return "Oslo"

            def validate_zip_code(self, value, ctx):
                return f"{ctx.slots['city']}/{ctx.slots['note']}"

        assert validated(Chain(), city="Rome", zip_code=1) == [
            ("slot", "note", "seen"),
            ("slot", "city", "Oslo"),
            ("slot", "zip-code", "Oslo/seen"),
        ]

    def test_extract_methods_find_values_which_are_validated_too(self):
        class Extract(FormValidation):
            name = "validate_trip"

            def extract_zip_code(self, ctx):
                return ctx.message.text

            def validate_zip_code(self, value, ctx):
                return value.upper()

        assert validated(Extract()) == [
            ("slot", "zip-code", "words"),
            ("slot", "zip-code", "WORDS"),
        ]

    def test_a_slot_that_is_not_required_is_left_alone(self):
        class Picky(FormValidation):
            name = "validate_trip"

            def required_slots(self, ctx):
                return ["city"]

            def validate_zip_code(self, value, ctx):
                raise AssertionError

        assert validated(Picky(), zip_code=1) == [("slot", "requested_slot", "city")]


class TestSlotsOutsideOfForms:
    class Own(SlotValidation):
        def validate_city(self, value, ctx):
            return value if value == "Rome" else None

    def test_a_refused_value_is_not_kept(self):
        events = run(
            "action_extract_slots", domain(), said("inform", text="Mars"), own=[self.Own()]
        )
        assert shown(events) == [("slot", "city", None)]

    def test_an_accepted_value_is(self):
        events = run(
            "action_extract_slots", domain(), said("inform", text="Rome"), own=[self.Own()]
        )
        assert shown(events) == [("slot", "city", "Rome")]

    def test_slots_of_forms_are_not_its_business(self):
        assert self.Own().slots_in_domain(_context()) == (
            "city",
            "zip-code",
            "requested_slot",
            "session_started_metadata",
        )


def _context():
    class Context:
        domain = None

    context = Context()
    context.domain = domain()
    return context
