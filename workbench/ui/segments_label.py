"""What stands beside a speaker whose turn is not the speaker's own words."""

from __future__ import annotations

from workbench.i18n import t


def status_tag(status: str, speaks_for: str | None) -> str:
    """A quiet word for what a turn is, empty for own words."""
    if status == "verbatim":
        return ""
    if status == "interpreted" and speaks_for:
        return t("segments.tag_for.interpreted", who=speaks_for)
    return t(f"segments.tag.{status}")


def speaker_with_tag(speaker: str | None, status: str, speaks_for: str | None) -> str | None:
    """The speaker's label with the tag behind it; the tag alone where nobody is named."""
    return " · ".join(part for part in (speaker, status_tag(status, speaks_for)) if part) or None
