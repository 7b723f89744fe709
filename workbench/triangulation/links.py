"""Links from a theme to a number, and what each level of linking may and may not do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, cast, get_args
from uuid import UUID

from coding_schemes import Scheme
from coding_schemes.vocabulary import LevelId
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t

TargetKind = Literal["factor", "indicator", "outcome", "subgroup", "estimate"]
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
Use = Literal[
    "side_by_side",
    "cross_strand_test",
    "paired_test",
    "rank_correlation",
    "presence_by_group",
    "difference_test_in_numbers",
    "direction_concordance",
    "interval_classification",
    "verdict",
    "overlay",
]
USES: tuple[Use, ...] = get_args(Use)
# Printed with every joint display, whatever the level; those of one study stand in its scheme.
GENERAL_CAVEATS = ("purposive", "no_null", "stars", "frequency", "uncoded")


@dataclass(frozen=True)
class LinkTarget:
    """What a theme is linked with: `factor:b_danish`, `outcome:education`, `estimate:<uuid>` ..."""

    kind: TargetKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class LinkLevel:
    """A level at which words and numbers may meet.

    uses : what may be done with a link of this level. screen_only : a report could show a person.
    """

    id: LevelId
    uses: frozenset[Use]
    screen_only: bool = False

    def require(self, use: Use) -> None:
        """Raise InvalidRequestError, with the reason, if the level does not allow this use."""
        if use not in USES:
            raise InvalidRequestError(t("errors.no_link_use", use=use, known=", ".join(USES)))
        if use not in self.uses:
            raise InvalidRequestError(
                t(
                    "triangulation.level_refuses",
                    use=t(f"triangulation.use.{use}"),
                    level=self.name(),
                    reason=self.may_not(),
                )
            )

    def name(self, language: Language | None = None) -> str:
        """The level in words."""
        return t(f"triangulation.level.{self.id}.name", language=language)

    def may(self, language: Language | None = None) -> str:
        """What the level allows, in a sentence."""
        return t(f"triangulation.level.{self.id}.may", language=language)

    def may_not(self, language: Language | None = None) -> str:
        """What the level does not allow, in a sentence."""
        return t(f"triangulation.level.{self.id}.may_not", language=language)

    def caveat(self, language: Language | None = None) -> str:
        """The reservation that is printed wherever a link of this level is shown."""
        return t(f"triangulation.level.{self.id}.caveat", language=language)

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """Id, uses and texts as plain JSON values."""
        return {
            "id": self.id,
            "uses": sorted(self.uses),
            "screen_only": self.screen_only,
            "name": self.name(language),
            "may": self.may(language),
            "may_not": self.may_not(language),
            "caveat": self.caveat(language),
        }


def _level(level_id: LevelId, *uses: Use, screen_only: bool = False) -> LinkLevel:
    return LinkLevel(level_id, frozenset(("side_by_side", *uses)), screen_only)


LINK_LEVELS: Mapping[LevelId, LinkLevel] = MappingProxyType(
    {
        level.id: level
        for level in (
            _level("person", "cross_strand_test"),
            _level("dyad", "paired_test"),
            _level("municipality", "rank_correlation", screen_only=True),
            _level("subgroup", "difference_test_in_numbers", "verdict"),
            _level("actor_group", "presence_by_group", "verdict"),
            _level("construct", "direction_concordance", "verdict"),
            _level("effect", "interval_classification", "verdict"),
            _level("time", "overlay"),
        )
    }
)


@dataclass(frozen=True)
class Link:
    """A theme or code, the number beside it, and the level at which they meet."""

    theme: str
    target: LinkTarget
    level: LinkLevel
    by: str | None = None
    note: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {
            "theme": self.theme,
            "target": str(self.target),
            "level": self.level.id,
            "by": self.by,
            "note": dict(self.note or {}),
        }


def link_level(level_id: str) -> LinkLevel:
    """The level of that id. Raises InvalidRequestError naming the levels if there is none."""
    if level_id not in LINK_LEVELS:
        raise InvalidRequestError(t("errors.no_link_level", level=level_id, known=", ".join(LINK_LEVELS)))
    return LINK_LEVELS[cast(LevelId, level_id)]


def parse_target(text: str) -> LinkTarget:
    """The target written as `kind:id`; `str(target)` writes it back.

    Raises InvalidRequestError if the kind is unknown, the id empty, or the id of an estimate is no UUID.
    """
    kind, colon, name = (part.strip() for part in text.partition(":"))
    if not colon or kind not in TARGET_KINDS or not name:
        raise InvalidRequestError(t("errors.no_link_target", given=text, kinds=", ".join(TARGET_KINDS)))
    if kind == "estimate":
        try:
            name = str(UUID(name))
        except ValueError as error:
            raise InvalidRequestError(t("errors.estimate_by_uuid", given=text)) from error
    return LinkTarget(kind, name)


def links_from_crosswalk(scheme: Scheme) -> tuple[Link, ...]:
    """The links that a scheme's crosswalk lays down, in its order."""
    return tuple(
        Link(
            theme=entry.theme,
            target=LinkTarget(entry.kind, entry.target),
            level=link_level(entry.level),
            by=entry.by,
            note=entry.note,
        )
        for entry in scheme.crosswalk
    )


def caveats(levels: Collection[str], language: Language | None = None) -> tuple[str, ...]:
    """The fixed reservations for a display that uses these levels: general ones, then one a level."""
    general = tuple(t(f"triangulation.caveat.{name}", language=language) for name in GENERAL_CAVEATS)
    return general + tuple(
        level.caveat(language) for level_id, level in LINK_LEVELS.items() if level_id in levels
    )
