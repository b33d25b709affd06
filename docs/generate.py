"""Write the parts of the documentation that follow from the code.

A page keeps a generated part between the lines `<!-- generated: NAME -->` and `<!-- end -->`. Run
without arguments it rewrites them; with `--check` it only says which pages are out of date, and
exits with 1 if any is.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import framework
from framework import registry
from framework.cli.main import COMMANDS
from framework.project import rasa
from framework.project.read.config import OWN_SECTIONS
from framework.project.read.generator import NAME as GENERATOR
from framework.project.read.services import SETTINGS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "framework"
PAGES = (PACKAGE / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

FLOW = (
    "errors.py",
    "registry.py",
    "learning",
    "project",
    "data",
    "nlu",
    "conversation",
    "policies",
    "actions",
    "responses",
    "assistant",
    "training",
    "evaluation",
    "channels",
    "server",
    "cli",
    "testing",
)
"""Top-level modules in the order in which they may import one another."""

_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def modules() -> list[Path]:
    """List the modules of the package in the order of the flow, templates left out."""
    found = [
        path
        for path in PACKAGE.rglob("*.py")
        if "templates" not in path.parts and (path.parent / "__init__.py").exists()
    ]
    return sorted(found, key=_place)


def _place(path: Path) -> tuple[int, tuple[str, ...], bool, str]:
    top = path.relative_to(PACKAGE).parts[0]
    order = FLOW.index(top) + 1 if top in FLOW else (0 if top == "__init__.py" else len(FLOW) + 1)
    return order, path.parent.parts, path.name != "__init__.py", path.name


def summary(path: Path) -> str:
    """Give the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def map_of_the_code() -> Iterator[str]:
    """One line for each module, a heading for each folder."""
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        if path.name != "__init__.py" or path.parent == PACKAGE:
            yield f"- `{name}`: {summary(path)}"
        else:
            level = "#" * len(path.relative_to(PACKAGE).parts)
            yield f"\n{level} `{name.removesuffix('__init__.py')}`\n\n{summary(path)}\n"


def components() -> Iterator[str]:
    """Every NLU component with its settings."""
    yield from _extensions("component")


def policies() -> Iterator[str]:
    """Every policy with its settings."""
    yield from _extensions("policy")


def sections() -> Iterator[str]:
    """Every section of the configuration that sets up one class, with its settings."""
    return _sections({**OWN_SECTIONS, GENERATOR: registry.BUILT_IN["response"][GENERATOR]})


def services() -> Iterator[str]:
    """Every service of Frame's own, with its settings."""
    return _sections(SETTINGS)


def _sections(classes: Mapping[str, str]) -> Iterator[str]:
    for name, path in classes.items():
        part = registry.load_object(path)
        first_line = (inspect.getdoc(part) or "").partition("\n")[0]
        yield f"### `{name}`\n\n{first_line}\n"
        yield from _table(("setting", "type", "default", "meaning"), _settings(part))


def _extensions(kind: registry.Kind) -> Iterator[str]:
    for name in registry.names(kind):
        part = registry.find(kind, name)
        first_line = (inspect.getdoc(part) or "").partition("\n")[0]
        yield f"### `{name}`\n\n{first_line}\n"
        settings = list(_settings(part))
        yield from (
            _table(("setting", "type", "default", "meaning"), settings)
            if settings
            else ("It has no settings.\n",)
        )


def _settings(part: type) -> Iterator[tuple[str, str, str, str]]:
    meanings = _arguments(inspect.getdoc(part.__init__) or "")  # type: ignore[misc]
    meanings = meanings or _arguments(inspect.getdoc(part) or "")
    for name, parameter in inspect.signature(part).parameters.items():
        annotation = str(parameter.annotation)
        default = "required" if parameter.default is parameter.empty else f"`{parameter.default!r}`"
        default = "none" if "factory" in default else default
        yield f"`{name}`", f"`{annotation}`", default, meanings.get(name, "")


def _arguments(docstring: str) -> dict[str, str]:
    """Read the `Args:` or `Attributes:` section of a Google docstring."""
    found: dict[str, str] = {}
    name = ""
    section = re.search(r"(?:Args|Attributes):\n((?:[ ]+.*\n?|\n)+)", docstring)
    for line in section.group(1).splitlines() if section else ():
        start = re.match(r" {4}(\w+)(?: \([^)]*\))?: (.*)", line)
        if start:
            name, found[start.group(1)] = start.group(1), start.group(2)
        elif name and line.strip():
            found[name] += f" {line.strip()}"
        else:
            name = ""
    return found


def commands() -> Iterator[str]:
    """Every command with its arguments."""
    for command in COMMANDS:
        parser = argparse.ArgumentParser(add_help=False)
        registry.load_object(f"{command.module}:add_arguments")(parser)
        yield f"## `frame {command.name}`\n\n{command.summary.capitalize()}."
        if command.aliases:
            yield f"Also: {', '.join(f'`frame {alias}`' for alias in command.aliases)}."
        yield ""
        rows = [_argument(action) for action in parser._actions if action.help != argparse.SUPPRESS]
        yield from _table(("argument", "meaning"), rows)


def _argument(action: argparse.Action) -> tuple[str, str]:
    value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    if action.choices is not None:
        value = "{" + ",".join(str(choice) for choice in action.choices) + "}"
    takes_value = action.nargs != 0
    if not action.option_strings:
        return f"`{value}`", action.help or ""
    named = ", ".join(action.option_strings) + (f" {value}" if takes_value else "")
    return f"`{named}`", (action.help or "").replace("%(default)s", str(action.default))


def public_names() -> Iterator[str]:
    """Every public name with its first line."""
    rows = []
    for name in framework.__all__:
        first_line = (inspect.getdoc(getattr(framework, name)) or "").partition("\n")[0]
        rows.append((f"`{name}`", first_line))
    yield from _table(("name", "what it is"), rows)


def rasa_names() -> Iterator[str]:
    """What each name of Rasa's becomes, components before policies."""
    for title, names in (("component", rasa.COMPONENTS), ("policy", rasa.POLICIES)):
        rows = []
        for name, becomes in names.items():
            options = ", ".join(
                f"`{old}`" if old == new else f"`{old}` as `{new}`"
                for old, new in becomes.options.items()
            )
            frame = f"`{becomes.frame}`" if becomes.frame else "nothing"
            note = f"not in Rasa 3: {becomes.note}" if becomes.is_removed else becomes.note
            rows.append((f"`{name}`", frame, options or "none", note))
        yield from _table((f"Rasa's {title}", "becomes", "options that it keeps", "note"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "commands": commands,
    "python": public_names,
    "rasa": rasa_names,
    "map": map_of_the_code,
    "components": components,
    "policies": policies,
    "sections": sections,
    "services": services,
}


def rewrite(text: str) -> str:
    """Give a page's text with its generated parts made anew."""

    def part(match: re.Match[str]) -> str:
        body = "\n".join(PARTS[match.group(2)]()).strip("\n")
        return f"{match.group(1)}{body}\n{match.group(4)}"

    return _PART.sub(part, text)


def main() -> int:
    """Rewrite or check every page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    stale = [page for page in PAGES if rewrite(text := page.read_text(encoding="utf-8")) != text]
    for page in stale:
        sys.stdout.write(f"{'out of date' if check else 'written'}: {page.relative_to(ROOT)}\n")
        if not check:
            page.write_text(rewrite(page.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
