"""Importing estimates: the file, its columns, what would be read, and saving it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from quant import EstimateMapping, QuantError
from quant.estimate_mapping import COLUMN_NAMES
from quant.regression_grids import TABLE
from workbench.errors import error_text
from workbench.i18n import get_language, t
from workbench.services import effects
from workbench.services.effects import EstimatesDraft
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.services.survey_tables import findings_detail, findings_table
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.tables import download_table, show_table
from workbench.ui.uploads import given_file

KEY = "page.effects.import"
# Raised to empty the uploader.
ROUND = f"{KEY}.round"
NATURES = ("published", "measured", "simulated", "invented")
FIRST = ("estimate", "std_error", "outcome")
SURE = 90.0
COLUMNS_ABREAST = 3
# Lists of estimates, and documents with printed tables.
KINDS = (
    "csv",
    "txt",
    "xlsx",
    "xls",
    "ods",
    "docx",
    "dta",
    "sav",
    "parquet",
    "rtf",
    "html",
    "tex",
    "smcl",
    "md",
)
WHOLE_FILE = ("outcome", "subgroup", "period")


def show_import(study: Study) -> None:
    """The form for a file of estimates; nothing is stored before the last button."""
    number = st.session_state.get(ROUND, 0)
    upload = st.file_uploader(
        t("effects.import.file"),
        type=list(KINDS),
        help=t("effects.import.help"),
        key=f"{KEY}.file.{number}",
    )
    if upload is None:
        return
    file = given_file(upload)
    try:
        with st.spinner(t("effects.import.reading", file=file.name)):
            guess = _guess(file)
    except QuantError as error:
        st.error(error_text(error), icon=":material/error:")
        return
    mapping = _mapping_form([str(column) for column in guess.table.columns], guess, file)
    source, nature = _origin_form(file, number)
    draft = None
    if "estimate" in mapping.columns:
        draft = effects.draft_estimates(file, mapping=mapping, label=source)
        _show_preview(study, draft)
    _show_buttons(study, draft, source, nature)


def _guess(file: GivenFile) -> EstimatesDraft:
    known = st.session_state.get(f"{KEY}.guess")
    if known is None or known[0] != file.sha256:
        known = (file.sha256, effects.draft_estimates(file))
        st.session_state[f"{KEY}.guess"] = known
    draft: EstimatesDraft = known[1]
    return draft


def _mapping_form(columns: list[str], guess: EstimatesDraft, file: GivenFile) -> EstimateMapping:
    """The guessed columns, changed by hand; what is missing or uncertain stands open."""
    base = guess.mapping or EstimateMapping({})
    unsure = [name for name in FIRST if name not in base.columns or base.scores.get(name, 100.0) < SURE]
    icon, text = ("rule", "not_sure") if unsure else ("check", "all_sure")
    st.caption(f":material/{icon}: {t(f'effects.import.{text}')}")
    key = f"{KEY}.map.{file.sha256[:8]}"
    shown = _examples(guess)
    chosen = _select_columns(unsure, columns, base, key, shown)
    with st.expander(t("effects.import.show_all"), icon=":material/view_column:"):
        rest = [name for name in COLUMN_NAMES if name not in unsure]
        chosen |= _select_columns(rest, columns, base, key, shown)
        model = st.multiselect(
            t("effects.field.model"),
            columns,
            default=[column for column in base.model if column in columns],
            placeholder=t("effects.import.none"),
            format_func=shown,
            key=f"{key}.model",
        )
        constants = _whole_file(key)
    filled = {name: chosen[name] for name in COLUMN_NAMES if chosen.get(name) is not None}
    return EstimateMapping(
        {name: str(column) for name, column in filled.items()},
        tuple(model),
        constants=constants,
        only=_tables(guess, key),
    )


def _whole_file(key: str) -> dict[str, str]:
    """What no column says because it holds for the whole file, such as the group a table is about."""
    places = st.columns(len(WHOLE_FILE))
    texts = {
        name: place.text_input(
            t("effects.import.whole_file", label=t(f"effects.field.{name}")), key=f"{key}.whole.{name}"
        ).strip()
        for place, name in zip(places, WHOLE_FILE, strict=True)
    }
    return {name: text for name, text in texts.items() if text}


def _tables(guess: EstimatesDraft, key: str) -> dict[str, tuple[str, ...]]:
    """Which tables of a document are taken; all of them say nothing."""
    tables = guess.found.tables
    if len(tables) < 2:
        return {}
    chosen = st.multiselect(
        t("effects.import.tables"),
        [table.name for table in tables],
        default=[table.name for table in tables],
        format_func={table.name: f"{table.name} ({table.estimates})" for table in tables}.__getitem__,
        key=f"{key}.tables",
    )
    return {} if len(chosen) in (0, len(tables)) else {TABLE: tuple(chosen)}


def _examples(guess: EstimatesDraft) -> Callable[[str], str]:
    """A column by its name; one of a printed table, which has no name of its own, with what stands in it."""
    if guess.found.kind == "list":
        return str
    filled = {str(name): [text for text in guess.table[name] if text] for name in guess.table.columns}
    return lambda name: f"{name}: {filled[name][0]}" if filled.get(name) else name


def _select_columns(
    names: Sequence[str],
    columns: list[str],
    base: EstimateMapping,
    key: str,
    shown: Callable[[str], str],
) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    for start in range(0, len(names), COLUMNS_ABREAST):
        places = st.columns(COLUMNS_ABREAST)
        for place, name in zip(places, names[start : start + COLUMNS_ABREAST], strict=False):
            column = base.columns.get(name)
            score = base.scores.get(name, 100.0)
            text = t(f"effects.field.{name}")
            chosen[name] = place.selectbox(
                t("surveys.import.score", label=text, score=round(score))
                if column is not None and score < 100
                else text,
                columns,
                index=columns.index(column) if column in columns else None,
                placeholder=t("effects.import.none"),
                format_func=shown,
                key=f"{key}.{name}",
            )
    return chosen


def _origin_form(file: GivenFile, number: int) -> tuple[str, str]:
    name, nature = st.columns([3, 2])
    source = name.text_input(
        t("effects.import.label"),
        value=file.name.rpartition(".")[0] or file.name,
        help=t("effects.import.label_help"),
        key=f"{KEY}.label.{number}.{file.sha256[:8]}",
    )
    chosen = nature.segmented_control(
        t("effects.import.nature"),
        NATURES,
        default=NATURES[0],
        required=True,
        format_func=lambda word: t(f"effects.nature.{word}"),
        key=f"{KEY}.nature",
    )
    return source.strip(), chosen or NATURES[0]


def _show_preview(study: Study, draft: EstimatesDraft) -> None:
    if draft.estimates is None:
        st.error(f"{t('effects.import.not_readable')}. {draft.problem}", icon=":material/error:")
        return
    st.markdown(f"**{t('effects.import.found', n=len(draft.estimates.estimates))}**")
    stored = {source.file_name for source in effects.estimates_sources(study)}
    if draft.file.name in stored:
        st.info(t("effects.import.replaces", file=draft.file.name), icon=":material/sync:")
    findings = draft.estimates.findings
    if findings.summary:
        show_table(findings_table(findings.summary, language=get_language(), topic="effects"))
        detail = findings_detail(findings.frame, None, language=get_language(), topic="effects")
        download_table(
            detail, name="findings", key=f"{KEY}.findings", text=t("surveys.page.download_findings")
        )


def _show_buttons(study: Study, draft: EstimatesDraft | None, source: str, nature: str) -> None:
    ready = draft is not None and draft.estimates is not None
    with st.container(horizontal=True):
        save = st.button(t("effects.import.save"), type="primary", disabled=not ready, key=f"{KEY}.save")
        if st.button(t("effects.import.cancel"), key=f"{KEY}.cancel"):
            _leave()
            st.rerun()
    if save and draft is not None:
        with session.shown_errors():
            saved = effects.save_estimates(
                study,
                draft,
                actor=session.coder(),
                nature=nature,  # type: ignore[arg-type]  # one of NATURES
                label=source,
            )
            _leave("page.effects.")
            session.notify(t("effects.import.saved", n=saved.estimates))
            st.rerun()


def _leave(prefix: str = f"{KEY}.") -> None:
    """An empty form for the next file; new estimates also empty the choices among the old ones."""
    number = st.session_state.get(ROUND, 0) + 1
    forget_choices(prefix)
    st.session_state[ROUND] = number
