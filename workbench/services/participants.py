"""A sheet that says who was interviewed: reading its headings, and finding the rows of a transcript.

One row an interview, or several rows of one interview for the persons of a group interview.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from coding_schemes import ActorGroup
from quant import read_table
from quant.tables import cell_text
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.files import GivenFile
from workbench.services.interview_dates import read_date
from workbench.services.interview_names import SURE, likeness, stem

# What a column may hold, and how people head it, surest first.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "interview": (
        "file", "file name", "filename", "fil", "filnavn", "transcript", "transcript name", "udskrift",
        "interview", "interview name", "interview id", "interview no", "interview number", "interviewnavn",
        "interviewnummer", "interview nr", "nr", "id", "case",
    ),
    "person": (
        "person", "pseudonym", "alias", "speaker", "taler", "participant", "deltager", "informant",
        "respondent", "interviewperson", "interviewee", "name", "navn", "dæknavn",
    ),
    "person_id": (
        "person id", "personid", "participant id", "deltager id", "respondent id", "informant id",
        "borger id", "survey id", "survey key", "questionnaire id", "spørgeskema id", "skema id",
    ),
    "actor_group": (
        "actor group", "aktørgruppe", "aktør", "group", "gruppe", "actor", "målgruppe", "stakeholder group",
        "interessentgruppe",
    ),
    "held_on": (
        "date", "dato", "held on", "interview date", "interviewdato", "date of interview", "afholdt",
        "dato for interview",
    ),
    "kind": ("kind", "interview type", "interviewtype", "type", "interviewform", "form"),
}  # fmt: skip
_PERSONAL_NAMES = """
    gender køn sex age alder origin oprindelse country land nationality nationalitet education uddannelse stay
    ophold role rolle position stilling profession occupation erhverv language sprog born født fødselsår
    seniority anciennitet family familie children børn
"""
_PERSONAL = frozenset(_PERSONAL_NAMES.split())
_GROUP_WORDS = ("group", "gruppe", "focus", "fokus")
_SINGLE_WORDS = ("individual", "individuel", "enkelt", "single", "one")
_LIKE_A_HEADING = 84.0


@dataclass(frozen=True)
class SheetPerson:
    """One person of an interview as a row of the sheet has it.

    row : its number in the file.     survey_key : the person's id, the same wherever it is the same person.
    """

    row: int
    name: str
    attributes: Mapping[str, str]
    survey_key: str | None = None


@dataclass(frozen=True)
class SheetInterview:
    """All that the sheet says of one interview. kind : "individual", "group", or None if it does not say."""

    name: str
    persons: tuple[SheetPerson, ...]
    actor_group: str | None
    held_on: date | None
    kind: str | None
    attributes: Mapping[str, str]

    @property
    def rows(self) -> tuple[int, ...]:
        """Its row numbers in the file."""
        return tuple(person.row for person in self.persons)


@dataclass(frozen=True)
class ParticipantSheet:
    """A sheet as read. columns : what a column was taken for, by its heading; attributes are not in it."""

    file_name: str
    columns: Mapping[str, str]
    interviews: tuple[SheetInterview, ...]

    def find(self, name: str) -> SheetInterview | None:
        """The interview of this very name."""
        return next((each for each in self.interviews if each.name == name), None)


@dataclass(frozen=True)
class SheetMatch:
    """The interview of the sheet that a transcript seems to be of. score : 0-100.   said : what matched."""

    interview: SheetInterview
    score: float
    said: str


def read_participants(file: GivenFile, groups: Sequence[ActorGroup] = ()) -> ParticipantSheet:
    """Read a csv or workbook. groups : the actor groups of the scheme, to know their names in cells.

    Raises InvalidRequestError if no column names the interviews or persons, QuantError if it is no table.
    """
    table = read_table(file.content, file.name)
    headings = [str(column).strip() for column in table.columns]
    columns = guess_columns(headings)
    key = next((name for name in columns if columns[name] == "interview"), None)
    key = key or next((name for name in columns if columns[name] == "person"), None)
    if key is None:
        raise InvalidRequestError(t("errors.no_name_column", file=file.name, columns=", ".join(headings)))
    cells = table.apply(cell_text)
    cells.columns = headings
    numbers = [int(place) + 2 for place in table.index]
    rows = [
        (number, {str(name): str(value) for name, value in row.items()})
        for number, row in zip(numbers, cells.to_dict("records"), strict=True)
    ]
    interviews = _interviews([(number, row) for number, row in rows if row[key]], key, columns, groups)
    return ParticipantSheet(file.name, columns, interviews)


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """What the columns hold, by heading; each of `HEADINGS` is given once, to the surest heading."""
    wanted = [
        (fuzz.ratio(_plain(heading), word) - place / 100, -position, heading, field)
        for position, heading in enumerate(headings)
        for field, words in HEADINGS.items()
        for place, word in enumerate(words)
        if heading
    ]
    columns: dict[str, str] = {}
    for score, _position, heading, field in sorted(wanted, reverse=True):
        if score >= _LIKE_A_HEADING and heading not in columns and field not in columns.values():
            columns[heading] = field
    if "interview" not in columns.values():
        # A sheet with a name a row and nothing else to know it by: the name is the interview's.
        named = next((heading for heading in columns if columns[heading] == "person"), None)
        if named is not None and _plain(named) in ("name", "navn"):
            columns[named] = "interview"
    return columns


def match_interviews(
    sheet: ParticipantSheet, transcripts: Sequence[tuple[str, Sequence[str]]]
) -> list[SheetMatch | None]:
    """The interview of the sheet for each transcript, None where none is sure.

    transcripts : name and speaker labels of each.
    The surest pair is taken first, and an interview goes to one transcript only; where two fit equally well,
    none is taken. What the names leave open, labels that equal a person's name may settle.
    """
    found: list[SheetMatch | None] = [None] * len(transcripts)
    pairs = sorted(
        (
            (score, place, number)
            for place, (name, _labels) in enumerate(transcripts)
            for number, interview in enumerate(sheet.interviews)
            if (score := likeness(name, interview.name)) >= SURE
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    taken: set[int] = set()
    for score, place, number in pairs:
        if found[place] is not None or number in taken:
            continue
        rivals = [
            other
            for value, here, other in pairs
            if here == place and value == score and other != number and other not in taken
        ]
        if not rivals:
            found[place] = SheetMatch(sheet.interviews[number], score, transcripts[place][0])
            taken.add(number)
    _match_by_persons(sheet, transcripts, found, taken)
    return found


def _match_by_persons(
    sheet: ParticipantSheet,
    transcripts: Sequence[tuple[str, Sequence[str]]],
    found: list[SheetMatch | None],
    taken: set[int],
) -> None:
    """Fill in what the labels tell: a person's name that occurs in one open transcript and one open row."""
    for place, (_name, labels) in enumerate(transcripts):
        if found[place] is not None:
            continue
        fits = [
            (number, label)
            for number, interview in enumerate(sheet.interviews)
            if number not in taken
            for label in labels
            if any(likeness(label, person.name) == 100.0 for person in interview.persons if person.name)
        ]
        if len({number for number, _label in fits}) != 1:
            continue
        number, label = fits[0]
        elsewhere = any(
            likeness(label, other) == 100.0
            for rival, (_other_name, others) in enumerate(transcripts)
            if rival != place
            for other in others
        )
        if not elsewhere:
            found[place] = SheetMatch(sheet.interviews[number], 90.0, label)
            taken.add(number)


