"""Printed forms from the study's questionnaire: one a respondent, the star to draw on, and filled stars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from quant import Instrument, Item, StarData
from workbench.errors import InvalidRequestError
from workbench.figures import Figure, radar
from workbench.i18n import LANGUAGES, Language, label, t
from workbench.services import surveys
from workbench.store.engine import StudyStore as Study
from workbench.word import Block, FigureBlock, PageBreak, Paragraph, Title, render
from workbench.word.forms import FormQuestion, PaperForm, StarForm, render_forms

FormKind = Literal["questions", "star"]
MOST_STARS = 500


def printed_forms(
    instrument: Instrument,
    *,
    kind: FormKind = "questions",
    respondents: Sequence[str] = (),
    language: str = "da",
    variant: str = "",
    office: Language = "da",
) -> bytes:
    """Forms to print as .docx, each respondent's on a page of its own.

    respondents : whose forms; all if empty.
    language : of the questions; one of `instrument.wording_languages()`.
    variant : a simplified scale; respondents who may not use it get the questionnaire's own.
    office : language of the boxes to write in and of the mark at the foot.

    Raises InstrumentError for an unknown respondent or variant; InvalidRequestError for a language in which
    the questionnaire is not worded, or a star of fewer than three questions.
    """
    if language not in instrument.wording_languages():
        raise InvalidRequestError(
            t("errors.form_language", wanted=language, known=", ".join(instrument.wording_languages()))
        )
    if variant:
        instrument.variant(variant)
    wanted = respondents or [each.id for each in instrument.respondents if instrument.item_ids(each.id)]
    form = _paper_form if kind == "questions" else _star_form
    return render_forms(
        [form(instrument, instrument.respondent(each).id, language, variant, office) for each in wanted],
        language=office,
    )


def printed_stars(study: Study, persons: Sequence[str], *, language: Language) -> bytes:
    """The filled stars of persons (one, or a caseload) as .docx, a page each.

    Raises NotFoundError for a person without answers; InvalidRequestError for none or too many.
    """
    if not 0 < len(persons) <= MOST_STARS:
        raise InvalidRequestError(t("errors.star_persons", n_persons=len(persons), most=MOST_STARS))
    instrument = surveys.require_instrument(study)
    [source] = surveys.answers_sources(study)
    blocks: list[Block] = []
    for person in persons:
        data = surveys.person_star(study, person)
        if len(data.axes) < 3:
            raise InvalidRequestError(t("errors.star_axes", n_axes=len(data.axes)))
        if blocks:
            blocks.append(PageBreak())
        blocks += [
            Title(t("entry.print.star_of", language=language, person=person)),
            Paragraph(t("entry.print.star_reading", language=language), "lead"),
            FigureBlock(star_figure(data, language=language, source=source.label)),
        ]
    return render(blocks, language=language, title=label(instrument.label, language=language))


def persons_of(study: Study, column: str, value: str) -> list[str]:
    """Persons with that value in a background column, such as a caseload. Raises InvalidRequestError."""
    persons = surveys.require_answers(study).persons
    if column not in persons.columns:
        known = ", ".join(map(str, persons.columns)) or "–"
        raise InvalidRequestError(t("errors.no_background_column", column=column, columns=known))
    return [str(person) for person in persons.index[persons[column].astype(str) == value]]


def star_figure(data: StarData, *, language: Language, source: str = "") -> Figure:
    """A star as a chart for screen and paper."""
    frame = pd.DataFrame(
        [
            {
                "axis": label(axis.label, language=language),
                "respondent": label(series.respondent_label, language=language),
                "round": series.round,
                "value": series.values[place],
            }
            for series in data.series
            for place, axis in enumerate(data.axes)
        ]
    )
    return radar(
        frame,
        title=t("surveys.star.title", language=language, person=data.person),
        language=language,
        scale=(data.scale_min, data.scale_max),
        source=source,
    )


def _paper_form(
    instrument: Instrument, respondent: str, language: str, variant: str, office: Language
) -> PaperForm:
    simplified = instrument.variant(variant) if variant else None
    used = simplified if simplified is not None and simplified.allows(respondent) else None
    return PaperForm(
        title=_text(instrument.label, language),
        respondent=_text(instrument.respondent(respondent).label, language),
        introduction=_text(instrument.introduction, language) if instrument.introduction else "",
        questions=tuple(
            _question(instrument, item, language, variant if used else "")
            for item in _items(instrument, respondent)
        ),
        boxes=_boxes(office),
        mark=_mark(instrument, respondent, label(used.label, language=office) if used else "", office),
        language=language,
        drawn=used.drawn if used is not None else "numbers",
        point_alt=t("entry.print.point", language=office),
    )


def _star_form(
    instrument: Instrument, respondent: str, language: str, variant: str, office: Language
) -> StarForm:
    items = _items(instrument, respondent)
    if len(items) < 3:
        raise InvalidRequestError(t("errors.star_axes", n_axes=len(items)))
    simplified = instrument.variant(variant) if variant else None
    used = simplified if simplified is not None and simplified.allows(respondent) else None
    low, high = (used.scale_min, used.scale_max) if used else (items[0].scale_min, items[0].scale_max)
    scale = instrument.scale_of(items[0])
    name = _text(instrument.respondent(respondent).label, language)
    return StarForm(
        title=_text(instrument.label, language),
        respondent=name,
        introduction=_star_introduction(language),
        labels=tuple(item.label.get(language) or item.question(language) for item in items),
        scale=(low, high),
        low=_text(scale.low, language) if scale else "",
        high=_text(scale.high, language) if scale else "",
        boxes=_boxes(office),
        mark=_mark(instrument, respondent, label(used.label, language=office) if used else "", office),
        language=language,
        alt_text=t("entry.print.star_alt", language=office, spokes=len(items), low=low, high=high),
    )


def _star_introduction(language: str) -> str:
    """How to draw the star, in the languages of the workbench; in others the caseworker says it."""
    spoken = next((each for each in LANGUAGES if each == language), None)
    return t("entry.print.star_introduction", language=spoken) if spoken else ""


def _question(instrument: Instrument, item: Item, language: str, variant: str) -> FormQuestion:
    scale = instrument.scale_of(item)
    low, high = item.scale_min, item.scale_max
    words = scale.points if scale else {}
    if variant:
        simplified = instrument.variant(variant)
        low, high, words = simplified.scale_min, simplified.scale_max, simplified.points
    points = tuple(range(low, high + 1))
    labels = tuple(_text(words[str(point)], language) if str(point) in words else "" for point in points)
    return FormQuestion(
        text=item.question(language),
        points=points,
        low=_text(scale.low, language) if scale else "",
        high=_text(scale.high, language) if scale else "",
        labels=labels if any(labels) else (),
    )


def _items(instrument: Instrument, respondent: str) -> list[Item]:
    return [item for item in instrument.items if item.respondent == respondent]


def _boxes(office: Language) -> tuple[str, ...]:
    return tuple(t(f"entry.print.{name}", language=office) for name in ("person", "round", "date"))


def _mark(instrument: Instrument, respondent: str, variant: str, office: Language) -> str:
    name = label(instrument.respondent(respondent).label, language=office)
    scale = f", {variant}" if variant else ""
    return f"{instrument.id} {instrument.version}, {name.lower()}{scale}"


def _text(texts: Mapping[str, str], language: str) -> str:
    """The text in a language of the form, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next((text for text in texts.values() if text), "")
