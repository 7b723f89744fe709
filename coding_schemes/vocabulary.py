"""The fixed words of coding schemes: languages, text fields, kinds and levels of links, directions."""

from __future__ import annotations

from typing import Literal, get_args

LANGUAGES: tuple[str, ...] = ("da", "en")
TEXT_FIELDS: tuple[str, ...] = ("label", "definition", "include", "exclude", "example")
TargetKind = Literal["factor", "indicator", "outcome", "subgroup"]
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
LevelId = Literal["person", "dyad", "municipality", "subgroup", "actor_group", "construct", "effect", "time"]
LEVELS: tuple[LevelId, ...] = get_args(LevelId)
GoodDirection = Literal["up", "down", "open"]
GOOD_DIRECTIONS: tuple[GoodDirection, ...] = get_args(GoodDirection)
