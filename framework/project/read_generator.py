"""`seq2seq:` -> the generator of replies with its settings, checked against the class."""

from __future__ import annotations

from framework import registry
from framework.errors import UsageError
from framework.project.nodes import MappingNode, Node, ScalarNode, is_null, plain
from framework.project.reader import Reader
from framework.project.schema.config import PartConfig
from framework.project.settings import check_settings

NAME = "seq2seq"


def read_generator(reader: Reader, node: Node | None) -> PartConfig | None:
    """Read the section; a text alone names the file of questions and answers."""
    if node is None:
        return None
    settings = plain(node)
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        settings = {"data": node.value}
    if is_null(node) or not isinstance(settings, dict):
        hint = "give `data:` with a file of questions and answers"
        reader.error("wrong-type", f"`{NAME}:` must be a mapping", node, hint=hint)
        return None
    part = PartConfig(name=NAME, settings=settings, written_as=NAME, where=reader.where(node))
    before = reader.findings.count_errors()
    check_settings(reader, "response", part, node)
    if reader.findings.count_errors() > before:
        return None
    try:
        registry.find("response", NAME)(**settings)
    except UsageError as error:
        reader.error("wrong-setting", error.message, _place(node, error.message), hint=error.hint)
        return None
    return part


def _place(node: Node, message: str) -> Node:
    """Give the key that a message is about, else the section."""
    for key, _ in node.items() if isinstance(node, MappingNode) else ():
        if f"`{key.text}`" in message:
            return key
    return node
