"""What one message costs: milliseconds, messages a second and memory, beside what the CPU can do.

A bot is trained quickly (the encoder as it is), once with 32-bit weights and once with 8-bit ones,
and reads messages of ten word pieces on one thread, tokenizer included: those of the training data
that have ten, one at a time, and then 32 at once. Each precision runs in a process of its own. Wall
time is what a user waits; CPU time is what the thread computed, which a busy machine changes less.

The floor is the time that the matrix products alone would take at the speed that this machine
reaches on large matrices, in numpy for 32 bits and in ONNX Runtime for 8. With `--rasa` a trained
model of Rasa's reads the same messages with Rasa's own Python. Prints Markdown tables.

    python tests/benchmarks/serving.py ../shared/bots/financial-demo/data/nlu \
        --rasa ../rasa-venv/bin/python --rasa-model models/mood.tar.gz
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from framework.data.utterances import from_examples
from framework.learning.onnx import GraphWriter
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.project.load import read_tests
from framework.registry import find

PIECES = 10
BATCH = 32
LEARNED = 150
"""Examples to learn from: how well is no matter here."""

WIDTH, INNER, LAYERS = 384, 1536, 6
SHAPES = ((WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH, INNER), (INNER, WIDTH))
"""Inputs and outputs of a layer's matrices in all-MiniLM-L6-v2."""

RASA = """
import asyncio, json, logging, sys, time
logging.disable(logging.CRITICAL)
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
texts = json.load(sys.stdin)
async def main():
    for text in texts[:20]:
        await agent.parse_message(text)
    took = []
    for text in texts:
        wall, cpu = time.perf_counter(), time.thread_time()
        await agent.parse_message(text)
        took.append((1e3 * (time.perf_counter() - wall), 1e3 * (time.thread_time() - cpu)))
    print(json.dumps(took))
asyncio.run(main())
"""


def train(options: argparse.Namespace) -> None:
    """Train with one precision and keep what was learned."""
    examples = from_examples(read_tests(Path(), [options.corpus]).examples)[:LEARNED]
    tagger = find("component", "bert_tagger")(precision=options.one, fast=True, epochs=1)
    for _ in tagger.train(NluTrainingData(utterances=examples, seed=0)):
        pass
    Path(options.kept).mkdir(parents=True, exist_ok=True)
    for name, content in tagger.save().items():
        (Path(options.kept) / name).write_bytes(content)


def serve(options: argparse.Namespace) -> dict[str, object]:
    """Load what was trained, in a process without torch, and take the times."""
    files = {path.name: path.read_bytes() for path in Path(options.kept).iterdir()}
    tagger = find("component", "bert_tagger")().load(files)
    texts = json.loads(Path(options.texts).read_text(encoding="utf-8"))
    for text in texts[:20]:
        tagger.process(Understanding(text=text))
    took = [take_time(tagger.process, Understanding(text=text)) for text in texts]
    batches = [
        [Understanding(text=text) for text in texts[at : at + BATCH]]
        for at in range(0, len(texts) - BATCH + 1, BATCH)
    ]
    best = min(take_time(tagger.process_batch, batch)[0] for batch in batches)
    tagger.process(Understanding(text="word " * 4000))
    return {"took": took, "batch": best, "memory": resident_mb(), "torch": "torch" in sys.modules}


def take_time(function: Callable[..., object], argument: object) -> tuple[float, float]:
    """Give milliseconds of wall time and of the thread's CPU time."""
    wall, cpu = time.perf_counter(), time.thread_time()
    function(argument)
    return 1e3 * (time.perf_counter() - wall), 1e3 * (time.thread_time() - cpu)


