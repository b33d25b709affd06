"""`seq2seq:` -> the generator of replies with its settings, checked against the class."""

from __future__ import annotations

from framework import registry
from framework.project.reader import Reader
from framework.project.schema.config import PartConfig
from framework.project.settings import check_section
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, plain

NAME = "seq2seq"


def read_generator(reader: Reader, node: Node | None) -> PartConfig | None:
    """Read the section; a text alone names the file of questions and answers."""
    if node is None:
        return None
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        key = ScalarNode("data", "data", "", node.line, node.column)
        node = MappingNode({"data": (key, node)}, node.line, node.column)
    if not check_section(reader, NAME, node, registry.find("response", NAME)):
        return None
    return PartConfig(
        name=NAME, settings=plain(node) or {}, written_as=NAME, where=reader.where(node)
    )
