"""The bot's own Python: imported from its folder, its classes found without registration.

Each folder is imported under a private name (`framework.project.namespace`). Inside it imports
resolve as if the project's folder were the working one: `from .api import …`,
`from actions.api import …`, modules beside the folder.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from framework import registry
from framework.errors import Location, Problem, ProjectError
from framework.project.files import label, walk
from framework.project.namespace import Namespace
from framework.project.outline import CODE_PLACES, imports

logger = logging.getLogger(__name__)

T = TypeVar("T")

SDK = "rasa_sdk"
PROJECT_MARKS = ("config.yml", "domain.yml", "domain")
"""Files and folders that tell a project's folder from one that holds code."""


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


def find_class(
    kind: registry.Kind, name: str, base: type[T], *, folder: Path | str | None
) -> type[T]:
    """Give the class of a name: a registered one, else one of the bot's own Python.

    Args:
        kind: of extension.
        name: as the configuration has it.
        base: the class that all of this kind derive from.
        folder: the bot's own Python; None where it has none.

    Raises:
        UsageError: nobody provides the name.
        ProjectError: the bot's own Python can't be imported.
    """
    own: dict[str, type[T]] = {}
    if folder is not None and name not in registry.names(kind):
        own = load_classes(Path(folder), base)
    found: type[T] = own.get(name) or registry.find(kind, name)
    return found


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


def load_class(folder: Path, dotted: str, base: type[T]) -> type[T]:
    """Import one class of a project by its dotted path, from the project's files alone and anew.

    Args:
        folder: the project's folder, or its code as for `load_classes`.
        dotted: module and class, as imports from the project's folder would name them.
        base: what the class must derive from.

    Raises:
        ProjectError: the project has no such class, or importing it failed.
    """
    root = _place(folder.resolve()).parent
    module, _, name = dotted.rpartition(".")
    path = root.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        raise ProjectError([_missing_class(dotted, f"there is no {label(path, root)}")])
    importlib.invalidate_caches()
    namespace = Namespace(root=root, place=path)
    try:
        found = getattr(importlib.import_module(namespace.module_name(path)), name, None)
    except (Exception, SystemExit) as error:
        raise ProjectError([_import_problem(error, path, root)]) from error
    if not inspect.isclass(found) or not issubclass(found, base):
        reason = f"{label(path, root)} has no class {name} that derives from {base.__name__}"
        raise ProjectError([_missing_class(dotted, reason)])
    return found


def _missing_class(dotted: str, reason: str) -> Problem:
    return Problem(id="missing-class", severity="error", message=f"{dotted}: {reason}")


def _place(folder: Path) -> Path:
    """Give where the code lies: the path itself, or `actions` inside a project's folder."""
    if folder.is_dir() and any((folder / mark).exists() for mark in PROJECT_MARKS):
        inside = (folder / name for name in CODE_PLACES)
        return next((path for path in inside if path.exists()), folder / CODE_PLACES[0])
    return folder


def _import_all(place: Path, paths: Sequence[Path]) -> BotCode:
    if not paths:
        return BotCode()
    importlib.invalidate_caches()
    root = place.parent
    namespace = Namespace(root=root, place=place)
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
    hint = "mend it there; `frame check` looks at the code without running it"
    if "circular import" in str(error):
        hint = "move what both modules need into a third one, or import it inside a function"
    elif isinstance(error, ModuleNotFoundError) and error.name is not None:
        hint = f"install it: `pip install {error.name.split('.', 1)[0]}`"
    return Problem(
        id="broken-code",
        severity="error",
        message=f"importing {label(path, root)} failed: {type(error).__name__}: {error}",
        where=where,
        hint=hint,
    )
