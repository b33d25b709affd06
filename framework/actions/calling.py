"""Calling the bot's own code: a coroutine is awaited, a plain function gets a thread."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any


async def call(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function of the bot without holding up other conversations.

    A plain function runs in a thread, with the context variables of the caller.
    """
    if inspect.iscoroutinefunction(function):
        return await function(*args)
    result = await asyncio.to_thread(function, *args)
    return await result if inspect.isawaitable(result) else result
