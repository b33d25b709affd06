"""Reads weights kept as safetensors; pickled weights are refused."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from framework.errors import EncoderError

_SINGLE = "model.safetensors"
_INDEX = "model.safetensors.index.json"


def read_weights(folder: Path) -> dict[str, Tensor]:
    """Read the weights of a model's folder, in one file or several.

    Raises:
        EncoderError: there are none, or a file is damaged.
    """
    index = folder / _INDEX
    if index.is_file():
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    else:
        names = [_SINGLE]
    weights: dict[str, Tensor] = {}
    for name in names:
        try:
            weights.update(load_file(folder / name))
        except FileNotFoundError as error:
            raise EncoderError(
                f"the folder {folder} has no {name}",
                id="incomplete-encoder",
                hint="save the model there with `save_pretrained(…, safe_serialization=True)`",
            ) from error
        except SafetensorError as error:
            raise EncoderError(
                f"the weights in {folder / name} are damaged ({error})",
                id="altered-encoder",
                hint="download or install the encoder again",
            ) from error
    return weights
