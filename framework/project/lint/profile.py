"""Profiles: whether slots that outlive conversations have a place to be kept in."""

from __future__ import annotations

from framework.project.lint.names import Names
from framework.project.schema.config import PROFILE_STORE


def check_profile(names: Names) -> None:
    """Warn of profile slots that end with the process, and of a store that keeps nothing."""
    kept = [slot for slot in names.domain.slots.values() if slot.profile]
    service = names.project.endpoints.services.get(PROFILE_STORE)
    if kept and service is None:
        names.findings.warning(
            "profile-in-memory",
            f"the slot {kept[0].name!r} is part of the profile, which ends with the process",
            where=kept[0].where,
            hint=f"name a place for it under `{PROFILE_STORE}:` in endpoints.yml",
        )
    if service is not None and not kept:
        names.findings.warning(
            "unused-profile-store",
            f"`{PROFILE_STORE}` keeps nothing: no slot is marked `profile: true`",
            where=service.where,
            hint=f"mark the slots that outlive conversations, or remove `{PROFILE_STORE}:`",
        )
