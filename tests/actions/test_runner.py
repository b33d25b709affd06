import asyncio
import contextvars
import threading

import pytest

from framework.actions.base import Action, ActionContext
from framework.actions.remote import RemoteAction
from framework.actions.server import ActionServer
from framework.conversation.events import SlotSet
from framework.errors import ActionError, ActionRejected
from framework.nlu.types import RankedResponse, Understanding
from framework.project.schema.config import Endpoint
from tests.bots import form, make_domain, run, runner_of, said, shown, slot, tracker_of


class Own(Action):
    def __init__(self, name, function):
        self.name = name
        self.function = function

    def run(self, ctx):
        return self.function(ctx)


def own(function, name="action_own"):
    return Own(name, function)


DOMAIN = make_domain(
    intents=("greet",),
    retrieval=("faq",),
    slots=[slot("city")],
    forms=[form("trip", "city")],
    responses={"utter_greet": "Hi!", "utter_city": "{city}", "utter_faq/name": "Frame."},
    actions=("action_remote", "action_back"),
    e2e_actions=("Nice to meet you.",),
)
SERVER = ActionServer(Endpoint(url="http://localhost:1/webhook"))


class TestLookUp:
    def kind(self, action, *mine, server=None):
        return type(runner_of(DOMAIN, *mine, server=server).find(action)).__name__

    @pytest.mark.parametrize(
        ("action", "kind"),
        [
            ("action_listen", "Listen"),
            ("action_two_stage_fallback", "TwoStageFallback"),
            ("utter_greet", "SayResponse"),
            ("utter_faq", "SaySelected"),
            ("Nice to meet you.", "SayText"),
            ("trip", "FormAction"),
        ],
    )
    def test_a_name_finds_its_action(self, action, kind):
        assert self.kind(action) == kind
        assert runner_of(DOMAIN).knows(action)

    @pytest.mark.parametrize("action", ["action_listen", "utter_greet", "trip", "action_remote"])
    def test_the_bots_own_python_goes_before_all_else(self, action):
        assert self.kind(action, own(lambda ctx: None, action), server=SERVER) == "Own"

    def test_a_listed_action_goes_to_the_server_even_if_it_is_a_default_one(self):
        assert self.kind("action_remote", server=SERVER) == "RemoteAction"
        assert self.kind("action_back", server=SERVER) == "RemoteAction"
        assert self.kind("action_back") == "Back"
        assert isinstance(runner_of(DOMAIN, server=SERVER).find("action_remote"), RemoteAction)

    def test_a_listed_action_that_nothing_runs_is_an_error_with_a_hint(self):
        with pytest.raises(ActionError, match="nothing runs") as caught:
            self.kind("action_remote")
        assert "action_endpoint" in caught.value.hint

    def test_an_unknown_name_is_an_error_that_offers_the_nearest(self):
        assert not runner_of(DOMAIN).knows("utter_gret")
        with pytest.raises(ActionError, match="'utter_gret'") as caught:
            self.kind("utter_gret")
        assert "utter_greet" in caught.value.hint


class TestRunning:
    def test_plain_and_asynchronous_actions_work_alike(self):
        async def later(ctx):
            await asyncio.sleep(0)
            ctx.say("later")

        assert shown(run("action_own", DOMAIN, own=[own(later)])) == [("bot", "later")]
        now = own(lambda ctx: ctx.say("now"))
        assert shown(run("action_own", DOMAIN, own=[now])) == [("bot", "now")]

    def test_a_plain_action_sees_the_callers_context_variables(self):
        user = contextvars.ContextVar("user")
        user.set("ada")
        action = own(lambda ctx: ctx.say(user.get()))
        assert shown(run("action_own", DOMAIN, own=[action])) == [("bot", "ada")]

    def test_words_see_the_slots_set_before_them(self):
        def act(ctx):
            ctx.say("utter_city")
            ctx.set_slot("city", "Rome")
            ctx.say("utter_city")

        before = SlotSet(name="city", value="Oslo")
        events = run("action_own", DOMAIN, before, own=[own(act)])
        assert shown(events) == [("bot", "Oslo"), ("slot", "city", "Rome"), ("bot", "Rome")]

    def test_the_context_shows_slots_as_they_will_be(self):
        def act(ctx):
            ctx.set_slot("city", "Rome")
            ctx.say(f"{ctx.slots['city']} {ctx.message.text} {ctx.conversation} {ctx.channel}")

        events = run("action_own", DOMAIN, said("greet", text="hi"), own=[own(act)])
        assert shown(events)[-1] == ("bot", "Rome hi test cmdline")

    def test_an_action_may_run_another_one(self):
        async def act(ctx):
            ctx.add_all(await ctx.perform("utter_greet"))

        assert shown(run("action_own", DOMAIN, own=[own(act)])) == [("bot", "Hi!")]

    def test_outside_of_a_bot_there_is_no_other_action(self):
        ctx = ActionContext(tracker=tracker_of(DOMAIN), domain=DOMAIN)
        assert not ctx.knows("utter_greet")
        with pytest.raises(ActionError, match="outside of a bot"):
            asyncio.run(ctx.perform("utter_greet"))


