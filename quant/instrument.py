"""A questionnaire as a value: respondents, items, named factors and the rules for its answers.

Reading it from a file is `quant.instrument_files`; checking answers against it is `quant.answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from quant.errors import InstrumentError

Label = Mapping[str, str]
Pairing = Literal["same_calendar_month", "same_round", "none"]


@dataclass(frozen=True)
class Respondent:
    """Who answers: the citizen, the caseworker, the employer."""

    id: str
    label: Label
    prefix: str = ""


@dataclass(frozen=True)
class Dimension:
    """What several items are about."""

    id: str
    label: Label


@dataclass(frozen=True)
class Item:
    """One question.

    direction : 1 if a high answer is good, -1 if a low one is.
    pair : the other respondent's item on the same thing, or None.
    wording : the question as printed, by language; may be empty.
    """

    id: str
    respondent: str
    order: int
    dimension: str
    label: Label
    scale_min: int
    scale_max: int
    direction: Literal[1, -1] = 1
    pair: str | None = None
    wording: Label = field(default_factory=dict)


@dataclass(frozen=True)
class NamedFactor:
    """A factor that a published or chosen solution gave a name."""

    id: str
    solution: str
    label: Label
    items: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """Which answers enter which sample.

    pairing : when the answers of all respondents of a person and round belong together.
    rounds : the rounds that exist; empty means any whole number from 1.
    complete_answers : the analysis sample answered every item.
    required_background : background that the analysis sample may not lack, where the file has it.
    """

    pairing: Pairing = "none"
    rounds: tuple[int, ...] = ()
    complete_answers: bool = True
    required_background: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """A questionnaire; coherent by construction (`InstrumentError` names what is not)."""

    id: str
    version: str
    label: Label
    source: str
    respondents: tuple[Respondent, ...]
    items: tuple[Item, ...]
    factors: tuple[NamedFactor, ...] = ()
    rules: Rules = Rules()
    dimensions: tuple[Dimension, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    def item(self, item_id: str) -> Item:
        """The item with this id; InstrumentError if there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise InstrumentError(
            f"instrument {self.id!r} has no item {item_id!r} (items: {_listed(self.item_ids())})"
        )

    def item_ids(self, respondent: str | None = None) -> tuple[str, ...]:
        """Ids of all items, or of one respondent's, in the order of the questionnaire."""
        return tuple(i.id for i in self.items if respondent in (None, i.respondent))

    def respondent(self, respondent_id: str) -> Respondent:
        """The respondent with this id; InstrumentError if there is none."""
        for respondent in self.respondents:
            if respondent.id == respondent_id:
                return respondent
        known = _listed(r.id for r in self.respondents)
        raise InstrumentError(
            f"instrument {self.id!r} has no respondent {respondent_id!r} (respondents: {known})"
        )

    def solutions(self) -> tuple[str, ...]:
        """Names of the factor solutions, in the order of the file."""
        return tuple(dict.fromkeys(f.solution for f in self.factors))

    def solution(self, name: str) -> tuple[NamedFactor, ...]:
        """The named factors of a solution; InstrumentError if there are none."""
        found = tuple(f for f in self.factors if f.solution == name)
        if not found:
            known = _listed(self.solutions()) or "none"
            raise InstrumentError(
                f"instrument {self.id!r} has no factor solution {name!r} (solutions: {known})"
            )
        return found

    def solution_items(self, name: str) -> tuple[str, ...]:
        """Items of a solution's factors, in the order of the questionnaire."""
        members = {item for factor in self.solution(name) for item in factor.items}
        return tuple(i for i in self.item_ids() if i in members)

    def dimension_label(self, dimension: str) -> Label:
        """The label of a dimension; its id where the instrument names none."""
        return next(
            (d.label for d in self.dimensions if d.id == dimension), {"da": dimension, "en": dimension}
        )

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values; `quant.instrument_from_dict` reads them back."""
        return asdict(self)


def _check(instrument: Instrument) -> None:
    if not instrument.items:
        raise InstrumentError(f"instrument {instrument.id!r} has no items; an instrument needs one or more")
    if not instrument.respondents:
        raise InstrumentError(f"instrument {instrument.id!r} names no respondent; add one under respondents")
    for what, ids in (
        ("item", [i.id for i in instrument.items]),
        ("respondent", [r.id for r in instrument.respondents]),
        ("factor", [f.id for f in instrument.factors]),
        ("dimension", [d.id for d in instrument.dimensions]),
    ):
        _check_unique(instrument, what, ids)
    for item in instrument.items:
        _check_item(instrument, item)
    for factor in instrument.factors:
        _check_factor(instrument, factor)


def _check_unique(instrument: Instrument, what: str, ids: list[str]) -> None:
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise InstrumentError(
            f"instrument {instrument.id!r}: {what} id {repeated[0]!r} occurs twice; ids must differ"
        )


def _check_item(instrument: Instrument, item: Item) -> None:
    place = f"instrument {instrument.id!r}, item {item.id!r}"
    known = {r.id for r in instrument.respondents}
    if item.respondent not in known:
        raise InstrumentError(f"{place}: respondent {item.respondent!r} is unknown (known: {_listed(known)})")
    if item.scale_min >= item.scale_max:
        raise InstrumentError(f"{place}: scale {item.scale_min}-{item.scale_max} must run from low to high")
    if item.direction not in (1, -1):
        raise InstrumentError(
            f"{place}: direction is {item.direction!r}; use 1 (high is good) or -1 (low is good)"
        )
    if instrument.dimensions and item.dimension not in {d.id for d in instrument.dimensions}:
        listed = _listed(d.id for d in instrument.dimensions)
        raise InstrumentError(f"{place}: dimension {item.dimension!r} is unknown (known: {listed})")
    if item.pair is not None:
        _check_pair(instrument, item, place)


def _check_pair(instrument: Instrument, item: Item, place: str) -> None:
    other = next((i for i in instrument.items if i.id == item.pair), None)
    if other is None:
        raise InstrumentError(f"{place}: pair {item.pair!r} is no item of the instrument")
    if other.pair != item.id:
        raise InstrumentError(f"{place}: pair {item.pair!r} must name {item.id!r} as its own pair")
    if other.respondent == item.respondent:
        raise InstrumentError(f"{place}: pair {item.pair!r} has the same respondent; a pair needs two")


def _check_factor(instrument: Instrument, factor: NamedFactor) -> None:
    unknown = [i for i in factor.items if i not in instrument.item_ids()]
    if unknown or not factor.items:
        found = f"item {unknown[0]!r} is unknown" if unknown else "it has no items"
        raise InstrumentError(f"instrument {instrument.id!r}, factor {factor.id!r}: {found}")


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))
