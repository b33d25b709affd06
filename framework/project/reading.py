"""A project folder -> everything in it, and every problem met on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from framework.errors import Location
from framework.project.complete import complete_domain
from framework.project.files import (
    TEST_PREFIX,
    PathLike,
    Paths,
    ProjectFiles,
    find_files,
    label,
)
from framework.project.findings import Findings
from framework.project.imports import with_imports
from framework.project.legacy import report_legacy
from framework.project.outline import Outline, outline
from framework.project.read.config import default_config, read_config
from framework.project.read.domain import DomainCollector, read_domain
from framework.project.read.nlu import NluCollector, read_nlu
from framework.project.read.pairs import listed_pairs, read_pairs
from framework.project.read.rasa_json import read_json
from framework.project.read.responses import Mention
from framework.project.read.services import read_credentials, read_endpoints
from framework.project.read.stories import read_rules, read_stories
from framework.project.reader import Reader
from framework.project.schema.config import Config, Credentials, Endpoints
from framework.project.schema.domain import EntityType, Intent
from framework.project.schema.nlu import Example
from framework.project.schema.pairs import Pair
from framework.project.schema.project import Project
from framework.project.schema.stories import Rule, Story
from framework.project.sections import (
    CONTENT_KEYS,
    LATEST_VERSION,
    check_sections,
    check_test_sections,
    version,
)
from framework.project.yaml.source import read_data_source, read_source


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read.

    Attributes:
        project: everything that could be read, without problems.
        has_domain: whether any file declares what the bot knows or can do.
        is_complete: whether every file of the domain and the data could be read.
        mentions: placeholders and payloads inside responses.
        tests: conversations of `stories/` and `tests/`.
        code: the bot's own Python at a glance.
        findings: the problems so far.
        files: what the project consists of.
    """

    project: Project
    has_domain: bool
    is_complete: bool
    mentions: tuple[Mention, ...]
    tests: tuple[Story, ...]
    code: Outline
    findings: Findings
    files: ProjectFiles


@dataclass
class _Content:
    unread: int = 0
    domain: DomainCollector = field(default_factory=DomainCollector)
    nlu: NluCollector = field(default_factory=NluCollector)
    stories: list[Story] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def read(
    path: PathLike,
    *,
    data: Paths = None,
    domain: Paths = None,
    config: PathLike | None = None,
    with_tests: bool = False,
) -> Reading:
    """Read a whole project, going on after every problem.

    Args:
        path: the project's folder.
        data: training files or folders; `data/` when None.
        domain: domain files or folders; `domain.yml`, or else `domain/`, when None.
        config: the configuration; `config.yml` when None.
        with_tests: whether to read the regression conversations, too.
    """
    root = Path(path)
    findings = Findings()
    own = find_files(root, findings, data=data, domain=domain, config=config)
    files = with_imports(own, findings)
    content = _Content()
    for file in files.domain:
        _read_content(file, files.root, content, findings, is_domain=True)
    for file in files.data:
        _read_content(file, files.root, content, findings, is_domain=False)
    for file in files.json:
        read_json(file, files.root, content.nlu, findings)
    report_legacy(
        files,
        findings,
        has_nlu=bool(content.nlu.examples),
        has_stories=bool(content.stories or content.rules),
    )
    _report_empty(files, content, findings)
    content.nlu.report_bare(findings, severity="error")
    nlu = content.nlu.finish()
    _declare_nlu_only(content, nlu.examples)
    code = outline(root, findings)
    settings = _read_config(files, findings, code)
    project = Project(
        root=root,
        domain=complete_domain(content.domain, nlu, findings),
        nlu=nlu,
        stories=tuple(content.stories),
        rules=tuple(content.rules),
        pairs=_read_pairs(settings, root, findings),
        config=settings,
        endpoints=_read_endpoints(files, findings),
        credentials=_read_credentials(files, findings),
    )
    return Reading(
        project=project,
        has_domain=_declares(content.domain),
        is_complete=content.unread == 0 and not findings.include("unreadable-folder"),
        mentions=tuple(content.domain.mentions),
        tests=tuple(read_test_stories(files.tests, root, findings)) if with_tests else (),
        code=code,
        findings=findings,
        files=files,
    )


def open_reader(path: Path, root: Path, findings: Findings) -> Reader | None:
    """Open a YAML file for reading; None where it can't be read at all."""
    source = read_source(path, file=label(path, root), findings=findings)
    return None if source is None else Reader(source, findings, root=root)


def read_test_stories(
    paths: Iterable[Path],
    root: Path,
    findings: Findings,
    examples: NluCollector | None = None,
    pairs: list[Pair] | None = None,
) -> list[Story]:
    """Read regression conversations; labelled texts and pairs go where they are collected."""
    stories: list[Story] = []
    for path in paths:
        reader = open_reader(path, root, findings)
        if reader is None or version(reader) > LATEST_VERSION:
            continue
        top = reader.source.root
        check_test_sections(reader, top)
        stories += read_stories(reader, top.get("stories"), is_test=True)
        if examples is not None:
            read_nlu(reader, top.get("nlu"), examples)
            examples.report_bare(findings, severity="warning")
        if pairs is not None:
            pairs += listed_pairs(reader)
    return stories


