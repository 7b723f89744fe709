"""The links between themes and numbers: listing, adding, removing, and the scheme's own crosswalk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from coding_schemes import Scheme, list_schemes
from workbench.i18n import label, t
from workbench.services.linking import (
    StoredLink,
    add_link,
    apply_crosswalk,
    levels,
    list_links,
    remove_link,
    split_columns,
    target_names,
)
from workbench.services.studies import Study
from workbench.services.survey_tables import background_label
from workbench.triangulation import link_level
from workbench.ui import session
from workbench.ui.choices import forget_choices
from workbench.ui.row_choice import choose_row
from workbench.ui.uploads import label_uploaders, on_disk

KEY = "page.triangulation.links"
# Raised to begin with an empty choice of rows.
ROUND = f"{KEY}.round"
KINDS = ("factor", "indicator", "outcome", "subgroup", "estimate")
USUAL_LEVEL = {
    "factor": "construct",
    "indicator": "construct",
    "outcome": "effect",
    "subgroup": "effect",
    "estimate": "effect",
}
LIST_HEIGHT = 420


def show(study: Study, scheme: Scheme) -> None:
    """The list, and below it a new link and the crosswalk of the scheme."""
    links, names = list_links(study), target_names(study, language=session.language())
    st.markdown(t("linking.lead"))
    if links:
        _show_list(study, scheme, links, names)
    else:
        st.info(t("linking.none"), icon=":material/link_off:")
    with st.expander(t("linking.add_title"), icon=":material/add_link:", expanded=not links):
        if names:
            _show_form(study, scheme, names)
        else:
            st.info(t("linking.no_numbers"), icon=":material/query_stats:")
    with st.expander(t("linking.crosswalk_title"), icon=":material/restart_alt:"):
        _show_crosswalk(study, scheme)


def _show_list(study: Study, scheme: Scheme, links: Sequence[StoredLink], names: Mapping[str, str]) -> None:
    language = session.language()
    themes = {code.path: label(code.label) for code in scheme.codes}
    titles = {
        name: t(f"linking.column.{name}") for name in ("theme", "kind", "target", "by", "level", "state")
    }
    rows = [
        {
            titles["theme"]: themes.get(link.theme, link.theme),
            titles["kind"]: t(f"linking.kind.{link.target.kind}"),
            titles["target"]: names.get(str(link.target), link.target.id.replace("_", " ")),
            titles["by"]: background_label(link.by, language, scheme) if link.by else "",
            titles["level"]: t(f"triangulation.level.{link.level}.name").capitalize(),
            titles["state"]: t(f"linking.{'by_hand' if link.origin == 'hand' else 'from_scheme'}")
            if link.known
            else t("linking.not_in_study"),
        }
        for link in links
    ]
    number = choose_row(rows, key=f"{KEY}.list.{st.session_state.get(ROUND, 0)}", most_height=LIST_HEIGHT)
    if number is None:
        st.caption(t("linking.select_a_row"))
        return
    link = links[number]
    with st.container(border=True):
        st.markdown(f"**{rows[number][titles['theme']]} – {rows[number][titles['target']]}**")
        _show_level(link.level)
        if link.note:
            st.caption(label(link.note))
        if st.button(t("linking.remove"), icon=":material/link_off:", key=f"{KEY}.remove"):
            with session.shown_errors():
                remove_link(study, link.id, actor=session.coder())
                _start_again()
                session.notify(t("linking.removed"))
                st.rerun()


def _show_form(study: Study, scheme: Scheme, names: Mapping[str, str]) -> None:
    themes = {code.path: label(code.label) for code in scheme.codes}
    first, second, third = st.columns([2, 2, 3])
    theme = first.selectbox(
        t("linking.column.theme"),
        list(themes),
        format_func=lambda path: ("– " if "/" in path else "") + themes[path],
        key=f"{KEY}.theme",
    )
    kinds = [kind for kind in KINDS if any(name.startswith(f"{kind}:") for name in names)]
    kind = second.selectbox(
        t("linking.column.kind"),
        kinds,
        format_func=lambda name: t(f"linking.kind.{name}"),
        key=f"{KEY}.kind",
    )
    target = third.selectbox(
        t("linking.column.target"),
        [name for name in names if name.startswith(f"{kind}:")],
        format_func=lambda name: names[name],
        key=f"{KEY}.target.{kind}",
    )
    by = _show_split(study, scheme, kind)
    usual = "subgroup" if by else USUAL_LEVEL[kind]
    level = st.selectbox(
        t("linking.column.level"),
        levels(),
        index=levels().index(usual),
        format_func=lambda name: t(f"triangulation.level.{name}.name").capitalize(),
        key=f"{KEY}.level.{usual}",
    )
    _show_level(level)
    if st.button(t("linking.add"), type="primary", icon=":material/add_link:", key=f"{KEY}.add"):
        with session.shown_errors():
            add_link(study, theme, target, level=level, by=by, actor=session.coder())
            _start_again()
            session.notify(t("linking.added"))
            st.rerun()


def _show_split(study: Study, scheme: Scheme, kind: str) -> str | None:
    """The background that parts a score in two; None for the score as a whole and for effects."""
    columns = split_columns(study) if kind in ("factor", "indicator") else ()
    if not columns:
        return None
    language = session.language()
    return st.selectbox(
        t("linking.column.by"),
        columns,
        index=None,
        format_func=lambda name: background_label(name, language, scheme),
        placeholder=t("linking.whole"),
        help=t("linking.by_help"),
        key=f"{KEY}.by",
    )


def _show_level(level_id: str) -> None:
    level = link_level(level_id)
    st.caption(f":material/check: {level.may()}  \n:material/block: {level.may_not()}")


def _show_crosswalk(study: Study, scheme: Scheme) -> None:
    st.markdown(t("linking.crosswalk_text"))
    if scheme.id in list_schemes():
        named = label(scheme.label)
        if st.button(t("linking.restore", scheme=named), icon=":material/restart_alt:", key=f"{KEY}.restore"):
            _restore(study, scheme.id)
    label_uploaders()
    upload = st.file_uploader(t("linking.file"), type=["toml", "xlsx"], key=f"{KEY}.file")
    if upload is not None and st.button(t("linking.use_file"), key=f"{KEY}.use_file"):
        with on_disk(upload) as path:
            _restore(study, str(path))


def _restore(study: Study, source: str) -> None:
    with session.shown_errors():
        count = apply_crosswalk(study, source, actor=session.coder())
        _start_again()
        session.notify(t("linking.restored", n=count))
        st.rerun()


def _start_again() -> None:
    number = st.session_state.get(ROUND, 0) + 1
    forget_choices(f"{KEY}.")
    st.session_state[ROUND] = number
