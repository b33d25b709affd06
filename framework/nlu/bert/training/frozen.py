"""Remembers what an encoder that stays as it is makes of messages, so that each is read once.

Shapes: B batch, S word pieces, D width.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Encode = Callable[[Tensor, Tensor], Tensor]


class KnownStates:
    """The last states of messages, by their word pieces.

    They are kept in half precision: a kilobyte a word piece for an encoder of width 384.
    """

    def __init__(self) -> None:
        self._states: dict[tuple[int, ...], Tensor] = {}

    def read(self, ids_BS: Tensor, mask_BS: Tensor, encode: Encode) -> Tensor:
        """Give the states of a batch, shape (B, S, D); 0 where padding stands.

        Args:
            ids_BS: word pieces.
            mask_BS: where there are any.
            encode: gives the states of what hasn't been read yet.
        """
        keys = [
            tuple(row[kept].tolist()) for row, kept in zip(ids_BS.cpu(), mask_BS.cpu(), strict=True)
        ]
        new = [row for row, key in enumerate(keys) if key not in self._states]
        if new:
            with torch.no_grad():
                states = encode(ids_BS[new], mask_BS[new])
            for place, row in enumerate(new):
                self._states[keys[row]] = states[place, : len(keys[row])].bfloat16()
        width = self._states[keys[0]].shape[-1]
        result = torch.zeros(*ids_BS.shape, width, device=ids_BS.device)
        for row, key in enumerate(keys):
            result[row, : len(key)] = self._states[key]
        return result