class TestFailures:
    def fails(self, function):
        with pytest.raises(ActionError) as caught:
            run("action_own", DOMAIN, own=[own(function)])
        return str(caught.value)

    def test_an_exception_becomes_an_error_that_names_it(self):
        assert self.fails(lambda ctx: 1 / 0) == "ZeroDivisionError: division by zero"

    def test_leaving_the_program_is_a_failure_too(self):
        def leave(ctx):
            raise SystemExit(1)

        assert "SystemExit" in self.fails(leave)

    def test_effects_that_are_none_are_a_failure(self):
        assert "not 'hello'" in self.fails(lambda ctx: ctx.add("hello"))

    def test_a_reply_that_can_not_be_said_is_a_failure(self):
        assert self.fails(lambda ctx: ctx.say("hi", buttons="none"))

    def test_a_name_of_no_response_is_not_said_aloud(self, caplog):
        def act(ctx):
            ctx.say("utter_citty")
            ctx.say("utter_ is how names begin")

        events = run("action_own", DOMAIN, own=[own(act)])
        assert shown(events) == [("bot", "utter_ is how names begin")]
        assert "'utter_citty': the domain lacks it. did you mean 'utter_city'?" in caplog.text

    @pytest.mark.parametrize("say", [lambda ctx: ctx.say(5), lambda ctx: ctx.say(text=5)])
    def test_only_text_can_be_said(self, say):
        assert self.fails(say) == "TypeError: only text can be said, not int"

    def test_what_an_action_returns_is_lost_and_that_is_logged(self, caplog):
        assert (
            shown(run("action_own", DOMAIN, own=[own(lambda ctx: [SlotSet(name="a", value=1)])]))
            == []
        )
        assert "'action_own' returns list, which has no effect" in caplog.text

    @pytest.mark.parametrize("is_plain", [True, False])
    def test_an_action_that_takes_too_long_is_a_failure(self, is_plain):
        awake = threading.Event()

        async def sleep(ctx):
            await asyncio.sleep(5)

        action = own(lambda ctx: awake.wait(5))
        if not is_plain:
            action.run = sleep
        action.time_limit_seconds = 0.05
        try:
            with pytest.raises(ActionError, match=r"longer than 0\.05 seconds"):
                run("action_own", DOMAIN, own=[action])
        finally:
            awake.set()

    def test_a_time_out_of_its_own_is_told_as_such(self):
        def fail(ctx):
            raise TimeoutError("the till is closed")

        with pytest.raises(ActionError, match="TimeoutError: the till is closed"):
            run("action_own", DOMAIN, own=[own(fail)])

    def test_declining_is_not_a_failure(self):
        def decline(ctx):
            raise ActionRejected("not now")

        with pytest.raises(ActionRejected):
            run("action_own", DOMAIN, own=[own(decline)])


class TestSelectedResponses:
    def said(self, **selections):
        message = said("faq")
        understanding = Understanding(
            text="?", ranking=message.understanding.ranking, selections=selections
        )
        object.__setattr__(message, "understanding", understanding)
        return shown(run("utter_faq", DOMAIN, message))

    BEST = (RankedResponse(key="faq/name", confidence=0.9),)

    @pytest.mark.parametrize("selector", ["faq", "default"])
    def test_the_selected_answer_is_said(self, selector):
        assert self.said(**{selector: self.BEST}) == [("bot", "Frame.")]

    def test_without_a_selection_nothing_is_said_and_that_is_logged(self, caplog):
        assert self.said() == []
        assert "faq" in caplog.text


def test_an_end_to_end_text_is_said_as_it_stands():
    assert shown(run("Nice to meet you.", DOMAIN)) == [("bot", "Nice to meet you.")]
