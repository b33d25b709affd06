"""The names under which a bot's own Python is imported, so that two bots in one process don't meet.

A namespace is a private package that stands for the folder around the code. Inside it imports
resolve as if that folder were the working one, and `sys.path` is left alone.
"""

from __future__ import annotations

import builtins
import importlib
import itertools
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

_PREFIX = "_frame_bot_"

_STAND_INS = dict.fromkeys(
    ("rasa.shared.core.slots", "rasa.core.slots"), "framework.data.slot_classes"
)
"""Modules of Rasa that a bot's code may import, and those that take their place."""

_numbers = itertools.count()


class Namespace:
    """One private package that stands for the folder around a bot's code.

    Attributes:
        root: that folder.
    """

    def __init__(self, *, root: Path, place: Path) -> None:
        """Make the package.

        Args:
            root: the folder that it stands for.
            place: the code, which lies in it.
        """
        self.root = root
        self._place = place
        self._package = f"{_PREFIX}{next(_numbers)}"
        package = ModuleType(self._package)
        package.__path__ = [str(root)]
        sys.modules[self._package] = package
        _namespaces[self._package] = self
        if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
            sys.meta_path.insert(0, _Finder())

    def module_name(self, path: Path) -> str:
        """Give the private name of a file's module."""
        parts = path.relative_to(self.root).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        return ".".join((self._package, *parts))

    def import_(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        """Do the work of an `import` statement in the bot's code; the signature is Python's."""
        if fromlist and name in _STAND_INS:
            return importlib.import_module(_STAND_INS[name])
        if level == 0 and self._is_own(name.split(".", 1)[0]):
            if fromlist:
                return builtins.__import__(f"{self._package}.{name}", globals, locals, fromlist, 0)
            importlib.import_module(f"{self._package}.{name}")
            return sys.modules[f"{self._package}.{name.split('.', 1)[0]}"]
        return builtins.__import__(name, globals, locals, fromlist or (), level)

    def _is_own(self, top: str) -> bool:
        """Whether a top-level name means a module of the project rather than an installed one."""
        if self.root / top == self._place or (self.root / f"{top}.py") == self._place:
            return True
        if top in sys.stdlib_module_names:  # a script `email.py` beside the bot is not meant
            return False
        return (self.root / f"{top}.py").is_file() or (self.root / top / "__init__.py").is_file()


_namespaces: dict[str, Namespace] = {}


class _Finder:
    """Finds modules below the private packages, and no others."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the spec of a bot's module, with a loader that resolves its imports."""
        top = fullname.split(".", 1)[0]
        if not top.startswith(_PREFIX) or path is None:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path, _namespaces[top])
        return spec


class _Loader(SourceFileLoader):
    """Runs a module whose `import` statements go through its bot's namespace."""

    def __init__(self, fullname: str, path: str, namespace: Namespace) -> None:
        super().__init__(fullname, path)
        self._namespace = namespace

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        own = {**vars(builtins), "__import__": self._namespace.import_}
        vars(module)["__builtins__"] = own
        super().exec_module(module)