def _read_content(
    path: Path, root: Path, content: _Content, findings: Findings, *, is_domain: bool
) -> None:
    reader = open_reader(path, root, findings) if is_domain else _open_data(path, root, findings)
    if reader is None:
        content.unread += 1
        return
    top = reader.source.root
    found = version(reader)
    if found > LATEST_VERSION:
        content.unread += 1
        return
    check_sections(reader, top, is_domain=is_domain)
    has_version = "version" in top
    read_domain(reader, top, content.domain, is_legacy=not has_version or found < (3, 0))
    read_nlu(reader, top.get("nlu"), content.nlu)
    stories = list(read_stories(reader, top.get("stories")))
    if stories and path.name.startswith(TEST_PREFIX):
        reader.warning(
            "test-file-trained-on",
            "this file is named as a test, but stands among the training data and is learned from",
            top.entries["stories"][0],
            hint="move it to `tests/` or `stories/`",
        )
    content.stories += stories
    content.rules += read_rules(reader, top.get("rules"))


def _open_data(path: Path, root: Path, findings: Findings) -> Reader | None:
    file = label(path, root)
    source = read_data_source(path, file=file, findings=findings, sections=CONTENT_KEYS)
    return None if source is None else Reader(source, findings, root=root)


def _report_empty(files: ProjectFiles, content: _Content, findings: Findings) -> None:
    root = files.root
    if not root.is_dir():
        kind = "is not a folder" if root.exists() else "doesn't exist"
        findings.error(
            "missing-project",
            f"the project {root.as_posix()!r} {kind}",
            where=Location(file=root.as_posix()),
            hint="give the folder that holds config.yml and domain.yml",
        )
        return
    if not (files.domain or files.data or files.config):
        findings.error(
            "empty-project",
            "there is no bot here: no config.yml, no domain.yml, nothing in data/",
            hint="`frame init` writes a bot to start from; --project names another folder",
        )
        return
    has_data = bool(content.nlu.examples or content.stories or content.rules)
    if not has_data and not findings.have_errors:
        findings.error(
            "no-training-data",
            "there are no examples, stories or rules to learn from",
            where=Location(file="data"),
            hint="put them into files in data/, or name their place with --data",
        )
    if not _declares(content.domain) and not findings.have_errors:
        report = findings.error if content.stories or content.rules else findings.warning
        report(
            "missing-domain",
            "there is no domain: no domain.yml, and no file declares intents or responses",
            where=Location(file="domain.yml"),
            hint="write domain.yml, or name its place with --domain",
        )


def _declares(domain: DomainCollector) -> bool:
    return bool(domain.intents or domain.responses or domain.actions or domain.slots)


def _declare_nlu_only(content: _Content, examples: Iterable[Example]) -> None:
    """Where there is labelled text and no domain at all, the labels are the domain."""
    domain = content.domain
    if _declares(domain) or content.stories or content.rules:
        return
    for example in examples:
        name = example.intent.split("/", 1)[0]
        domain.intents.setdefault(name, Intent(name=name))
        for annotation in example.entities:
            entity = EntityType(name=annotation.entity)
            domain.entities.setdefault(annotation.entity, entity)


def _read_config(files: ProjectFiles, findings: Findings, code: Outline) -> Config:
    if files.config is None:
        if files.domain or files.data:
            findings.warning(
                "missing-config",
                "there is no config.yml, so the default pipeline and policies are used",
                where=Location(file="config.yml"),
                hint="write config.yml with at least `language: en`",
            )
        return default_config()
    reader = open_reader(files.config, files.root, findings)
    if reader is None:
        return default_config(Location(file=label(files.config, files.root)))
    return read_config(reader, reader.source.root, own=code.names)


def _read_pairs(config: Config, root: Path, findings: Findings) -> tuple[Pair, ...]:
    if config.seq2seq is None:
        return ()
    named = config.seq2seq.settings.get("data")
    paths = [named] if isinstance(named, str) else named
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        return ()
    return read_pairs(paths, root, findings, where=config.seq2seq.where)


def _read_endpoints(files: ProjectFiles, findings: Findings) -> Endpoints:
    reader = _optional(files.endpoints, files, findings)
    return Endpoints() if reader is None else read_endpoints(reader, reader.source.root)


def _read_credentials(files: ProjectFiles, findings: Findings) -> Credentials:
    reader = _optional(files.credentials, files, findings)
    return Credentials() if reader is None else read_credentials(reader, reader.source.root)


def _optional(path: Path | None, files: ProjectFiles, findings: Findings) -> Reader | None:
    return None if path is None else open_reader(path, files.root, findings)
