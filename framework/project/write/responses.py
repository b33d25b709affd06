"""Responses -> their variations with the keys that a domain gives them."""

from __future__ import annotations

from typing import Any

from framework.project.schema.domain import Response, ResponseVariation


def write_variations(response: Response) -> tuple[dict[str, Any], ...]:
    """Give the variations of a response so that they read back to equal ones."""
    return tuple(_variation(variation) for variation in response.variations)


def _variation(variation: ResponseVariation) -> dict[str, Any]:
    keys = {
        "text": variation.text,
        "image": variation.image,
        "buttons": [dict(button) for button in variation.buttons],
        "button_type": variation.button_type,
        "quick_replies": [dict(reply) for reply in variation.quick_replies],
        "elements": [dict(element) for element in variation.elements],
        "attachment": variation.attachment,
        "custom": variation.custom,
        "channel": variation.channel,
        "condition": [
            {"type": "slot", "name": condition.slot, "value": condition.value}
            for condition in variation.conditions
        ],
        "id": variation.id,
        "metadata": dict(variation.metadata),
        "language": variation.language,
        "rephrase": variation.rephrase or None,
        "generate": variation.generate,
    }
    return {key: value for key, value in keys.items() if value not in (None, [], {})}
