"""Stars to print: a sheet a caseworker (or any other group), a small star a person, known by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quant import StarData, star
from quant.unit_comparison import unit_name
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import Language, label, t
from workbench.services import surveys
from workbench.services.schemes import study_scheme
from workbench.services.status_notes import find_column, unit_columns, units_of
from workbench.services.survey_tables import background_label
from workbench.services.terms import term_label
from workbench.store.engine import StudyStore as Study
from workbench.word import Block, FigureBlock, Heading, PageBreak, Paragraph, render

if TYPE_CHECKING:
    from workbench.figures import Figure

USUAL_CASELOADS = ("caseworker", "sagsbehandler", "team")
STARS_A_SHEET = 20
MOST_SHEETS = 200


@dataclass(frozen=True)
class Caseload:
    """The persons of one group, each with the star of all their answers."""

    unit: str
    title: str
    persons: tuple[str, ...]
    stars: tuple[StarData, ...]


def caseload_columns(study: Study) -> tuple[str, ...]:
    """Background columns that can name caseloads, the usual ones first."""
    names = unit_columns(study)
    return tuple(sorted(names, key=lambda name: (name.lower() not in USUAL_CASELOADS, names.index(name))))


def caseloads(
    study: Study, *, by: str | None = None, unit: str | None = None, language: Language
) -> list[Caseload]:
    """The caseloads of a background column, or one of them.

    by : the column; the one that holds `unit`, else the caseworkers' if None.
    Raises NotFoundError, InvalidRequestError (no column, or more than 200 groups).
    """
    if by is None:
        columns = caseload_columns(study)
        if unit is None and not columns:
            raise InvalidRequestError(t("errors.stars_no_column"))
        by = find_column(study, unit) if unit is not None else columns[0]
    known = units_of(study, by)
    if unit is not None and unit not in known:
        raise NotFoundError(t("errors.note_not_in_column", unit=unit, column=by, units=", ".join(known[:20])))
    wanted = known if unit is None else (unit,)
    if len(wanted) > MOST_SHEETS:
        raise InvalidRequestError(t("errors.stars_too_many", n=len(wanted), limit=MOST_SHEETS, column=by))
    answers, scheme = surveys.require_answers(study), study_scheme(study)
    owner = answers.persons[by].dropna().map(unit_name)
    people = {name: sorted(str(key) for key in part.index) for name, part in owner.groupby(owner)}
    column = background_label(by, language, scheme)
    return [
        Caseload(
            unit=name,
            title=f"{column} {term_label(scheme, name, language)}",
            persons=tuple(people[name]),
            stars=tuple(star(answers, person) for person in people[name]),
        )
        for name in wanted
    ]


def stars_docx(sheets: Sequence[Caseload], *, language: Language) -> bytes:
    """The caseloads as the bytes of a .docx file, each beginning on a page of its own."""
    blocks: list[Block] = []
    for sheet in sheets:
        for start in range(0, len(sheet.stars), STARS_A_SHEET):
            title = t("notes.stars.title", language=language, unit=sheet.title)
            blocks += [PageBreak()] if blocks else []
            blocks.append(Heading(1, title, numbered=False))
            blocks.append(Paragraph(t("notes.stars.confidential", language=language), "note"))
            blocks.append(FigureBlock(stars_figure(sheet, language, start=start)))
    title = t("notes.stars.title", language=language, unit=sheets[0].title if len(sheets) == 1 else "")
    return render(blocks, language=language, title=title.rstrip(": "), paginate=False)


def stars_figure(sheet: Caseload, language: Language, *, start: int = 0) -> Figure:
    """Up to twenty stars of a caseload: the last round of each respondent.

    Raises InvalidRequestError if the questionnaire has fewer than three dimensions.
    """
    from workbench.figures.star_grid import SmallStar, star_grid

    stars = sheet.stars[start : start + STARS_A_SHEET]
    axes = [label(axis.label, language=language) for axis in stars[0].axes]
    if len(axes) < 3:
        raise InvalidRequestError(t("errors.stars_few_axes"))
    small = []
    for data in stars:
        last = {series.respondent: series for series in sorted(data.series, key=lambda series: series.round)}
        named = {label(series.respondent_label, language=language): series.values for series in last.values()}
        small.append(SmallStar(_caption(data, language), dict(sorted(named.items()))))
    numbered = ", ".join(f"{number} {name.lower()}" for number, name in enumerate(axes, start=1))
    low, high = stars[0].scale_min, stars[0].scale_max
    return star_grid(
        small,
        axes=axes,
        scale=(low, high),
        title=t("notes.stars.persons", language=language, n=len(stars)),
        alt_text=t("notes.stars.alt", language=language, n=len(stars)),
        language=language,
        notes=(t("notes.stars.note", language=language, low=low, high=high, axes=numbered),),
    )


def _caption(data: StarData, language: Language) -> str:
    latest = max(series.round for series in data.series)
    return f"{data.person}, {t('notes.stars.key_round', language=language, round=latest)}"
