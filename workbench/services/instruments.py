"""The study's questionnaire as a file: out, in again, and what another one would do to the answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from quant import Instrument, list_instruments, load_instrument, template_instrument, write_instrument
from workbench.display import Column, TableSpec
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, label, t
from workbench.services import surveys
from workbench.services.files import GivenFile
from workbench.store.engine import StudyStore as Study


@dataclass(frozen=True)
class InstrumentChange:
    """What a new questionnaire would do to the study; counts are answers (one item of one questionnaire).

    answers : all stored answers that count today.   kept : those that would still count.
    items_gone, items_new : item ids.   items_reworded : items asked in other words, or labelled otherwise.
    items_rescaled : items whose scale or direction changes.
    lost : item id -> answers that would not count any longer; they stay stored, and count again with the old
        questionnaire.
    """

    current: str
    wanted: str
    answers: int
    kept: int
    items_gone: tuple[str, ...]
    items_new: tuple[str, ...]
    items_reworded: tuple[str, ...]
    items_rescaled: tuple[str, ...]
    lost: dict[str, int]

    @property
    def changes_answers(self) -> bool:
        """Whether answers are lost or mean something else."""
        return bool(self.lost) or (self.answers > 0 and bool(self.items_rescaled))

    def as_dict(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)


def compare(study: Study, wanted: Instrument) -> InstrumentChange:
    """What would happen if `wanted` took the place of the study's questionnaire; nothing is changed."""
    current = surveys.study_instrument(study)
    if current is None:
        return InstrumentChange("", wanted.id, 0, 0, (), wanted.item_ids(), (), (), {})
    old = {item.id: item for item in current.items}
    new = {item.id: item for item in wanted.items}
    shared = [item for item in old if item in new]
    before, after = _counts(study, current), _counts(study, wanted)
    lost = {item: n - after.get(item, 0) for item, n in before.items() if after.get(item, 0) < n}
    total = sum(before.values())
    return InstrumentChange(
        current=current.id,
        wanted=wanted.id,
        answers=total,
        kept=total - sum(lost.values()),
        items_gone=tuple(item for item in old if item not in new),
        items_new=tuple(item for item in new if item not in old),
        items_reworded=tuple(item for item in shared if _words(old[item]) != _words(new[item])),
        items_rescaled=tuple(item for item in shared if _meaning(old[item]) != _meaning(new[item])),
        lost=lost,
    )


def newer_shipped(study: Study) -> Instrument | None:
    """The shipped questionnaire of the same id, where it differs from the one in the study; else None."""
    current = surveys.study_instrument(study)
    if current is None or current.id not in list_instruments():
        return None
    shipped = load_instrument(current.id)
    same = json.dumps(shipped.as_dict(), sort_keys=True) == json.dumps(current.as_dict(), sort_keys=True)
    return None if same else shipped


def update_instrument(study: Study, *, actor: str, replace: bool = False) -> InstrumentChange:
    """Take the shipped version of the study's questionnaire, and say what that did.

    replace : also where answers would be lost or mean something else.
    Raises NotFoundError if there is no newer one, InvalidRequestError if answers would change.
    """
    wanted = newer_shipped(study)
    if wanted is None:
        raise NotFoundError(t("errors.no_newer_questionnaire", name=surveys.require_instrument(study).id))
    change = compare(study, wanted)
    if change.changes_answers and not replace:
        raise InvalidRequestError(
            t("errors.instrument_changes_answers", lines=" ".join(change_lines(change)))
        )
    surveys.set_instrument(study, wanted, actor=actor, keep_answers=True)
    return change


def _counts(study: Study, instrument: Instrument) -> dict[str, int]:
    """Answers by item, read with that instrument."""
    answers = surveys.answers_read_with(study, instrument)
    if answers is None:
        return {}
    return {str(item): int(n) for item, n in answers.frame["item"].value_counts(sort=False).items()}


def _meaning(item: Any) -> tuple[Any, ...]:
    return item.scale_min, item.scale_max, item.direction, item.respondent


def _words(item: Any) -> tuple[Any, ...]:
    return dict(item.label), dict(item.wording)


def change_lines(change: InstrumentChange) -> tuple[str, ...]:
    """The change in sentences, in the language of the run."""
    lines = [t("entry.change.items", new=len(change.items_new), gone=len(change.items_gone))]
    if change.items_reworded:
        lines.append(t("entry.change.reworded", n=len(change.items_reworded)))
    if change.items_rescaled:
        lines.append(t("entry.change.rescaled", items=", ".join(change.items_rescaled)))
    if change.answers:
        lines.append(t("entry.change.answers", kept=change.kept, answers=change.answers))
    if change.lost:
        lost = ", ".join(f"{item} ({count})" for item, count in change.lost.items())
        lines.append(t("entry.change.lost", items=lost))
    return tuple(lines)


def instrument_file(study: Study, name: str) -> GivenFile:
    """The study's questionnaire as a .toml or .xlsx file. Raises NotFoundError, InstrumentError."""
    return GivenFile(name, write_instrument(surveys.require_instrument(study), name))


def template_file(name: str) -> GivenFile:
    """A small questionnaire to overwrite with one's own, as .toml or .xlsx. Raises InstrumentError."""
    return GivenFile(name, write_instrument(template_instrument(), name))


def items_table(instrument: Instrument, *, language: Language) -> TableSpec:
    """The questions: wording, respondent, dimension, scale, direction and pair."""

    def word(key: str) -> str:
        return t(f"entry.items.{key}", language=language)

    columns = (
        Column("id", word("id"), weight=1.3),
        Column("question", word("question"), weight=3.2),
        Column("respondent", word("respondent"), weight=1.1),
        Column("dimension", word("dimension"), weight=1.5),
        Column("scale", word("scale"), weight=0.6),
        Column("good", word("good"), weight=0.6),
        Column("pair", word("pair"), weight=1.3, missing="–"),
    )
    rows = tuple(
        (
            item.id,
            item.question(language),
            label(instrument.respondent(item.respondent).label, language=language),
            label(instrument.dimension_label(item.dimension), language=language) if item.dimension else "",
            f"{item.scale_min}–{item.scale_max}",
            word("high" if item.direction == 1 else "low"),
            item.pair,
        )
        for item in instrument.items
    )
    return TableSpec(
        key="instrument",
        title=label(instrument.label, language=language),
        columns=columns,
        rows=rows,
        notes=tuple(
            t(
                "entry.items.variant",
                language=language,
                variant=label(variant.label, language=language),
                rule=variant_rule(instrument, variant.id),
            )
            for variant in instrument.variants
        ),
        source=instrument.source,
        language=language,
    )


def variant_rule(instrument: Instrument, variant_id: str) -> str:
    """How a simplified scale is mapped: `1→1, 2→4, 3→7`, for each scale of its items."""
    variant = instrument.variant(variant_id)
    scales = dict.fromkeys(
        (item.scale_min, item.scale_max) for item in instrument.items if variant.allows(item.respondent)
    )
    return "; ".join(
        ", ".join(f"{point}→{value:g}" for point, value in variant.table(low, high).items())
        for low, high in scales
    )
