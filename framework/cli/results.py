"""Results of a test run, for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from framework.cli import output
from framework.cli.output import Options
from framework.cli.scores import show_replies, show_scores
from framework.evaluation.conversations.outcomes import Failure, StoryOutcome
from framework.evaluation.report import Results
from framework.policies.base import Prediction


def show_results(results: Results, options: Options, files: Sequence[Path]) -> None:
    """Show what failed, step by step, then the counts."""
    for story in results.conversations.stories:
        if not story.passed or story.warnings or options.verbosity > 0:
            _show_story(story, options)
    if options.verbosity < 0:
        return
    _show_counts(results, options)
    if results.nlu is not None:
        show_scores(results.nlu, options.stdout)
    if results.replies is not None:
        show_replies(results.replies, options.stdout)
    if files:
        written = output.plural(len(files), "file")
        output.say(f"{written} written to {files[0].parent}", stream=options.stdout)


def _show_story(story: StoryOutcome, options: Options) -> None:
    out = options.stdout
    word, style = ("passed", "good") if story.passed else ("failed", "error")
    place = f"  {story.dialogue.where}" if story.dialogue.where else ""
    output.say(f"{output.styled(word, style, out)} {story.dialogue.name}{place}", stream=out)
    for failure in story.failures:
        _show_failure(failure, options)
    for warning in story.warnings:
        output.say(f"  {output.styled('warning', 'warning', out)}: {warning}", stream=out)


def _show_failure(failure: Failure, options: Options) -> None:
    out = options.stdout
    arrow = output.styled("-->", "place", out)
    place = f"{arrow} {failure.where}  " if failure.where else ""
    output.say(f"  {place}{failure.step}", stream=out)
    output.say(f"      expected:  {output.styled(failure.expected, 'good', out)}", stream=out)
    decided = f"  ({_decided(failure.prediction)})" if failure.prediction else ""
    output.say(
        f"      predicted: {output.styled(failure.predicted, 'error', out)}{decided}", stream=out
    )


def _decided(prediction: Prediction) -> str:
    place = f", {prediction.reason.where}" if prediction.reason.where else ""
    return f"{prediction.policy} {prediction.confidence:.2f}: {prediction.reason.text}{place}"


def _show_counts(results: Results, options: Options) -> None:
    played = results.conversations
    total = len(played.stories)
    if not total:
        return
    style = "good" if results.passed else "error"
    counts = f"{played.passed} of {output.plural(total, 'conversation')} passed"
    output.say(
        f"{output.styled(counts, style, options.stdout)}, "
        f"{played.correct_actions} of {output.plural(played.actions, 'action')} correct",
        stream=options.stdout,
    )
