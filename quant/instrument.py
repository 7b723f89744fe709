"""A questionnaire as a value: respondents, items, named factors and the rules for its answers.

Reading it from a file is `quant.instrument_files`; checking answers against it is `quant.answers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from quant.errors import InstrumentError
from quant.scale_variants import Label as Label  # others take the name from here
from quant.scale_variants import Scale, ScaleVariant, check_scale, check_variant

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
    scale : id of the scale whose words (poles, points) the question is printed with, or "".
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
    scale: str = ""

    def question(self, language: str) -> str:
        """The question in that language, else its label, else either in any language there is."""
        for texts in (self.wording, self.label):
            if texts.get(language):
                return texts[language]
        return next(
            (text for texts in (self.wording, self.label) for text in texts.values() if text), self.id
        )


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
    """A questionnaire; coherent by construction (`InstrumentError` names what is not).

    introduction : what stands on a printed form before the questions, by language.
    """

    id: str
    version: str
    label: Label
    source: str
    respondents: tuple[Respondent, ...]
    items: tuple[Item, ...]
    factors: tuple[NamedFactor, ...] = ()
    rules: Rules = Rules()
    dimensions: tuple[Dimension, ...] = ()
    scales: tuple[Scale, ...] = ()
    variants: tuple[ScaleVariant, ...] = ()
    introduction: Label = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    def item(self, item_id: str) -> Item:
        """The item with this id; InstrumentError if there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise InstrumentError(
            "instrument {instrument!r} has no item {item!r} (items: {items})",
            reason="no_such_item",
            instrument=self.id,
            item=item_id,
            items=_listed(self.item_ids()),
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
            "instrument {instrument!r} has no respondent {respondent!r} (respondents: {known})",
            reason="no_such_respondent",
            instrument=self.id,
            respondent=respondent_id,
            known=known,
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
                "instrument {instrument!r} has no factor solution {solution!r} (solutions: {known})",
                reason="no_such_solution",
                instrument=self.id,
                solution=name,
                known=known,
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

    def scale_of(self, item: Item) -> Scale | None:
        """The words of an item's scale; None where the instrument names none."""
        return next((scale for scale in self.scales if scale.id == item.scale), None)

    def variant(self, variant_id: str) -> ScaleVariant:
        """The simplified scale with this id; InstrumentError if there is none."""
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        known = _listed(v.id for v in self.variants) or "none"
        raise InstrumentError(
            "instrument {instrument!r} has no simplified scale {variant!r} (simplified scales: {known})",
            reason="no_such_variant",
            instrument=self.id,
            variant=variant_id,
            known=known,
        )

    def wording_languages(self) -> tuple[str, ...]:
        """Languages in which every question is worded or labelled, in the order of the file."""
        found = dict.fromkeys(
            language for item in self.items for texts in (item.wording, item.label) for language in texts
        )
        return tuple(
            language
            for language in found
            if all(item.wording.get(language) or item.label.get(language) for item in self.items)
        )

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values; `quant.instrument_from_dict` reads them back."""
        return asdict(self)


def _check(instrument: Instrument) -> None:
    if not instrument.items:
        raise InstrumentError(
            "instrument {instrument!r} has no items; an instrument needs one or more",
            reason="no_items",
            instrument=instrument.id,
        )
    if not instrument.respondents:
        raise InstrumentError(
            "instrument {instrument!r} names no respondent; add one under respondents",
            reason="no_respondents",
            instrument=instrument.id,
        )
    for what, ids in (
        ("item", [i.id for i in instrument.items]),
        ("respondent", [r.id for r in instrument.respondents]),
        ("factor", [f.id for f in instrument.factors]),
        ("dimension", [d.id for d in instrument.dimensions]),
        ("scale", [s.id for s in instrument.scales]),
        ("variant", [v.id for v in instrument.variants]),
    ):
        _check_unique(instrument, what, ids)
    for item in instrument.items:
        _check_item(instrument, item)
    for factor in instrument.factors:
        _check_factor(instrument, factor)
    for scale in instrument.scales:
        check_scale(instrument.id, scale)
    for variant in instrument.variants:
        _check_variant(instrument, variant)


def _check_unique(instrument: Instrument, what: str, ids: list[str]) -> None:
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise InstrumentError(
            "instrument {instrument!r}: {what} id {id!r} occurs twice; ids must differ",
            reason="repeated_id",
            instrument=instrument.id,
            what=what,
            id=repeated[0],
        )


def _check_item(instrument: Instrument, item: Item) -> None:
    known = {r.id for r in instrument.respondents}
    if item.respondent not in known:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: respondent {respondent!r} is unknown (known: {known})",
            reason="unknown_respondent",
            instrument=instrument.id,
            item=item.id,
            respondent=item.respondent,
            known=_listed(known),
        )
    if item.scale_min >= item.scale_max:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: scale {low}-{high} must run from low to high",
            reason="scale_reversed",
            instrument=instrument.id,
            item=item.id,
            low=item.scale_min,
            high=item.scale_max,
        )
    if item.direction not in (1, -1):
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: direction is {direction!r}; "
            "use 1 (high is good) or -1 (low is good)",
            reason="bad_direction",
            instrument=instrument.id,
            item=item.id,
            direction=item.direction,
        )
    if instrument.dimensions and item.dimension not in {d.id for d in instrument.dimensions}:
        listed = _listed(d.id for d in instrument.dimensions)
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: dimension {dimension!r} is unknown (known: {known})",
            reason="unknown_dimension",
            instrument=instrument.id,
            item=item.id,
            dimension=item.dimension,
            known=listed,
        )
    if item.scale and item.scale not in {s.id for s in instrument.scales}:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: scale {scale!r} is unknown (known: {known})",
            reason="unknown_scale",
            instrument=instrument.id,
            item=item.id,
            scale=item.scale,
            known=_listed(s.id for s in instrument.scales) or "none",
        )
    if item.pair is not None:
        _check_pair(instrument, item)


def _check_pair(instrument: Instrument, item: Item) -> None:
    other = next((i for i in instrument.items if i.id == item.pair), None)
    if other is None:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: pair {pair!r} is no item of the instrument",
            reason="pair_no_item",
            instrument=instrument.id,
            item=item.id,
            pair=item.pair,
        )
    if other.pair != item.id:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: pair {pair!r} must name {item!r} as its own pair",
            reason="pair_one_way",
            instrument=instrument.id,
            item=item.id,
            pair=item.pair,
        )
    if other.respondent == item.respondent:
        raise InstrumentError(
            "instrument {instrument!r}, item {item!r}: pair {pair!r} has the same respondent; "
            "a pair needs two",
            reason="pair_same_respondent",
            instrument=instrument.id,
            item=item.id,
            pair=item.pair,
        )


def _check_factor(instrument: Instrument, factor: NamedFactor) -> None:
    unknown = [i for i in factor.items if i not in instrument.item_ids()]
    if unknown:
        raise InstrumentError(
            "instrument {instrument!r}, factor {factor!r}: item {item!r} is unknown",
            reason="factor_unknown_item",
            instrument=instrument.id,
            factor=factor.id,
            item=unknown[0],
        )
    if not factor.items:
        raise InstrumentError(
            "instrument {instrument!r}, factor {factor!r}: it has no items",
            reason="factor_no_items",
            instrument=instrument.id,
            factor=factor.id,
        )


def _check_variant(instrument: Instrument, variant: ScaleVariant) -> None:
    known = {r.id for r in instrument.respondents}
    for respondent in variant.respondents:
        if respondent not in known:
            raise InstrumentError(
                "instrument {instrument!r}, simplified scale {variant!r}: respondent {respondent!r} "
                "is unknown (known: {known})",
                reason="variant_unknown_respondent",
                instrument=instrument.id,
                variant=variant.id,
                respondent=respondent,
                known=_listed(known),
            )
    scales = {(i.scale_min, i.scale_max) for i in instrument.items if variant.allows(i.respondent)}
    check_variant(instrument.id, variant, scales)


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))