def resident_mb() -> float:
    """Give the memory that the process holds, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def floors() -> Iterator[tuple[str, float, float]]:
    """Give precision, billions of multiplications a second, and the floor in milliseconds."""
    rows = PIECES + 2
    work = LAYERS * rows * sum(inputs * outputs for inputs, outputs in SHAPES)
    size = 768
    generator = np.random.default_rng(0)
    one, other = (generator.normal(size=(size, size)).astype(np.float32) for _ in range(2))
    writer = GraphWriter("product")
    left = writer.input("left", np.uint8, [size, size])
    right = writer.constant(generator.integers(-127, 128, (size, size)).astype(np.int8))
    writer.output(writer.node("MatMulInteger", left, right), "product", np.int32, [size, size])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(writer.to_bytes(), options)
    given = {"left": generator.integers(0, 256, (size, size)).astype(np.uint8)}
    for name, product in (
        ("32 bits", lambda _: one @ other),
        ("8 bits", lambda _: session.run(None, given)),
    ):
        best = min(take_time(product, None)[0] for _ in range(200))
        speed = size**3 / best * 1e-6
        yield name, speed, work / speed * 1e-6


def choose_texts(corpus: str) -> list[str]:
    """Give messages of the corpus that are cut into ten pieces, repeated to 1000."""
    source = find_encoder(None, language="en", root=Path())
    tokenizer = Tokenizer.from_file(str(source.path / "tokenizer.json"))
    tokenizer.no_padding()
    texts = [item.text for item in from_examples(read_tests(Path(), [corpus]).examples)]
    ten = [text for text in texts if len(tokenizer.encode(text).ids) == PIECES + 2]
    return [ten[place % len(ten)] for place in range(1000)]


def read_with_rasa(options: argparse.Namespace, texts: Sequence[str]) -> list[tuple[float, float]]:
    """Let Rasa read the messages."""
    done = subprocess.run(
        [options.rasa, "-W", "ignore", "-c", RASA, options.rasa_model],
        input=json.dumps(texts[:300]),
        check=True,
        capture_output=True,
        text=True,
    )
    took: list[tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    return took


def row(name: str, took: Sequence[Sequence[float]], *others: str) -> str:
    """Give a line of the table."""
    cells = []
    for column in (0, 1):
        values = sorted(item[column] for item in took)
        places = (0, len(values) // 2, len(values) * 99 // 100)
        cells += [f"{values[place]:.2f}" for place in places]
    return f"| {' | '.join([name, *cells, *others])} |"


def run(*arguments: str) -> str:
    """Run this script with other arguments and give its last line."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return (done.stdout.splitlines() or [""])[-1]


def report(options: argparse.Namespace) -> None:
    """Print the tables."""
    texts = choose_texts(options.corpus)
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    asked = str(folder / "texts.json")
    Path(asked).write_text(json.dumps(texts), encoding="utf-8")
    print("| | wall least | p50 | p99 | CPU least | p50 | p99 | batch of 32, a second | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for precision, name in (("float32", "32 bits"), ("int8", "8 bits")):
        kept = str(folder / precision)
        run(options.corpus, "--one", precision, "--kept", kept)
        result = json.loads(run(options.corpus, "--serve", "--kept", kept, "--texts", asked))
        speed = f"{1e3 * BATCH / result['batch']:.0f}"
        cells = (speed, f"{result['memory']:.0f}")
        print(row(f"Frame, {name}", result["took"], *cells), flush=True)
    if options.rasa:
        print(row("Rasa", read_with_rasa(options, texts), "", ""), flush=True)
    print("\n| | billion products a second | floor ms |\n| --- | --- | --- |")
    for name, speed, floor in json.loads(run(options.corpus, "--floors")):
        print(f"| {name} | {speed:.0f} | {floor:.2f} |")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", help="file or folder of examples")
    parser.add_argument("--rasa", help="Python that has Rasa installed")
    parser.add_argument("--rasa-model", help="a model that Rasa trained")
    parser.add_argument("--folder", default="/tmp/frame-serving", help="for what is in between")
    for hidden in ("--one", "--kept", "--texts"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    for hidden in ("--serve", "--floors"):
        parser.add_argument(hidden, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        train(options)
    elif options.serve:
        print(json.dumps(serve(options)))
    elif options.floors:
        print(json.dumps(list(floors())))
    else:
        report(options)


if __name__ == "__main__":
    main()
