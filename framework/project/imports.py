"""Several projects read as one: the files that `imports:` of a configuration adds."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from framework.project.files import (
    TEST_PREFIX,
    YAML_SUFFIXES,
    ProjectFiles,
    label,
    unreadable,
    walk,
)
from framework.project.findings import Findings
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from framework.project.yaml.source import Source, read_source

IMPORTER = "MultiProjectImporter"
FILE_IMPORTER = "RasaFileImporter"
"""Reads a project's own files, which happens anyway."""

_CONFIG = "config"
_SERVICES = ("endpoints", "credentials")


def importers(root: MappingNode) -> list[tuple[str, Node]]:
    """Give the short names under `importers:` of a configuration, with their places."""
    listed = root.get("importers")
    found: list[tuple[str, Node]] = []
    for item in listed.items if isinstance(listed, SequenceNode) else ():
        name = item.get("name") if isinstance(item, MappingNode) else item
        if isinstance(name, ScalarNode):
            found.append((name.text.rsplit(".", 1)[-1], name))
    return found


def reads_several(root: MappingNode) -> bool:
    """Whether a configuration asks for the projects under its `imports:`."""
    return any(name == IMPORTER for name, _ in importers(root))


def with_imports(files: ProjectFiles, findings: Findings) -> ProjectFiles:
    """Add the data and the domains of imported projects to the training files.

    A folder that is imported is searched for YAML files; a configuration among them, or one that
    is imported itself, may import further projects. Pipelines and services of theirs are not read.

    Args:
        files: of the project itself.
        findings: takes imports that lead nowhere.
    """
    if files.config is None:
        return files
    search = _Search(files, findings)
    search.follow(files.config, is_first=True)
    return replace(files, data=(*files.data, *search.found))


class _Search:
    def __init__(self, files: ProjectFiles, findings: Findings) -> None:
        self.found: list[Path] = []
        self._root = files.root
        self._findings = findings
        taken = (*files.data, *files.domain)
        self._seen = {os.path.realpath(path) for path in taken}

    def follow(self, config: Path, *, is_first: bool = False) -> None:
        """Add what a configuration imports; its own faults are reported where it is read."""
        if self._is_seen(config):
            return
        source = read_source(config, file=label(config, self._root), findings=Findings())
        if source is None or (is_first and not reads_several(source.root)):
            return
        listed = source.root.get("imports")
        for item in listed.items if isinstance(listed, SequenceNode) else ():
            if isinstance(item, ScalarNode):
                self._add(config.parent / item.text, source, item)

    def _add(self, place: Path, source: Source, node: ScalarNode) -> None:
        if not place.exists():
            self._findings.warning(
                "missing-import",
                f"there is no project {node.text!r} to import",
                where=source.where(node),
                hint="give its folder, relative to this configuration",
            )
            return
        for path in walk(place, YAML_SUFFIXES, unreadable(self._root, self._findings)):
            if path.stem == _CONFIG:
                self.follow(path)
            elif path.stem in _SERVICES or path.name.startswith(TEST_PREFIX):
                continue
            elif not self._is_seen(path):
                self.found.append(path)

    def _is_seen(self, path: Path) -> bool:
        real = os.path.realpath(path)
        is_seen = real in self._seen
        self._seen.add(real)
        return is_seen