def group_id(value: str, groups: Sequence[ActorGroup]) -> str:
    """The id of the actor group a cell names; a group the scheme does not have keeps its name."""
    said = _plain(value)
    for group in groups:
        names = {_plain(name) for name in (group.id, *group.words, *group.label.values())}
        if said in names:
            return group.id
    return value


def _interviews(
    rows: Sequence[tuple[int, dict[str, str]]],
    key: str,
    columns: Mapping[str, str],
    groups: Sequence[ActorGroup],
) -> tuple[SheetInterview, ...]:
    together: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in rows:
        together.setdefault(stem(row[key]), []).append((number, row))
    heading_of = {field: heading for heading, field in columns.items()}
    others = [name for name in (rows[0][1] if rows else {}) if name and name not in columns]
    personal = {name for name in others if _is_personal(name, together.values())}

    def first(own: Sequence[tuple[int, dict[str, str]]], field: str) -> str:
        heading = heading_of.get(field)
        return next((row[heading] for _number, row in own if row[heading]), "") if heading else ""

    interviews = []
    for name, own in together.items():
        person, person_id = heading_of.get("person", ""), heading_of.get("person_id", "")
        group, kind = first(own, "actor_group"), first(own, "kind")
        interviews.append(
            SheetInterview(
                name=name,
                persons=tuple(
                    SheetPerson(
                        number,
                        row.get(person, ""),
                        {name: row[name] for name in others if name in personal},
                        row.get(person_id) or None,
                    )
                    for number, row in own
                ),
                actor_group=group_id(group, groups) if group else None,
                held_on=read_date(first(own, "held_on")),
                kind=_kind(kind, len(own)),
                attributes={
                    name: next((row[name] for _number, row in own if row[name]), "")
                    for name in others
                    if name not in personal
                },
            )
        )
    return tuple(interviews)


def is_personal(heading: str) -> bool:
    """Whether a heading names a fact about a person, such as age or gender."""
    return bool(set(_plain(heading).split()) & _PERSONAL)


def _is_personal(heading: str, interviews: Any) -> bool:
    """Whether a column tells of persons: its heading says so, or it differs within one interview."""
    if is_personal(heading):
        return True
    return any(len({row[heading] for _number, row in own}) > 1 for own in interviews)


def _kind(said: str, persons: int) -> str | None:
    plain = _plain(said)
    if persons > 1 or any(word in plain for word in _GROUP_WORDS):
        return "group"
    return "individual" if any(word in plain for word in _SINGLE_WORDS) else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
