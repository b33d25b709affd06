"""A language model in a GGUF file, run by llama-cpp-python (extra `llm`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp

from framework.responses.generative.base import Message, Piece, Request, Usage
from framework.responses.generative.settings import LlmSettings

CONTEXT_TOKENS = 2048
"""What is asked of the model where the settings don't say: memory grows with it."""

_TOKENS_OF_A_MESSAGE = 8


class LlamaEngine:
    """Runs one GGUF file; a prompt that begins like the last one is read faster."""

    def __init__(self, settings: LlmSettings, *, source: str, gguf_file: str) -> None:
        """Open the file `gguf_file` of the folder `source`."""
        self._llama: Any = llama_cpp.Llama(
            model_path=str(Path(source) / gguf_file),
            n_ctx=settings.context_tokens or CONTEXT_TOKENS,
            n_threads=settings.threads,
            n_threads_batch=settings.threads,
            verbose=False,
        )
        self.context_tokens = int(self._llama.n_ctx())

    def generate(
        self, request: Request, *, put: Callable[[Piece], None], stop: threading.Event
    ) -> None:
        """Put the reply piece by piece, and return soon after `stop` is set."""
        if stop.is_set():
            return
        chunks = self._llama.create_chat_completion(
            messages=[dict(message) for message in request.messages],
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            stop=list(request.stop),
            seed=request.seed,
            stream=True,
        )
        said = 0
        for chunk in chunks:
            choice = chunk["choices"][0]
            text = choice["delta"].get("content") or ""
            said += bool(text)
            put(Piece(text=text, finish=choice.get("finish_reason")))
            if stop.is_set():
                chunks.close()
                break
        asked = self.count_tokens(request.messages)
        put(Piece(usage=Usage(input_tokens=asked, output_tokens=said)))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Say how many tokens a prompt has."""
        return sum(
            _TOKENS_OF_A_MESSAGE
            + len(self._llama.tokenize(one["content"].encode(), add_bos=False, special=False))
            for one in messages
        )
