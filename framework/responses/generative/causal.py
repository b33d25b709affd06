"""A causal language model of the Hugging Face kind, run by transformers.

Its weights are a folder or a name in the hub's cache, or a GGUF file, which transformers unpacks
(extra `gguf`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    StoppingCriteria,
    StoppingCriteriaList,
    TextStreamer,
)

from framework.responses.generative.base import CUT_OFF, Message, Piece, Request, Usage
from framework.responses.generative.settings import LlmSettings

CONTEXT_TOKENS = 2048
"""How much of a model's context is used at most where the settings don't say."""


class CausalEngine:
    """Runs one model on the CPU, or on a GPU where torch sees one."""

    def __init__(self, settings: LlmSettings, *, source: str, gguf_file: str | None) -> None:
        """Load the folder or hub name `source`, or the GGUF file in it."""
        if settings.threads:
            torch.set_num_threads(settings.threads)
        options = {"gguf_file": gguf_file} if gguf_file else {}
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer: Any = AutoTokenizer.from_pretrained(source, **options)
        load: Any = AutoModelForCausalLM.from_pretrained
        self._model = load(source, **options)
        self._model.to(device).eval()
        wished = settings.context_tokens or CONTEXT_TOKENS
        most = getattr(self._model.config, "max_position_embeddings", None)
        self.context_tokens = min(wished, most or wished)

    def generate(
        self, request: Request, *, put: Callable[[Piece], None], stop: threading.Event
    ) -> None:
        """Put the reply piece by piece, and return soon after `stop` is set."""
        if stop.is_set():
            return
        inputs = self._encoded(request.messages)
        if request.seed is not None:
            torch.manual_seed(request.seed)
        drawn = {"temperature": request.temperature} if request.temperature > 0 else {}
        with torch.inference_mode():
            output = self._model.generate(
                **inputs,
                **drawn,
                do_sample=request.temperature > 0,
                max_new_tokens=request.max_tokens,
                stopping_criteria=StoppingCriteriaList([_Stopped(stop)]),
                streamer=_Pieces(self._tokenizer, put),
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id,
            )
        asked = inputs["input_ids"].shape[1]
        answered = output.shape[1] - asked
        finish = CUT_OFF if answered >= request.max_tokens else "stop"
        put(Piece(finish=finish, usage=Usage(input_tokens=asked, output_tokens=answered)))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Say how many tokens a prompt has."""
        return int(self._encoded(messages)["input_ids"].shape[1])

    def _encoded(self, messages: Sequence[Message]) -> Any:
        if self._tokenizer.chat_template is None:
            plain = "\n\n".join(one["content"] for one in messages)
            return self._tokenizer(f"{plain}\n\n", return_tensors="pt").to(self._model.device)
        inputs = self._tokenizer.apply_chat_template(
            [dict(one) for one in messages],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        return inputs.to(self._model.device)


class _Stopped(StoppingCriteria):
    """Ends a generation at the next token once nobody listens."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def __call__(self, input_ids: torch.Tensor, scores: Any, **options: Any) -> torch.Tensor:
        return torch.full(
            (input_ids.shape[0],), self._stop.is_set(), device=input_ids.device, dtype=torch.bool
        )


class _Pieces(TextStreamer):
    """Hands words on as soon as they are whole."""

    def __init__(self, tokenizer: Any, put: Callable[[Piece], None]) -> None:
        super().__init__(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._put = put

    def on_finalized_text(self, text: str, stream_end: bool = False) -> None:  # noqa: FBT001, FBT002
        self._put(Piece(text=text))
