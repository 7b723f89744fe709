"""Facts that stand before the interview begins: date, place, who took part, what the signs mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from interviews.labels import Candidate, ReadLine
from interviews.transcript import Role
from interviews.vocabulary import (
    INTERVIEWER_WORDS,
    METADATA_KEYS,
    METADATA_PHRASES,
    RESPONDENT_WORDS,
    first_word,
    is_code,
    is_name_like,
    is_role,
    key_of,
    listed,
)

_LOOKED_AT = 80
_PLAIN_LINES = 6
_GREETINGS = listed(
    "hej goddag davs ja nej okay ok hello hi yes no mm hm tak velkommen jo hey nå altså well welcome thanks"
    " good godmorgen jamen øh yeah um øhm så so and og men but"
)
_LEGEND = re.compile(r"^\s*[\"“”«]?(?P<sign>[^=\n]{1,40}?)[\"“”»]?\s*=\s*(?P<means>\S.{0,200})$")
_NAMES_ROLE = re.compile(
    r"(?P<names>[^\W_][^()\n.:;]{0,80}?)\s+(?:er|is|are)\s+(?P<role>[^\W\d_]+)\s*\.?$", re.IGNORECASE
)
_IN_PARENTHESES = re.compile(r"(?P<name>[^\W_][^(),;\n]{0,40}?)\s*\((?P<role>[^()\n]{1,40})\)")
_LISTS = listed("deltagere deltagerne participants present tilstede attendees informanter interviewede")


@dataclass(frozen=True, slots=True)
class Header:
    """lines : how many lines at the start are not yet the interview.     facts : as written, label -> value.

    roles : speaker keys (`vocabulary.key_of`) whose role the header tells.
    respondents : those whom it names as such (`Informant: Amina`).
    """

    lines: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    respondents: tuple[str, ...] = ()


def read_header(lines: Sequence[ReadLine]) -> Header:
    """Return the facts at the start of a document: `Dato: 3. maj`, `Interviewer: Mette Holm`, `I = leder`.

    A role with a name behind it is a fact where it stands among facts, or where two of them follow each
    other; `Interviewer: Hvordan går det?` is the first turn.
    """
    counts = Counter(colon.key for line in lines if (colon := _colon(line)))
    facts: dict[str, str] = {}
    roles: dict[str, Role] = {}
    last = plain = 0
    waiting: list[tuple[int, str, str]] = []
    for index, line in enumerate(lines[:_LOOKED_AT]):
        colon = _colon(line) or _row(line, among=bool(last) and last == index)
        if line.paragraph.speaker or (colon is None and _opens_speech(line)):
            break
        fact = _fact(line, colon, counts, among=bool(last) and last == index)
        if fact is None:
            person = _person(line, colon, counts)
            if person is not None:
                waiting.append((index, *person))
                among = bool(last) and last == index
                if among or _speaks_later(person[1], counts) or _is_legend(waiting, counts):
                    for _, name, value in waiting:
                        _keep(facts, roles, name, value)
                    waiting.clear()
                    last = index + 1
                continue
            title = colon is not None and counts[colon.key] == 1 and index < _PLAIN_LINES
            if (
                (colon is not None and not title)
                or _is_said(_text(line), among=last > 0)
                or plain >= _PLAIN_LINES
            ):
                break
            plain += 1
            _roles_in_words(_text(line), roles)
            continue
        for _, name, value in waiting:
            _keep(facts, roles, name, value)
        waiting.clear()
        _keep(facts, roles, *fact)
        last, plain = index + 1, 0
    _initials(facts, roles)
    return Header(last, facts, roles, tuple(_respondents(facts)))


def _text(line: ReadLine) -> str:
    return line.paragraph.text[: line.end].strip()[:400]


def _colon(line: ReadLine) -> Candidate | None:
    return next((one for one in line.candidates if one.style == "colon"), None)


def _row(line: ReadLine, *, among: bool) -> Candidate | None:
    """`Dato` and `3. maj` in the two cells of a row, and after such a row `Interviewer` and a name."""
    tab = next((one for one in line.candidates if one.style == "tab"), None)
    if tab is None or "\t" not in line.paragraph.text[: tab.start]:
        return None
    told = first_word(tab.label) in METADATA_KEYS or METADATA_PHRASES.match(key_of(tab.label))
    return tab if told or among else None


def _opens_speech(line: ReadLine) -> bool:
    """A line with a time and a name on it is the first turn, whatever stands there."""
    return any(one.style == "time_line" for one in line.candidates) or len(_text(line)) > 350


def _fact(
    line: ReadLine, colon: Candidate | None, counts: Counter[str], *, among: bool
) -> tuple[str, str] | None:
    text = _text(line)
    legend = _LEGEND.match(text)
    if legend is not None and colon is None:
        return legend["sign"].strip(), legend["means"].strip()
    if colon is None or line.paragraph.kind == "heading":
        return None
    value = line.paragraph.text[colon.start : line.end].strip()
    if is_role(colon.label):
        listed_names = key_of(colon.label) in _LISTS and _lists_names(value)
        return (colon.label, value) if listed_names else None
    named = first_word(colon.label) in METADATA_KEYS or METADATA_PHRASES.match(key_of(colon.label))
    brief = len(colon.label.split()) <= 4 and not re.search(r"[.!?]\s", colon.label)
    if named and brief and len(value) <= 400 and not colon.runs_on:
        return colon.label, value
    short = len(value) <= 80 and not value.endswith((".", "?", "!")) and counts[colon.key] == 1
    if among and short and value and first_word(value) not in _GREETINGS:
        return colon.label, value
    return None


def _lists_names(value: str) -> bool:
    """`Deltagere: Anne, Bo, Cecilie` names who took part; `Deltagere: Ja, det gør vi` is something said."""
    names = [name.strip() for name in re.sub(r"\([^()]{0,80}\)", "", value).split(",")]
    return len(names) >= 2 and all(is_name_like(name) for name in names)


def _is_legend(waiting: Sequence[tuple[int, str, str]], counts: Counter[str]) -> bool:
    """Two lines that give different signs to different names: `I: Mette Holm`, `P: Karen`.

    A short sign must be a label again further down; a role in full (`Informant: Karen`) need not; where it
    never comes back it may stand alone before a full name.
    """
    if len(waiting) == 1:
        _, name, value = waiting[0]
        return len(name) > 3 and is_role(name) and counts[key_of(name)] == 1 and len(value.split()) > 1
    if len({key_of(name) for _, name, _ in waiting}) < 2 or len({value for _, _, value in waiting}) < 2:
        return False
    return all(counts[key_of(name)] >= 2 or (len(name) > 3 and is_role(name)) for _, name, _ in waiting)


def _speaks_later(value: str, counts: Counter[str]) -> bool:
    return counts[key_of(re.split(r"[,(;.–]", value, maxsplit=1)[0])] >= 2


def _is_said(text: str, *, among: bool) -> bool:
    """A question, or after the first facts a sentence, belongs to the interview."""
    return text.endswith("?") or (among and len(text) > 40 and text.endswith((".", "!", "…")))


def _person(line: ReadLine, colon: Candidate | None, counts: Counter[str]) -> tuple[str, str] | None:
    """`Interviewer: Mette Holm`, `Informant: Karen, 54 år, sygeplejerske`, `Respondent: R3`."""
    if colon is None or line.time_seconds is not None:
        return None
    if not is_role(colon.label) and not is_code(colon.label):
        return None
    value = line.paragraph.text[colon.start : line.end].strip()
    name = re.split(r"[,(;.–]", value, maxsplit=1)[0].strip(" \"'“”‘’«»„")
    speaks = counts[key_of(name)] >= 2 and counts[colon.key] == 1  # `Moderator: Lise. Observatør: Per.`
    if not value or len(value) > 120 or (value.endswith((".", "?", "!", "…")) and not speaks):
        return None
    if first_word(value) in _GREETINGS:
        return None
    named = is_name_like(name) and len(name.split()) <= 4
    return (colon.label, value) if named else None


def _keep(facts: dict[str, str], roles: dict[str, Role], name: str, value: str) -> None:
    key = " ".join(name.split()).strip(" .:")
    facts[key] = f"{facts[key]}; {value}" if key in facts and facts[key] != value else value
    told = _role_of(value)
    if told is not None and len(name) <= 12:
        roles[key_of(name)] = told  # I = interviewer
    asked = _role_of(key)
    if asked is not None:
        for one in re.split(r",|;|/| og | and |&", re.sub(r"\([^()]{0,80}\)", "", value)):
            _name_role(one, asked, roles)
    for found in _IN_PARENTHESES.finditer(value):
        inside, before = found["role"].strip(), found["name"].strip()
        role = _role_of(inside) or asked or _role_of(before)
        if role is not None:
            _name_role(before, role, roles)
            if len(inside) <= 12:
                roles.setdefault(key_of(inside), role)


def _initials(facts: Mapping[str, str], roles: dict[str, Role]) -> None:
    """`Interviewer: Anne` and `Informant: Per` often speak as `A:` and `P:`; not where both begin alike."""
    told: dict[str, set[Role]] = {}
    for name, value in facts.items():
        role = _role_of(name)
        person = value.strip(" \"'“”‘’«»„")
        if role is not None and key_of(name) not in _LISTS and is_name_like(person.split(",")[0]):
            told.setdefault(person[0].casefold(), set()).add(role)
    if len(told) > 1:
        for initial, found in told.items():
            if len(found) == 1:
                roles.setdefault(initial, next(iter(found)))


def _name_role(name: str, role: Role, roles: dict[str, Role]) -> None:
    name = name.strip()
    if name and is_name_like(name) and len(name.split()) <= 4:
        roles.setdefault(key_of(name), role)
        roles.setdefault(key_of(name.split()[0]), role)


def _roles_in_words(text: str, roles: dict[str, Role]) -> None:
    """`M1 og M2 er moderatorer`."""
    found = _NAMES_ROLE.search(text)
    role = _role_of(found["role"]) if found else None
    if found and role is not None:
        for name in re.split(r",| og | and |&", found["names"]):
            _name_role(name, role, roles)


def _respondents(facts: Mapping[str, str]) -> Iterator[str]:
    for name, value in facts.items():
        if _role_of(name) == "respondent" and key_of(name) not in _LISTS:
            person = re.split(r"[,(;–]", value, maxsplit=1)[0].strip()
            if is_name_like(person):
                yield person


def _role_of(words: str) -> Role | None:
    word = first_word(words)
    for form in (word, *(word.removesuffix(end) for end in ("e", "ne", "er", "erne", "s", "en"))):
        if len(form) > 2 and form in INTERVIEWER_WORDS:
            return "interviewer"
        if len(form) > 2 and form in RESPONDENT_WORDS:
            return "respondent"
    return None
