"""Which column of a file holds what: guessed from names, confirmed by a person, saved for the next file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from quant.column_endings import round_endings, without_endings
from quant.errors import AnswersError
from quant.instrument import Instrument

SURE_SCORE = 80.0
KEY_NAMES: dict[str, tuple[str, ...]] = {
    "person": (
        "person",
        "person_id",
        "id",
        "cpr_pseudonym",
        "borger_id",
        "citizen_id",
        "respondent_id",
        "løbenummer",
        "deltager",
        "deltager_id",
        "borger",
        "borgernummer",
        "personnummer_pseudonym",
    ),
    "round": (
        "round",
        "runde",
        "måling",
        "maaling",
        "wave",
        "bølge",
        "målerunde",
        "measurement",
        "tidspunkt",
        "målerunde nr",
    ),
    "respondent": ("respondent", "svarperson", "besvaret_af", "answered_by", "rolle", "role", "kilde"),
    "date": ("date", "dato", "svardato", "besvarelsesdato", "answer_date", "udfyldt"),
    "item": (
        "item",
        "spørgsmål",
        "spoergsmaal",
        "indikator",
        "indicator",
        "question",
        "variabel",
        "variable",
    ),
    "value": ("value", "svar", "værdi", "vaerdi", "score", "answer", "svarværdi"),
}
BACKGROUND_NAMES: dict[str, tuple[str, ...]] = {
    "gender": ("gender", "sex", "køn", "koen"),
    "age": ("age", "alder", "age_years"),
    "municipality": ("municipality", "kommune", "municipality_id", "kommune_id"),
    "caseworker": ("caseworker", "caseworker_id", "sagsbehandler", "sagsbehandler_id"),
}


@dataclass(frozen=True)
class ColumnMapping:
    """Columns of a file of answers.

    person, round, respondent : column names; `round` None means one round, `respondent` None means that
        every row holds all respondents' answers.
    dates : respondent id -> date column; the key "" is a date shared by all respondents.
    items : item id -> column. With `respondent`, two respondents' items may share a column.
    item, value : in a file with a row an answer, the columns that hold the item and the answer; `items` is
        empty.
    item_values : value in the item column -> item id; missing values are matched by id or label.
    endings : round -> ending of the columns, where rounds stand side by side ({"1": "_r1", "2": "_r2"});
        `items` and `dates` then name columns without it.
    value_labels : answer as written -> number on the scale, beyond what file and instrument say themselves.
    background : name in the study -> column.
    respondent_values : value in the respondent column -> respondent id; missing values are matched by label.
    scores : guessed part ("person", "date:citizen", "item:b_health" ...) -> 0-100; empty if made by hand.
    """

    person: str
    items: Mapping[str, str]
    round: str | None = None
    respondent: str | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    background: Mapping[str, str] = field(default_factory=dict)
    respondent_values: Mapping[str, str] = field(default_factory=dict)
    item: str | None = None
    value: str | None = None
    item_values: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, float] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)

    def columns(self) -> tuple[str, ...]:
        """All columns that the mapping uses, each once; with `endings`, items and dates without them."""
        keys = [c for c in (self.person, self.round, self.respondent, self.item, self.value) if c]
        return tuple(
            dict.fromkeys([*keys, *self.dates.values(), *self.items.values(), *self.background.values()])
        )

    def fits(self, columns: Iterable[str]) -> bool:
        """Whether a file with these columns has all that the mapping names."""
        present = {str(c) for c in columns}
        return all(
            column in present or any(f"{column}{ending}" in present for ending in self.endings.values())
            for column in self.columns()
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            key: dict(value) if isinstance(value, Mapping) else value for key, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ColumnMapping:
        """The mapping that `as_dict` wrote; AnswersError if a key is unknown or missing."""
        known = set(cls.__dataclass_fields__)
        unknown = sorted(set(values) - known)
        if unknown:
            raise AnswersError(
                "mapping: unknown key {key!r}; expected the keys {known}",
                reason="mapping_unknown_key",
                key=unknown[0],
                known=", ".join(sorted(known)),
            )
        answers_named = values.get("items") or (values.get("item") and values.get("value"))
        if "person" not in values or not answers_named:
            raise AnswersError(
                "mapping: no person column or no items; expected the keys {known}",
                reason="mapping_no_person",
                known=", ".join(sorted(known)),
            )
        return cls(**dict(values))

    def save(self, path: str | Path) -> None:
        """Write the mapping as .toml or .json (by the file's ending)."""
        save_values(self.as_dict(), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> ColumnMapping:
        """Read a mapping from .toml or .json; AnswersError names what is wrong."""
        return cls.from_dict(load_values(Path(path)))


def guess_mapping(
    columns: Iterable[str], instrument: Instrument, *, labels: Mapping[str, str] | None = None
) -> ColumnMapping:
    """The most likely mapping of a file with these columns, each guess scored 0-100 in `.scores`.

    labels : column -> what the file says it holds (SPSS and Stata files do); compared like names.

    Columns are compared with item ids and with labels in every language; a column serves one item.
    Only background under a known name is taken: other columns may hold what should not be stored.
    Raises AnswersError if no column can be the person or none any item.
    """
    names = [str(c) for c in columns]
    scores: dict[str, float] = {}
    items = _guess_items(names, instrument, scores, labels or {})
    endings, names, items = _guess_endings(names, instrument, items, scores)
    free = [name for name in names if name not in items.values()]
    item, value = _guess_long(free, scores) if len(items) < 2 else (None, None)
    if item and value:
        items, free = {}, [name for name in names if name not in (item, value)]
        scores = {part: score for part, score in scores.items() if not part.startswith("item:")}
    elif not items:
        raise AnswersError(
            "no column looks like an item of instrument {instrument!r}; map the columns by hand",
            reason="no_item_column",
            instrument=instrument.id,
        )
    dates = _guess_dates(free, instrument, scores)
    free = [name for name in free if name not in dates.values()]
    keys = {key: _best(free, KEY_NAMES[key], key, scores) for key in ("person", "round", "respondent")}
    free = [name for name in free if name not in keys.values()]
    background = {
        name: _best(free, words, f"background:{name}", scores) for name, words in BACKGROUND_NAMES.items()
    }
    person = keys["person"]
    if person is None:
        raise AnswersError(
            "no column looks like a person id (columns: {columns}); name it in the mapping",
            reason="no_person_column",
            columns=", ".join(names[:12]),
        )
    return ColumnMapping(
        person=person,
        item=item,
        value=value,
        endings=endings,
        round=keys["round"],
        respondent=keys["respondent"],
        dates=dates,
        items=items,
        background={name: column for name, column in background.items() if column},
        scores=scores,
    )


def match_respondents(values: Iterable[str], instrument: Instrument) -> dict[str, str]:
    """Values of a respondent column -> respondent id, by id or label; unmatched values are left out."""
    from rapidfuzz import fuzz

    matched: dict[str, str] = {}
    for value in values:
        scored = [
            (fuzz.ratio(plain(value), plain(name)), respondent.id)
            for respondent in instrument.respondents
            for name in (respondent.id, *respondent.label.values())
        ]
        score, respondent_id = max(scored)
        if score >= SURE_SCORE:
            matched[value] = respondent_id
    return matched


def plain(name: str) -> str:
    """A name without case, signs and doubled blanks, for comparing."""
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def _guess_endings(
    names: list[str], instrument: Instrument, items: dict[str, str], scores: dict[str, float]
) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Endings that stand for rounds, the columns without them, and the items found so."""
    endings = round_endings(names)
    if not endings:
        return {}, names, items
    found: dict[str, float] = {}
    bases = without_endings(names, endings)
    by_base = _guess_items(bases, instrument, found, {})
    if sum(found.values()) <= sum(score for part, score in scores.items() if part.startswith("item:")):
        return {}, names, items
    scores.clear()
    scores.update(found)
    return endings, bases, by_base


def _guess_long(names: Sequence[str], scores: dict[str, float]) -> tuple[str | None, str | None]:
    """The columns of item and answer in a file with a row an answer."""
    found: dict[str, float] = {}
    item = _best(names, KEY_NAMES["item"], "item", found, at_least=90)
    value = _best([n for n in names if n != item], KEY_NAMES["value"], "value", found, at_least=90)
    if item is None or value is None:
        return None, None
    scores.update(found)
    return item, value


def _guess_items(
    names: Sequence[str], instrument: Instrument, scores: dict[str, float], labels: Mapping[str, str]
) -> dict[str, str]:
    """Best pairs first, so that an exact id is never taken by a similar label."""
    import numpy as np
    from rapidfuzz import fuzz, process

    targets = [
        (item.id, plain(text)) for item in instrument.items for text in (item.id, *item.label.values())
    ]
    wanted = [text for _, text in targets]
    matrix = process.cdist([plain(n) for n in names], wanted, scorer=fuzz.token_sort_ratio)
    if labels:
        said = [plain(labels.get(name, "")) for name in names]
        matrix = np.maximum(matrix, process.cdist(said, wanted, scorer=fuzz.token_sort_ratio))
    order = sorted(
        (-float(matrix[c, k]), k, c)
        for c in range(len(names))
        for k in range(len(targets))
        if matrix[c, k] >= SURE_SCORE
    )
    chosen: dict[str, str] = {}
    for negative, k, c in order:
        item_id = targets[k][0]
        if item_id not in chosen and names[c] not in chosen.values():
            chosen[item_id] = names[c]
            scores[f"item:{item_id}"] = round(-negative, 1)
    return {item_id: chosen[item_id] for item_id in instrument.item_ids() if item_id in chosen}


def _guess_dates(names: Sequence[str], instrument: Instrument, scores: dict[str, float]) -> dict[str, str]:
    words = KEY_NAMES["date"]
    dates: dict[str, str] = {}
    for respondent in instrument.respondents:
        owners = [respondent.id, *respondent.label.values(), respondent.prefix.strip("_")]
        options = [f"{owner} {word}" for owner in owners if owner for word in words]
        taken = list(dates.values())
        column = _best(
            [n for n in names if n not in taken], options, f"date:{respondent.id}", scores, at_least=85
        )
        if column:
            dates[respondent.id] = column
    if dates:
        return dates
    shared = _best(names, words, "date", scores)
    return {"": shared} if shared else {}


def _best(
    names: Sequence[str],
    options: Sequence[str],
    part: str,
    scores: dict[str, float],
    *,
    at_least: float = SURE_SCORE,
) -> str | None:
    from rapidfuzz import fuzz

    scored = [
        (fuzz.token_sort_ratio(plain(name), plain(option)), -place, -rank, name)
        for place, name in enumerate(names)
        for rank, option in enumerate(options)
    ]
    if not scored:
        return None
    score, _, _, name = max(scored)
    if score < at_least:
        return None
    scores[part] = round(float(score), 1)
    return name


def save_values(values: Mapping[str, Any], path: Path) -> None:
    """Write plain values as .json, else as TOML; None is left out."""
    filled = {key: value for key, value in values.items() if value is not None}
    if path.suffix.lower() == ".json":
        import json

        path.write_text(json.dumps(filled, ensure_ascii=False, indent=2), encoding="utf-8")
    else:
        import tomlkit

        path.write_text(tomlkit.dumps(filled), encoding="utf-8")


def load_values(path: Path) -> dict[str, Any]:
    """Read plain values from .json or TOML; AnswersError if the file is missing or broken."""
    if not path.is_file():
        raise AnswersError(
            "{file}: there is no such mapping file; check the path", reason="no_mapping_file", file=path.name
        )
    text = path.read_text(encoding="utf-8-sig")
    try:
        if path.suffix.lower() != ".json":
            return tomllib.loads(text)
        import json

        values = json.loads(text)
    except ValueError as error:
        raise AnswersError(
            "{file}: the mapping cannot be read ({detail})",
            reason="mapping_unreadable",
            file=path.name,
            detail=error,
        ) from error
    if not isinstance(values, dict):
        raise AnswersError(
            "{file}: expected a mapping of names to columns, found a {found}",
            reason="mapping_not_mapping",
            file=path.name,
            found=type(values).__name__,
        )
    return values
