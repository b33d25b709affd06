"""Whether a judge learned from the guard's own replies would be right about bots it never saw.

A reply is described by how near its words come to those of its template in the states of
`minilm-en`, and by the words that the template lacks; a boosted forest learns good from bad on the
corpora that the guard learned from, and is asked about `services`. It learns them twice: as they
are, and with what they lack: sentences of the template itself, which are good, and good replies of
other bots, which are bad.

Run: python tests/benchmarks/guard_judge.py [--every 2]
"""

import argparse
import random
from pathlib import Path

import numpy as np
import regex
import torch
from ruamel.yaml import YAML
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from transformers import AutoModel, AutoTokenizer

from framework.nlu.bert.encoder import find_encoder
from framework.responses.guard import negations
from framework.responses.guard.stems import root
from tests.benchmarks.generation import REPLIES_JUDGED

LEARNED = (
    "cases heldout unseen untouched domains wordings kept_back last everyday errands".split()  # noqa: SIM905
)
ASKED = "services"
LAYERS = (0, 2, 4, 6)
SENTENCE_END = regex.compile(r"(?<=[.!?;])\s+(?=\S)|\n")
MOST_PASSED = 0.1


class Describer:
    """Describes sentences beside a template by the states of an encoder without training."""

    def __init__(self):
        folder = find_encoder("minilm-en").path
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder, output_hidden_states=True).eval()

    def states(self, text):
        """Give words, and their states in each layer, of length 1, shape (layers, W, D)."""
        coded = self._tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
        offsets = coded.pop("offset_mapping")[0].tolist()
        with torch.no_grad():
            hidden = torch.stack(self._model(**coded).hidden_states)[list(LAYERS), 0].numpy()
        found = []
        for match in regex.finditer(r"\p{L}+(?:'\p{L}+)?|\d[\d.,:]*\d|\d", text):
            pieces = [
                i for i, (a, b) in enumerate(offsets) if a < match.end() and b > match.start()
            ]
            found.append((match[0].casefold(), hidden[:, pieces].mean(axis=1)))
        vectors = np.stack([vector for _, vector in found], axis=1)
        vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
        return [word for word, _ in found], vectors

    def describe(self, template, sentence):
        """Give the features of one sentence."""
        source, source_states = template
        words, states = self.states(sentence)
        nearest = (states @ source_states.transpose(0, 2, 1)).max(axis=2)
        known = {root(word, "en") for word in source}
        content = [
            place
            for place, word in enumerate(words)
            if word.isalpha() and word not in negations.EMPTY
        ]
        strange = [place for place in content if root(words[place], "en") not in known]
        told = [place for place in content if place not in strange]
        return [
            len(strange),
            len(strange) / max(1, len(content)),
            *nearest.mean(axis=1),
            *nearest.min(axis=1),
            *(nearest[:, strange].min(axis=1) if strange else np.ones(len(LAYERS))),
            *(nearest[:, told].min(axis=1) if told else np.ones(len(LAYERS))),
        ]


def sentences(text):
    return [one for one in SENTENCE_END.split(text) if regex.search(r"\p{Latin}{2}", one)]


def read(names, every):
    for name in names:
        cases = YAML(typ="safe").load((Path(REPLIES_JUDGED) / f"{name}.yml").read_text("utf-8"))
        for case in cases[::every]:
            is_latin = not regex.search(r"[\p{Han}\p{Hiragana}]", case["template"])
            if is_latin and case.get("language", "en") == "en":
                yield case


def rows(cases, describer, rng):
    """Give (kind, features of each sentence) of all replies, and of what the corpora lack."""
    for case in cases:
        known = "\n".join((case["template"], *case.get("passages", ())))
        template = describer.states(known)
        other = rng.choice([one for one in cases if one is not case])
        kinds = {
            "good": case["good"],
            "bad": case["bad"],
            "verbatim": sentences(case["template"]),
            "foreign": rng.sample(other["good"], min(3, len(other["good"]))),
        }
        for kind, replies in kinds.items():
            for reply in replies:
                described = [describer.describe(template, one) for one in sentences(reply)]
                if described:
                    yield kind, described


def learn(taught, kinds):
    """Learn from sentences; of a bad reply of several it isn't known which is bad."""
    chosen = [
        (features, kind in ("good", "verbatim"))
        for kind, described in taught
        if kind in kinds and (kind in ("good", "verbatim") or len(described) == 1)
        for features in described
    ]
    judge = HistGradientBoostingClassifier(
        max_iter=150, max_depth=4, learning_rate=0.05, min_samples_leaf=15, random_state=0
    )
    return judge.fit([features for features, _ in chosen], [good for _, good in chosen])


def report(judge, asked):
    scores = {kind: [] for kind in ("good", "bad", "verbatim", "foreign")}
    for kind, described in asked:
        scores[kind].append(judge.predict_proba(described)[:, 1].min())

    def area(good, bad):
        truth = [1] * len(scores[good]) + [0] * len(scores[bad])
        return roc_auc_score(truth, scores[good] + scores[bad])

    least = np.quantile(scores["bad"], 1 - MOST_PASSED)
    refused = {kind: np.mean(np.array(found) <= least) for kind, found in scores.items()}
    return (
        f"{area('good', 'bad'):.2f} | {area('verbatim', 'bad'):.2f} "
        f"| {area('good', 'foreign'):.2f} | {refused['good']:.0%} | {refused['verbatim']:.0%}"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="take each n-th case to learn from")
    parser.add_argument("--seed", type=int, default=1, help="by which replies of others are drawn")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    describer, rng = Describer(), random.Random(arguments.seed)
    taught = list(rows(list(read(LEARNED, arguments.every)), describer, rng))
    asked = list(rows(list(read([ASKED], 1)), describer, rng))
    print(f"learned from {len(taught)} rows, asked about {len(asked)}")
    print("| learned from | good/bad | verbatim/bad | good/foreign | good, verbatim refused |")
    for kinds in (("good", "bad"), ("good", "bad", "verbatim", "foreign")):
        print(f"| {', '.join(kinds)} | {report(learn(taught, kinds), asked)} |")


if __name__ == "__main__":
    main()
