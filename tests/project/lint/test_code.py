"""The bot's own code against the domain: actions that run, responses that are said."""

from __future__ import annotations

from pathlib import Path

from framework.project.checks import inspect
from tests.project.faults import DOMAIN
from tests.project.projects import edit, found, write_minimal


def test_actions_of_the_bots_own_code_are_known(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "actions/orders.py": """\
                class Cook:
                    name = "action_cook"

                class Serve:
                    def name(self):
                        return "action_serve"
                """
        },
    )
    edit(
        project,
        DOMAIN,
        "responses:",
        "actions: [action_cook, action_serve, action_srve]\nresponses:",
    )

    problems = [p for p in inspect(project) if p.id == "unimplemented-action"]

    assert [problem.hint for problem in problems] == ["did you mean 'action_serve'?"]


def test_a_response_that_the_code_says_and_no_file_defines_is_pointed_out(tmp_path: Path) -> None:
    code = """\
        class Serve:
            name = "action_serve"

            def run(self, ctx, dispatcher):
                ctx.say("utter_greet")
                ctx.say("utter_gret")
                ctx.say("utter_ is how names begin")
                dispatcher.utter_message(response="utter_nothing", text="utter_text")
        """
    project = write_minimal(tmp_path, {"actions.py": code})
    edit(project, DOMAIN, "responses:", "actions: [action_serve]\nresponses:")

    problems = [p for p in inspect(project) if p.id == "unknown-response"]

    assert [(str(p.where), p.hint) for p in problems] == [
        ("actions.py:6:17", "did you mean 'utter_greet'?"),
        ("actions.py:8:43", "add it under `responses:`"),
    ]


def test_a_server_that_writes_replies_may_have_responses_of_its_own(tmp_path: Path) -> None:
    files = {
        "actions.py": "def run(ctx):\n    ctx.say('utter_theirs')\n",
        "endpoints.yml": "nlg: {url: 'http://nlg'}\n",
    }

    assert inspect(write_minimal(tmp_path, files)) == ()


def test_code_that_is_no_python_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"actions.py": "class X:\n    def run(self:\n"})

    assert ("broken-code", "warning", "actions.py:2:12") in found(inspect(project))


def test_an_action_named_as_a_response_needs_one(tmp_path: Path) -> None:
    project = edit(
        write_minimal(tmp_path, {}), DOMAIN, "responses:", "actions: [utter_x]\nresponses:"
    )

    assert found(inspect(project)) == {("missing-response", "warning", f"{DOMAIN}:13:11")}
