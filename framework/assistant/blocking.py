"""Runs coroutines for callers that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_PATIENCE_SECONDS, _MOST_ROUNDS = 0.5, 10
"""What tasks get for coming to their ends when a loop is closed."""


class BackgroundLoop:
    """An event loop in a thread of its own, started when it is first needed.

    It works wherever the caller is, inside a running event loop (a notebook) too.
    """

    def __init__(self) -> None:
        """Make the loop; nothing is started yet."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end and give its result; an interruption cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the thread; the next `run` starts another one."""
        with self._starting:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            if thread is not threading.current_thread():
                thread.join()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="frame-loop", daemon=True
                )
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(_end(loop))
    finally:
        loop.close()


async def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Let go of all that is still open: tasks that nobody waits for, generators, threads."""
    for task in _others():
        task.cancel()
    await _settle()
    await loop.shutdown_default_executor()
    await loop.shutdown_asyncgens()
    await _settle()


async def _settle() -> None:
    """Let tasks come to their ends; one that closes a generator may set further ones free."""
    await asyncio.sleep(0)
    for _ in range(_MOST_ROUNDS):
        left = _others()
        if not left:
            return
        await asyncio.wait(left, timeout=_PATIENCE_SECONDS)
        await asyncio.sleep(0)


def _others() -> set[asyncio.Task[Any]]:
    current = asyncio.current_task()
    return {task for task in asyncio.all_tasks() if task is not current}
