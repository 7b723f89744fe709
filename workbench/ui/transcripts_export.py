"""Taking an interview out as a file, and an exported file back in after it was edited elsewhere."""

from __future__ import annotations

from functools import partial

import streamlit as st

from workbench.i18n import label, t
from workbench.services.coded_plans import ReturnPlan, plan_return
from workbench.services.coded_returns import returned_text, take_back
from workbench.services.exporting import (
    FORMATS,
    ExportContents,
    ExportOptions,
    export_contents,
    export_transcript,
    export_zip,
    file_name,
)
from workbench.services.import_drafts import UnknownChoice
from workbench.services.schemes import code_uses
from workbench.services.studies import Study
from workbench.services.transcripts import StoredTranscript
from workbench.ui import session
from workbench.ui.uploads import given_file

ROUND = "page.export.round"
LISTED = 8


def show_exports(study: Study, transcript: StoredTranscript) -> None:
    """Choice of format and content with what the file will hold; the way back below."""
    facts = transcript.facts
    with st.expander(t("transcripts.export"), icon=":material/download:"):
        ending = st.segmented_control(
            t("exporting.page.format"),
            FORMATS,
            default="docx",
            key=f"page.export.{facts.id}.format",
            format_func=lambda name: t(f"exporting.page.format_{name}"),
            required=True,
        )
        options = _options(study, transcript, str(ending))
        contents = export_contents(study, facts.id, options=options)
        st.caption(_described(contents, str(ending)))
        st.download_button(
            t("exporting.page.download", name=facts.name),
            data=partial(
                export_transcript, study, facts.id, str(ending), language=session.language(), options=options
            ),
            file_name=file_name(facts.name, str(ending)),
            key=f"page.export.{facts.id}.one",
            type="primary",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            t("exporting.page.download_all"),
            data=partial(
                export_zip, study, str(ending), language=session.language(), options=_for_all(options)
            ),
            file_name=file_name(f"interviews {ending}", "zip"),
            key=f"page.export.{facts.id}.all",
            on_click="ignore",
            width="stretch",
        )
    _show_return(study, transcript)


def _options(study: Study, transcript: StoredTranscript, ending: str) -> ExportOptions:
    facts = transcript.facts
    times = True
    if any(turn.time_seconds is not None for turn in transcript.turns):
        times = st.checkbox(t("exporting.page.times"), value=True, key=f"page.export.{facts.id}.times")
    if ending == "txt":
        return ExportOptions(codings=False, annotations=False, times=times)
    if not transcript.codings:
        return ExportOptions(times=times)
    coded = st.checkbox(t("exporting.page.codings"), value=True, key=f"page.export.{facts.id}.codings")
    if not coded:
        return ExportOptions(codings=False, times=times)
    coders = sorted({coding.coder for coding in transcript.codings})
    chosen = coders
    if len(coders) > 1:
        chosen = st.multiselect(
            t("exporting.page.coders"),
            coders,
            placeholder=t("exporting.page.everyone"),
            key=f"page.export.{facts.id}.coders",
        )
    labels = {use.code.path: label(use.code.label) for use in code_uses(study)}
    themes = [path for path in labels if "/" not in path]
    codes = st.multiselect(
        t("exporting.page.codes"),
        themes,
        format_func=lambda path: labels[path],
        placeholder=t("exporting.page.every_code"),
        key=f"page.export.{facts.id}.codes",
    )
    legend = st.checkbox(t("exporting.page.legend"), value=True, key=f"page.export.{facts.id}.legend")
    return ExportOptions(
        coders=tuple(chosen) if len(coders) > 1 else (), codes=tuple(codes), times=times, legend=legend
    )


def _for_all(options: ExportOptions) -> ExportOptions:
    """Coders are chosen among those of one interview; in the others they may not have coded."""
    return ExportOptions(
        codings=options.codings,
        codes=options.codes,
        annotations=options.annotations,
        times=options.times,
        legend=options.legend,
    )


def _described(contents: ExportContents, ending: str) -> str:
    parts = [t("exporting.page.turns", n=contents.turns)]
    if ending != "txt":
        total = sum(contents.codings.values())
        parts.append(t("exporting.n_codings", n=total))
        parts.extend(f"{coder}: {number}" for coder, number in sorted(contents.codings.items()))
        if contents.comments:
            parts.append(t("exporting.page.comments", n=contents.comments))
    return " · ".join(parts)


def _show_return(study: Study, transcript: StoredTranscript) -> None:
    turn = st.session_state.get(ROUND, 0)
    with st.expander(t("exporting.page.back"), icon=":material/upload:"):
        st.caption(t("exporting.page.back_text"))
        upload = st.file_uploader(
            t("exporting.page.back_file"),
            type=["docx", "html"],
            key=f"page.export.{transcript.facts.id}.back.{turn}",
            label_visibility="collapsed",
        )
        if upload is None:
            return
        with session.shown_errors():
            file = given_file(upload)
            plan = plan_return(study, file)
            if plan is None:
                st.warning(t("errors.no_exported_file", file=file.name))
                return
            if plan.transcript_id != transcript.facts.id:
                st.warning(t("exporting.page.another", name=plan.transcript))
                return
            unknown, remove = _show_plan(plan)
            if st.button(
                t("exporting.page.take_back"), type="primary", key=f"page.export.{transcript.facts.id}.take"
            ):
                report = take_back(study, file, actor=session.coder(), unknown=unknown, remove_missing=remove)
                st.session_state[ROUND] = turn + 1
                session.notify(returned_text(report) or t("exporting.page.nothing"))
                st.rerun()


def _show_plan(plan: ReturnPlan) -> tuple[UnknownChoice, bool]:
    """What the file would change, and the two choices that are left to a person."""
    counts = plan.counts
    said = [
        t(f"exporting.returned.{name}", n=counts[name])
        for name in ("same", "removed_here", "no_words")
        if counts.get(name)
    ]
    said += [
        t(f"exporting.page.would_{name}", n=counts[name]) for name in ("new", "changed") if counts.get(name)
    ]
    if plan.text is not None:
        said.insert(0, t("exporting.page.would_text"))
        fates = plan.text.counts
        said += [t(f"exporting.page.fate_{name}", n=fates[name]) for name in ("lost",) if fates.get(name)]
    st.markdown("\n".join(f"- {line}" for line in said) or t("exporting.page.nothing"))
    key = f"page.export.{plan.transcript_id}"
    unknown: UnknownChoice = "leave"
    if plan.unknown:
        st.markdown(t("exporting.page.unknown", codes=", ".join(f"`{path}`" for path in plan.unknown)))
        if st.checkbox(t("exporting.page.create_codes"), key=f"{key}.create"):
            unknown = "create"
    remove = False
    if plan.missing:
        listed = [f"- {one.code} ({one.coder}): “{_short(one.quote)}”" for one in plan.missing[:LISTED]]
        if len(plan.missing) > LISTED:
            listed.append("- …")
        st.markdown(t("exporting.page.missing", n=len(plan.missing)) + "\n" + "\n".join(listed))
        remove = st.checkbox(t("exporting.page.remove_missing"), key=f"{key}.remove")
    return unknown, remove


def _short(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= 60 else f"{line[:57]}…"
