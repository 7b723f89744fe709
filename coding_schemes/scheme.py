"""What a coding scheme is: codes in a tree, actor groups, and the crosswalk to numbers.

Reading and writing files is left to `coding_schemes.files`; what makes a scheme coherent to `coherence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from coding_schemes.coherence import check_scheme
from coding_schemes.errors import SchemeError
from coding_schemes.vocabulary import LANGUAGES, TEXT_FIELDS, GoodDirection, LevelId, TargetKind

CODE_NAMESPACE = UUID("5b0c6c5e-51a8-4a43-9a0c-6f5f0c1d7a10")
# Hues that stay apart in light and dark and for most colour-blind readers; used where a file names no colour.
PALETTE = ("#3072d0", "#c72e2b", "#1b9579", "#b94db8", "#c29407", "#5b7f95", "#8a6a4f", "#6b7a1e")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Code:
    """One code; a theme is a code without parent.

    path : name in the tree, parts joined by "/", such as "language/lack_of_danish".
    label, definition, include, exclude, example : texts by language ("da", "en").
    color : "#rrggbb".
    seed_words : words and phrases, in any language of the transcripts, that hint at the code.
    valence : -1 barrier, 0 neither, +1 resource.
    uid : UUID that survives renaming; derived from scheme and path unless the file gives one.
    """

    path: str
    label: Texts
    color: str = ""
    definition: Texts = field(default_factory=dict)
    include: Texts = field(default_factory=dict)
    exclude: Texts = field(default_factory=dict)
    example: Texts = field(default_factory=dict)
    seed_words: tuple[str, ...] = ()
    valence: int = 0
    uid: str = ""

    @property
    def parent(self) -> str | None:
        """Path of the code above, None for a theme."""
        return self.path.rpartition("/")[0] or None

    @property
    def theme(self) -> str:
        """Path of the theme at the top of the branch."""
        return self.path.partition("/")[0]

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values; empty texts left out."""
        plain: dict[str, Any] = {
            "path": self.path,
            "uid": self.uid,
            "color": self.color,
            "valence": self.valence,
        }
        plain.update({name: dict(getattr(self, name)) for name in TEXT_FIELDS if getattr(self, name)})
        return plain | {"seed_words": list(self.seed_words)}


@dataclass(frozen=True)
class ActorGroup:
    """A kind of interviewee; `words` in speaker labels and file names let the group be guessed.

    label : the group, such as "Citizens".   singular : one of them, as below a quotation; the label if empty.
    """

    id: str
    label: Texts
    words: tuple[str, ...] = ()
    singular: Texts = field(default_factory=dict)

    @property
    def one(self) -> Texts:
        """What to call one of the group, by language."""
        return {**self.label, **self.singular}

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values; `singular` only where it is given."""
        plain: dict[str, Any] = {"id": self.id, "label": dict(self.label), "words": list(self.words)}
        return plain | ({"singular": dict(self.singular)} if self.singular else {})


@dataclass(frozen=True)
class CrosswalkLink:
    """A theme and the number that may stand beside it, with the level at which they meet."""

    theme: str
    kind: TargetKind
    target: str
    level: LevelId = "construct"
    by: str | None = None
    note: Texts = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values; `by` and `note` only where they say something."""
        plain: dict[str, Any] = {
            "theme": self.theme,
            "kind": self.kind,
            "target": self.target,
            "level": self.level,
        }
        if self.by:
            plain["by"] = self.by
        if self.note:
            plain["note"] = dict(self.note)
        return plain


@dataclass(frozen=True)
class Scheme:
    """A coding scheme, coherent from birth.

    languages : the languages in which every code and actor group has a label.
    good_directions : outcome -> "up", "down" or "open" (neither way is better as such).
    periods_before : periods of effect estimates that lie before the programme and so say nothing of it.
    caveats : reservations of this study, by language, printed below its joint displays.
    terms : names in the data (outcomes, subgroups, groups of persons) -> how to word them, by language.

    Raises SchemeError, with `source` in the text, if codes, groups or crosswalk do not hang together.
    """

    id: str
    version: str
    label: Texts
    description: Texts = field(default_factory=dict)
    codes: tuple[Code, ...] = ()
    actor_groups: tuple[ActorGroup, ...] = ()
    crosswalk: tuple[CrosswalkLink, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    good_directions: Mapping[str, GoodDirection] = field(default_factory=dict)
    caveats: tuple[Texts, ...] = ()
    terms: Mapping[str, Texts] = field(default_factory=dict)
    periods_before: tuple[str, ...] = ()
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", tuple(self._completed(code) for code in self.codes))
        check_scheme(self)

    def _completed(self, code: Code) -> Code:
        tops = list(dict.fromkeys(each.theme for each in self.codes))
        return replace(
            code,
            color=code.color.lower() or PALETTE[tops.index(code.theme) % len(PALETTE)],
            uid=code.uid.lower() or code_uid(self.id, code.path),
        )

    @property
    def themes(self) -> tuple[Code, ...]:
        """Codes without parent, in the order of the file."""
        return tuple(code for code in self.codes if code.parent is None)

    def code(self, path: str) -> Code:
        """The code at `path`. Raises SchemeError naming near paths if there is none."""
        found = next((code for code in self.codes if code.path == path), None)
        if found is None:
            raise SchemeError(
                "{scheme}: no code '{path}'; the codes are {codes}",
                reason="no_code",
                scheme=self.source or self.id,
                path=path,
                codes=self._listed(),
            )
        return found

    def children(self, path: str) -> tuple[Code, ...]:
        """Codes directly below `path`, in the order of the file."""
        return tuple(code for code in self.codes if code.parent == path)

    def good_direction(self, outcome: str) -> GoodDirection:
        """Which way is better for `outcome`; "up" where the scheme does not say."""
        return self.good_directions.get(outcome, "up")

    def _listed(self) -> str:
        paths = [code.path for code in self.codes]
        return ", ".join(paths[:30]) + (" ..." if len(paths) > 30 else "")

    def as_dict(self) -> dict[str, Any]:
        """The whole scheme as plain JSON values; `scheme_from_dict` reads it back."""
        return {
            "format": "coding-scheme/1",
            "id": self.id,
            "version": self.version,
            "languages": list(self.languages),
            "label": dict(self.label),
            "description": dict(self.description),
            "good_directions": dict(self.good_directions),
            "actor_groups": [group.as_dict() for group in self.actor_groups],
            "codes": [code.as_dict() for code in self.codes],
            "crosswalk": [link.as_dict() for link in self.crosswalk],
            "caveats": [dict(caveat) for caveat in self.caveats],
            "terms": {name: dict(words) for name, words in self.terms.items()},
            "periods_before": list(self.periods_before),
        }


def code_uid(scheme_id: str, path: str) -> str:
    """The id of a code to which the file gives none: the same for the same scheme and path everywhere."""
    return str(uuid5(CODE_NAMESPACE, f"{scheme_id}/{path}"))
