"""What true tags cost a model that is asked for whole sequences: a linear-chain CRF.

Which tag may follow which is fixed (an `I` only follows its `B` or itself) and nothing else is, so
that there are no weights beyond those of the tags and serving needs the best valid path alone
(Lafferty et al. 2001). A model that learns tags one by one spends strength on sequences that can't
come out.

Shapes: B batch, S word pieces, R messages that have tags, W words, T BIO tags.
"""

from __future__ import annotations

import torch
from torch import Tensor

from framework.nlu.bert.training.batches import IGNORED


def path_surprise(logits_BST: Tensor, tags_BS: Tensor) -> Tensor:
    """Give how surprising the true sequences are, summed over the messages that have one, in nats.

    Args:
        logits_BST: of each piece.
        tags_BS: what is true, `IGNORED` where no word begins.
    """
    if not bool((tags_BS != IGNORED).any()):
        return logits_BST.new_zeros(())
    logits, tags, is_word = _line_up(logits_BST, tags_BS)
    begins = torch.ones(logits.shape[-1], dtype=torch.bool, device=logits.device)
    begins[2::2] = False
    reached = logits[:, 0].masked_fill(~begins, -1e4)
    for word in range(1, logits.shape[1]):
        ahead = _follow(reached) + logits[:, word]
        reached = torch.where(is_word[:, word, None], ahead, reached)
    true = logits.gather(2, tags[..., None])[..., 0] * is_word
    return reached.logsumexp(dim=1).sum() - true.sum()


def _line_up(logits_BST: Tensor, tags_BS: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Leave out what has no tag: logits (R, W, T), tags (R, W), and where a word is (R, W)."""
    is_word = tags_BS != IGNORED
    rows = is_word.any(dim=1)
    is_word = is_word[rows]
    order = is_word.logical_not().to(torch.int8).argsort(dim=1, stable=True)
    order = order[:, : int(is_word.sum(dim=1).max())]
    places = order[..., None].expand(-1, -1, logits_BST.shape[-1])
    tags = tags_BS[rows].gather(1, order).clamp(min=0)
    return logits_BST[rows].gather(1, places), tags, is_word.gather(1, order)


def _follow(reached_RT: Tensor) -> Tensor:
    """Sum up, in logarithms, what each tag may follow."""
    anything = reached_RT.logsumexp(dim=1, keepdim=True)
    inside = torch.logaddexp(reached_RT[:, 1::2], reached_RT[:, 2::2])
    pairs = torch.stack([anything.expand_as(inside), inside], dim=2)
    return torch.cat([anything, pairs.flatten(1)], dim=1)
