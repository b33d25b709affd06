"""The cache of the Hugging Face hub on this machine, looked at without the hub's own package."""

from __future__ import annotations

import os
from pathlib import Path


def is_cached(name: str) -> bool:
    """Say whether a model of the hub, `owner/name`, was fetched before."""
    home = os.environ.get("HF_HOME", "~/.cache/huggingface")
    cache = Path(os.environ.get("HF_HUB_CACHE", f"{home}/hub")).expanduser()
    return (cache / f"models--{name.replace('/', '--')}").is_dir()
