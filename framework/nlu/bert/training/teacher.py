"""Teaches a model: where it begins, losses, the two phases of training, reading with it.

Shapes: B batch, S word pieces, D width, I intents.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from framework.learning.checkpoint import CheckpointStore
from framework.learning.loop import Plan, fit
from framework.learning.memory import keep_freed_memory, release_freed_memory
from framework.learning.onnx import Precision
from framework.learning.optimizer import AdamW
from framework.learning.progress import Progress
from framework.learning.resume import Checkpoints
from framework.learning.seed import has_fast_bfloat16
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training import judge
from framework.nlu.bert.training.batches import (
    IGNORED,
    Batch,
    Encoded,
    class_weights,
    collate,
    encode_names,
    grouped_by_length,
    shuffled_batches,
)
from framework.nlu.bert.training.bert import Bert
from framework.nlu.bert.training.continuing import RATE_SHARE, Start, adopt_heads
from framework.nlu.bert.training.export import write_graph
from framework.nlu.bert.training.frozen import KnownStates
from framework.nlu.bert.training.losses import Loss
from framework.nlu.bert.training.model import Output, Tagger
from framework.nlu.bert.training.pretrained import Pretrained, WordRows
from framework.nlu.bert.training.probe import MOST_OF_ONE, fit_probe, foretell_accuracy
from framework.nlu.bert.training.recipe import (
    USUAL_LAYERS,
    Recipe,
    choose_recipe,
    freeze_lowest,
    parameter_groups,
)
from framework.nlu.bert.training.scope import choose
from framework.nlu.bert.training.spread import find_processes

PART = "intents and entities"

_POWERS = {"none": 0.0, "root": 0.5, "balanced": 1.0}


class Teacher:
    """A model, its examples and how it learns from them."""

    def __init__(
        self,
        pretrained: Pretrained,
        labels: Labels,
        *,
        settings: TaggerSettings,
        generator: torch.Generator,
        examples: Sequence[Encoded],
        checkpoint: CheckpointStore | None = None,
    ) -> None:
        """Make a model that knows the encoder and nothing of the bot.

        Args:
            pretrained: the encoder; its word embedding is narrowed to the pieces that occur.
            labels: what the model can answer.
            settings: of the component.
            generator: shuffles.
            examples: all of them, held out or not.
            checkpoint: keeps what a long training has reached.
        """
        keep_freed_memory()
        self.examples = examples
        self.foretold: float | None = None
        """Accuracy to expect on new messages, where nothing is held out and the encoder knows."""
        self._names = encode_names(labels, pretrained.tokenizer)
        self.model = Tagger(pretrained.bert, labels, dropout=settings.dropout)
        self._answers: dict[int, tuple[Encoded, judge.Logits]] = {}
        self._known = torch.zeros(len(labels.intents), dtype=torch.bool)
        self._labels = labels
        self._whole = pretrained.whole
        self._settings = settings
        self._generator = generator
        self._checkpoints = Checkpoints(checkpoint, generator)
        self._recipe = self._fit_recipe(len(examples))
        self._rows = WordRows(
            pretrained, {int(i) for one in [*examples, *self._names] for i in one.pieces.ids.flat}
        )
        if isinstance(self.model.bert, Bert):
            self.model.bert.position.weight.requires_grad_(False)  # noqa: FBT003, torch's only way
            freeze_lowest(self.model.bert, self._recipe.frozen_share)
            self.model.bert.set_dropout(0.0 if settings.fast else settings.dropout)
        self._known_states: KnownStates | None = None
        if settings.fast:
            self.model.bert.requires_grad_(False)  # noqa: FBT003, torch's only way
            self._known_states = KnownStates()
        self._processes = find_processes()
        self._device = self._processes.device
        self.model.to(self._device)
        power = _POWERS[settings.class_weights]
        weights = class_weights(examples, intents=len(labels.intents), power=power)
        self._weights = torch.from_numpy(weights).to(self._device)
        self._loss = Loss(
            weights=self._weights,
            label_smoothing=settings.label_smoothing,
            has_tags=bool(labels.entities),
        )
        self._held: Sequence[Encoded] = ()

    def go_on(self, start: Start, chosen: Sequence[Encoded]) -> Generator[Progress, None, None]:
        """Learn from chosen examples, beginning with what an earlier tagger's heads knew."""
        self._known = adopt_heads(self.model, self._labels, start)
        self._start_from_probe(chosen)
        self._recipe = self._fit_recipe(len(chosen))
        epochs = max(1, round(self._recipe.epochs * start.epoch_fraction)) if chosen else 0
        yield from self._fit(self._plan(chosen, epochs=epochs), share=RATE_SHARE)
        release_freed_memory()

    def learn(
        self, learned: Sequence[Encoded], held: Sequence[Encoded]
    ) -> Generator[Progress, None, None]:
        """Learn from examples, watching those held out."""
        self._held = held
        if not held:
            self.foretold = self._foretell_accuracy(learned)
        self._start_from_probe([*learned, *self._names])
        plan = self._plan([*learned, *self._names], epochs=self._recipe.epochs)
        if held and self._recipe.patience:
            plan = replace(
                plan,
                score=lambda: judge.figures(held, self.read(held), self._labels),
                patience=self._recipe.patience,
            )
        yield from self._fit(plan, share=1.0)
        release_freed_memory()

    def review(self, scores: Mapping[str, float]) -> Generator[Progress, None, None]:
        """Learn what was held out among what was learned, of many examples among some of them.

        Args:
            scores: held-out figures to show meanwhile.
        """
        reviewed = [*self._choose_reviewed(), *self._names]
        plan = self._plan(reviewed, epochs=self._recipe.review_epochs)
        for progress in self._fit(plan, share=self._recipe.review_share):
            yield replace(progress, scores={**progress.scores, **scores})
        release_freed_memory()

    def _choose_reviewed(self) -> Sequence[Encoded]:
        if not self._recipe.review_others:
            return self.examples
        held = {id(one) for one in self._held}
        others = [one for one in self.examples if id(one) not in held]
        order = torch.randperm(len(others), generator=self._generator).tolist()
        count = round(self._recipe.review_others * len(held))
        return [*self._held, *(others[place] for place in order[:count])]

    def read(self, examples: Sequence[Encoded]) -> list[judge.Logits]:
        """Read examples with the model as it is now; each once until it learns on."""
        unread = [example for example in examples if id(example) not in self._answers]
        self.model.eval()
        for group in grouped_by_length(unread, size=64):
            batch = collate(group)
            with torch.no_grad():
                output = self._forward(batch)
            for row, example in enumerate(group):
                heads = torch.from_numpy(example.pieces.heads)
                answer = judge.Logits(
                    intents=output.intents[row].float().cpu().numpy(),
                    tags=output.tags[row, heads].float().cpu().numpy(),
                    embedding=output.embedding[row].float().cpu().numpy(),
                )
                self._answers[id(example)] = (example, answer)
        return [self._answers[id(example)][1] for example in examples]

    @property
    def is_pretrained(self) -> bool:
        """Whether the encoder knew a language before it saw the examples."""
        return isinstance(self.model.bert, Bert)

    @property
    def sharpness(self) -> float:
        """How far apart the model holds messages of different intents: the length of their vectors.

        What all intents share makes no difference between them and doesn't count.
        """
        intents = self.model.intents.detach()
        return float((intents - intents.mean(dim=0)).norm(dim=1).mean())

    def write(self, *, precision: Precision) -> bytes:
        """Write the model as a graph, with the whole word embedding."""
        with self._whole():
            return write_graph(self.model, self._rows.table(), precision=precision)

    def _fit_recipe(self, examples: int) -> Recipe:
        bert = self.model.bert
        return choose_recipe(
            self._settings,
            examples=examples,
            has_entities=bool(self._labels.entities),
            layers=len(bert.layers) if isinstance(bert, Bert) else USUAL_LAYERS,
        )

    def _plan(self, examples: Sequence[Encoded], *, epochs: int) -> Plan[Batch]:
        size = self._recipe.batch_size
        return Plan(
            part=PART,
            epochs=epochs,
            batches=lambda _: shuffled_batches(examples, size=size, generator=self._generator),
            loss=self._share_of_loss,
            accumulate=self._settings.gradient_accumulation,
            processes=self._processes,
        )

    def _fit(self, plan: Plan[Batch], *, share: float) -> Iterator[Progress]:
        groups = parameter_groups(self.model, self._settings, share=share)
        optimizer = AdamW(groups=groups)
        for progress in fit(self.model, optimizer, plan, checkpoint=self._checkpoints.next()):
            self._answers.clear()
            yield progress

    def _forward(self, batch: Batch) -> Output:
        ids = self._rows.renumber(batch.ids).to(self._device)
        mask = batch.mask.to(self._device)
        if self._known_states is None:
            return self.model.read_states(self._encode(ids, mask), mask)
        return self.model.read_states(self._known_states.read(ids, mask, self._encode), mask)

    def _encode(self, ids_BS: Tensor, mask_BS: Tensor) -> Tensor:
        is_used = has_fast_bfloat16(self._device)
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=is_used):
            return self.model.encode(ids_BS, mask_BS).float()

    def _share_of_loss(self, batch: Batch) -> Tensor:
        """Give what the rows of this process add to the loss of a batch."""
        if self._processes.count == 1:
            return self._loss.of(self._forward(batch), batch, whole=batch)
        rows = self._processes.rows(len(batch.intents))
        part = batch.take(rows or [0])
        loss = self._loss.of(self._forward(part), part, whole=batch)
        return loss if rows else 0.0 * loss

    @torch.no_grad()
    def _start_from_probe(self, examples: Sequence[Encoded]) -> None:
        """Let each new intent begin as a logistic regression on the sentence vectors has it.

        Where other intents are known already, new ones take on the length of those.
        """
        if bool(self._known.all()):
            return
        vectors, intents = self._sample_vectors(examples)
        if not len(intents):
            return
        probe = fit_probe(vectors, intents, self._weights.cpu())
        share = 1.0
        if bool(self._known.any()):
            known = self.model.intents[self._known.to(self._device)]
            share = float(known.norm(dim=1).mean() / probe.weights[self._known].norm(dim=1).mean())
        new = ~self._known
        self.model.intents[new.to(self._device)] = (share * probe.weights[new]).to(self._device)
        biases = (share * probe.biases[new]).to(self._device)
        self.model.intent_biases[new.to(self._device)] = biases
        self._answers.clear()

    def _foretell_accuracy(self, examples: Sequence[Encoded]) -> float | None:
        """Judge a fifth of the examples by the others; None where vectors mean nothing yet."""
        vectors, intents = self._sample_vectors(examples)
        if not len(intents) or not self.is_pretrained:
            return None
        generator = torch.Generator().manual_seed(len(intents))
        return foretell_accuracy(vectors, intents, self._weights.cpu(), generator=generator)

    def _sample_vectors(self, examples: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
        """Give sentence vectors and intents of examples that have one, an even share of each."""
        labelled = [example for example in examples if example.intent != IGNORED]
        numbers = [example.intent for example in labelled]
        chosen = [labelled[place] for place in choose(numbers, most_of_one=MOST_OF_ONE)]
        if not chosen:
            return torch.zeros(0, 0), torch.zeros(0, dtype=torch.long)
        vectors = np.stack([answer.embedding for answer in self.read(chosen)])
        return torch.from_numpy(vectors), torch.tensor([example.intent for example in chosen])
