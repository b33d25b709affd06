"""Language models in this process: loaded once, run in a thread of their own, stopped when unheard.

One thread for one model: requests wait in line, and the waiting counts towards their time limit.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from framework.errors import FrameError
from framework.responses.generative.base import ChatModel, Message, ModelError, Piece, Request


class Engine(Protocol):
    """A loaded model; all of it is called in one thread.

    Attributes:
        context_tokens: how long prompt and reply may be together.
    """

    context_tokens: int

    def generate(
        self, request: Request, *, put: Callable[[Piece], None], stop: threading.Event
    ) -> None:
        """Put the reply piece by piece, and return soon after `stop` is set."""

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Say how many tokens a prompt has."""


class LocalModel(ChatModel):
    """Bridges a blocking model to asynchronous callers of any event loop."""

    def __init__(self, load: Callable[[], Engine], *, load_timeout_seconds: float) -> None:
        """Take what loads the model; it is called when the model is first needed."""
        self._load = load
        self._load_timeout_seconds = load_timeout_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frame-llm")
        self._loading: Future[Engine] | None = None
        self._lock = threading.Lock()
        self.context_tokens = 0

    async def prepare(self) -> None:
        """Wait until the model is loaded; it goes on loading when the caller gives up."""
        await self._engine()

    async def stream(self, request: Request) -> AsyncGenerator[Piece, None]:
        """Run the model in its thread; leaving the iterator stops it at the next token."""
        engine = await self._engine()
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Piece | BaseException | None] = asyncio.Queue()
        stop = threading.Event()

        def put(item: Piece | BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def run() -> None:
            try:
                engine.generate(request, put=put, stop=stop)
            except Exception as error:  # noqa: BLE001  # handed to whoever waits for the reply
                put(error)
            put(None)

        running = self._thread.submit(run)
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise _fault("the language model failed", item) from item
                yield item
        finally:
            stop.set()
            running.cancel()

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Count with the model's own tokenizer."""
        engine = await self._engine()
        return await asyncio.wrap_future(self._thread.submit(engine.count_tokens, messages))

    async def _engine(self) -> Engine:
        with self._lock:
            if self._loading is None:
                self._loading = self._thread.submit(self._load)
        loading = asyncio.wrap_future(self._loading)
        try:
            engine = await asyncio.wait_for(asyncio.shield(loading), self._load_timeout_seconds)
        except TimeoutError as error:
            raise ModelError("the language model is still being loaded") from error
        except Exception as error:
            raise _fault("the language model can't be loaded", error) from error
        self.context_tokens = engine.context_tokens
        return engine


def _fault(what: str, error: BaseException) -> ModelError:
    if isinstance(error, ModelError):
        return error
    if isinstance(error, FrameError):
        return ModelError(f"{what}: {error.message}", hint=error.hint)
    told = (str(error).strip().splitlines() or [""])[0]
    return ModelError(f"{what}: {type(error).__name__}{f': {told}' if told else ''}")
