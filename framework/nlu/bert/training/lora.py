"""Low-rank adapters in an encoder, which learn in place of its own weights (Hu et al. 2021).

Beside each matrix stand two thin ones, whose product is added to it. They alone are trained, so
that gradients and moments take a few hundredths of the memory. What is written is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import Linear
from torch import nn

from framework.nlu.bert.choice import LoraSettings, Target
from framework.nlu.bert.training.bert import Bert

_PARTS: dict[Target, tuple[str, ...]] = {
    "attention": ("qkv", "attended"),
    "feed_forward": ("inner", "outer"),
}
_ADAPTER = "default"


def add_adapters(bert: Bert, settings: LoraSettings) -> None:
    """Put adapters, which add nothing yet, into an encoder, and let nothing else of it learn."""
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha or 2 * settings.rank,
        lora_dropout=settings.dropout,
        target_modules=[part for target in settings.targets for part in _PARTS[target]],
    )
    inject_adapter_in_model(config, bert, adapter_name=_ADAPTER)


@contextmanager
def merged(bert: Bert) -> Iterator[None]:
    """Let the encoder's own matrices hold what the adapters add, and afterwards what they held."""
    adapted = [
        (part, base)
        for part in bert.modules()
        if isinstance(part, Linear) and isinstance(base := part.get_base_layer(), nn.Linear)
    ]
    before = [base.weight.data for _, base in adapted]
    try:
        with torch.no_grad():
            for part, base in adapted:
                base.weight.data = base.weight.data + part.get_delta_weight(_ADAPTER)
        yield
    finally:
        for (_, base), weight in zip(adapted, before, strict=True):
            base.weight.data = weight
