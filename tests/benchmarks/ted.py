"""Rasa's TED policy, trained on a share of a corpus and asked for every action."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean

from tests.benchmarks.corpora.stories import CORPORA, write_share
from tests.benchmarks.processes import run
from tests.benchmarks.results import Row

LISTEN = "action_listen"
MAX_HISTORY = 5

TED_CONFIG = """\
recipe: default.v1
assistant_id: benchmark
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
policies:
- name: TEDPolicy
  max_history: {max_history}
  epochs: {epochs}
  constrain_similarities: true
  entity_recognition: false
  random_seed: {seed}
"""

NO_INTENTS = "intents: []"
TED_NLU = """\
version: "3.1"
nlu:
- {intent: hello, examples: "- hello\\n- hi there\\n"}
- {intent: bye, examples: "- bye now\\n- see you later\\n"}
"""
"""Without any NLU example, Rasa's features of texts can't be fitted."""

TED_ANSWERS = """
import asyncio, json, sys
from rasa.core.agent import load_agent
from rasa.core.test import _collect_story_predictions, _create_data_generator

async def main(model, stories, out):
    agent = await load_agent(model_path=model)
    trackers = _create_data_generator(stories, agent).generate_story_trackers()
    found, count, _ = await _collect_story_predictions(trackers, agent)
    store = found.evaluation_store
    whole = (count - len(found.failed_stories)) / count
    answers = {"wanted": store.action_targets, "given": store.action_predictions, "whole": whole}
    with open(out, "w") as file:
        json.dump(answers, file)

asyncio.run(main(*sys.argv[1:]))
"""


def measure_ted(python: str, corpus: str, size: int, seed: int, *, epochs: int) -> Row:
    """Train and ask Rasa's TED on the same dialogues."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        count = write_share(corpus, size, folder / "data" / "stories.yml")
        domain = (CORPORA / corpus / "domain.yml").read_text(encoding="utf-8")
        if NO_INTENTS in domain:
            domain = domain.replace(NO_INTENTS, "intents: [hello, bye]")
            (folder / "data" / "nlu.yml").write_text(TED_NLU, encoding="utf-8")
        (folder / "domain.yml").write_text(domain, encoding="utf-8")
        config = TED_CONFIG.format(max_history=MAX_HISTORY, seed=seed, epochs=epochs)
        (folder / "config.yml").write_text(config, encoding="utf-8")
        train = [*(python, "-m", "rasa", "train", "--skip-validation"), "--augmentation", "0"]
        spent = run([*train, "--fixed-model-name", "m"], cwd=folder)
        tests = str(CORPORA / corpus / "test" / "stories.yml")
        call = [python, "-c", TED_ANSWERS, "models/m.tar.gz", tests, "answers.json"]
        run(call, cwd=folder)
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return {
        "policy": "TED" if epochs == 100 else f"TED, {epochs} epochs",
        "corpus": corpus,
        "dialogues": count,
        "seed": seed,
        **asdict(spent),
        **scores(list(zip(answers["wanted"], answers["given"], strict=True))),
        "whole": answers["whole"],
    }


def scores(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Score (wanted, given) pairs.

    Returns:
        `accuracy` and weighted `f1` of all actions, `written` accuracy of those but listening.
    """
    written = [pair for pair in pairs if pair[0] != LISTEN]
    f1 = 0.0
    for name in {wanted for wanted, _ in pairs}:
        both = sum(wanted == given == name for wanted, given in pairs)
        of_wanted = sum(wanted == name for wanted, _ in pairs)
        of_given = sum(given == name for _, given in pairs)
        f1 += of_wanted * 2 * both / (of_wanted + of_given)
    return {
        "actions": len(pairs),
        "accuracy": mean(wanted == given for wanted, given in pairs),
        "f1": f1 / len(pairs),
        "written": mean(wanted == given for wanted, given in written),
    }
