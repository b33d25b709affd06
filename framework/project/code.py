"""The bot's own Python: imported from its folder, its classes found without registration.

Each folder is imported under a private module name, so that two bots in one process don't meet.
Inside it imports resolve as if the project's folder were the working one: `from .api import …`,
`from actions.api import …`, modules beside the folder. `sys.path` is left alone.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import inspect
import itertools
import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from framework.errors import Location, Problem, ProjectError
from framework.project.files import label, walk
from framework.project.outline import CODE_PLACES, imports

logger = logging.getLogger(__name__)

T = TypeVar("T")

SDK = "rasa_sdk"
_PREFIX = "_frame_bot_"
_PROJECT_MARKS = ("config.yml", "domain.yml", "domain")
_numbers = itertools.count()


@dataclass(frozen=True, kw_only=True)
class BotCode:
    """The imported code of one bot.

    Attributes:
        modules: in file order.
        problems: errors of modules that failed, warnings about those left to an action server.
    """

    modules: tuple[ModuleType, ...] = ()
    problems: tuple[Problem, ...] = ()

    def classes(self, base: type[T]) -> dict[str, type[T]]:
        """Give the concrete subclasses of a base defined in this code, by their `name`."""
        own = {module.__name__ for module in self.modules}
        found: dict[str, type[T]] = {}
        for module in self.modules:
            for value in vars(module).values():
                if (
                    inspect.isclass(value)
                    and issubclass(value, base)
                    and value is not base
                    and value.__module__ in own
                    and not inspect.isabstract(value)
                ):
                    given = getattr(value, "name", None)
                    name = given if isinstance(given, str) else value.__name__
                    if found.setdefault(name, value) is not value:
                        _warn_of_twin(name, found[name], value)
                        found[name] = value
        return found


def _warn_of_twin(name: str, first: type, second: type) -> None:
    """Say that two classes have one name; a subclass that keeps its base's name is no accident."""
    if not issubclass(second, first):
        places = [inspect.getsourcefile(one) or one.__module__ for one in (first, second)]
        logger.warning(
            "two classes are named %r: %s in %s is not used, since %s in %s comes later",
            name,
            first.__name__,
            Path(places[0]).name,
            second.__name__,
            Path(places[1]).name,
        )


def load_classes(folder: Path, base: type[T]) -> dict[str, type[T]]:
    """Import a bot's code and give its subclasses of a base, by their `name`.

    Args:
        folder: the folder of the code (`mybot/actions`), a single file, or the project's folder.
        base: the class to look for subclasses of.

    Raises:
        ProjectError: a module can't be imported; each failure has its file and line.
    """
    code = load_code(folder)
    for problem in code.problems:
        if problem.severity == "warning":
            logger.warning("%s", problem)
    if any(problem.severity == "error" for problem in code.problems):
        raise ProjectError(code.problems)
    return code.classes(base)


_loaded: dict[Path, tuple[object, BotCode]] = {}


def load_code(folder: Path) -> BotCode:
    """Import all modules of a bot's code; a folder that hasn't changed is imported once."""
    place = _place(folder.resolve())
    paths = tuple(walk(place, (".py",)))
    stamp = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    known = _loaded.get(place)
    if known is not None and known[0] == stamp:
        return known[1]
    code = _import_all(place, paths)
    _loaded[place] = (stamp, code)
    return code


def _place(folder: Path) -> Path:
    """Give where the code lies: the path itself, or `actions` inside a project's folder."""
    if folder.is_dir() and any((folder / mark).exists() for mark in _PROJECT_MARKS):
        inside = (folder / name for name in CODE_PLACES)
        return next((path for path in inside if path.exists()), folder / CODE_PLACES[0])
    return folder


def _import_all(place: Path, paths: Sequence[Path]) -> BotCode:
    if not paths:
        return BotCode()
    importlib.invalidate_caches()
    root = place.parent
    namespace = _Namespace(root=root, place=place)
    modules: list[ModuleType] = []
    problems: list[Problem] = []
    has_server = importlib.util.find_spec(SDK) is None and any(_imports(p, SDK) for p in paths)
    for path in paths:
        if has_server and _imports(path, SDK):
            problems.append(_server_problem(path, root))
            continue
        try:
            modules.append(importlib.import_module(namespace.module_name(path)))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a bot's code may raise anything
            if has_server and not _imports(path, "framework"):
                logger.info("%s is left to the action server: %s", label(path, root), error)
                continue
            problems.append(_import_problem(error, path, root))
    return BotCode(modules=tuple(modules), problems=tuple(problems))


def _imports(path: Path, package: str) -> bool:
    try:
        return imports(path.read_text("utf-8"), package)
    except (OSError, UnicodeDecodeError):
        return False


def _server_problem(path: Path, root: Path) -> Problem:
    return Problem(
        id="needs-action-server",
        severity="warning",
        message=f"the actions of this file need {SDK}, which is not installed: they are left to "
        "the action server",
        where=Location(file=label(path, root)),
        hint="`pip install rasa-sdk` runs them here; `action_endpoint` in endpoints.yml runs "
        "them there",
    )


def _import_problem(error: BaseException, path: Path, root: Path) -> Problem:
    where = Location(file=label(path, root))
    if isinstance(error, SyntaxError) and error.filename:
        where = Location(
            file=label(Path(error.filename), root),
            line=error.lineno or 0,
            column=(error.offset or 0) if error.lineno else 0,
        )
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(root):
                file = label(Path(frame.filename), root)
                where = Location(file=file, line=frame.lineno or 0)
    hint = ""
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        hint = f"install it: `pip install {error.name.split('.', 1)[0]}`"
    return Problem(
        id="broken-code",
        severity="error",
        message=f"importing {label(path, root)} failed: {type(error).__name__}: {error}",
        where=where,
        hint=hint,
    )


class _Namespace:
    """One private package that stands for the folder around a bot's code."""

    def __init__(self, *, root: Path, place: Path) -> None:
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


_namespaces: dict[str, _Namespace] = {}


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

    def __init__(self, fullname: str, path: str, namespace: _Namespace) -> None:
        super().__init__(fullname, path)
        self._namespace = namespace

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        own = {**vars(builtins), "__import__": self._namespace.import_}
        vars(module)["__builtins__"] = own
        super().exec_module(module)
