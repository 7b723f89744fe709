"""Which codings are drawn and listed, by theme and coder; and whether those of others may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from workbench.i18n import t
from workbench.services.coding import Coding
from workbench.ui.coding_material import CodeList
from workbench.ui.coding_surface import SurfaceFilter

THEMES = "page.coding.filter_themes"
CODERS = "page.coding.filter_coders"
EDIT_OTHERS = "page.coding.edit_others"


@dataclass(frozen=True)
class Narrowed:
    """The codings that are shown; None for themes or coders means all of them."""

    codes: frozenset[str] | None
    coders: frozenset[str] | None

    @property
    def narrows(self) -> bool:
        """Whether anything may be left out."""
        return self.codes is not None or self.coders is not None

    def shows(self, coding: Coding) -> bool:
        """Whether this coding is drawn."""
        return (self.codes is None or coding.code in self.codes) and (
            self.coders is None or coding.coder in self.coders
        )

    def for_surface(self) -> SurfaceFilter:
        """As the surface takes it."""
        return SurfaceFilter(codes=self.codes, coders=self.coders)


def edits_others() -> bool:
    """Whether this user has chosen to change what others coded."""
    return bool(st.session_state.get(EDIT_OTHERS, False))


def narrowed(codes: CodeList) -> Narrowed:
    """What is chosen to be shown."""
    themes = st.session_state.get(THEMES) or []
    coders = st.session_state.get(CODERS) or []
    paths = frozenset(path for path in codes.labels if path.split("/")[0] in themes)
    return Narrowed(codes=paths if themes else None, coders=frozenset(coders) if coders else None)


def show(codes: CodeList, codings: Sequence[Coding], chosen: Narrowed, *, coder: str) -> None:
    """The controls, folded into one button that says how much is shown."""
    shown = sum(map(chosen.shows, codings))
    title = (
        t("coding.filter.shows", shown=shown, of=len(codings)) if chosen.narrows else t("coding.filter.all")
    )
    with st.popover(title, icon=":material/filter_alt:", type="primary" if chosen.narrows else "secondary"):
        st.pills(
            t("coding.filter.themes"),
            codes.themes,
            key=THEMES,
            selection_mode="multi",
            format_func=codes.label,
        )
        coders = sorted(
            {coding.coder for coding in codings} | set(st.session_state.get(CODERS) or ()) | {coder}
        )
        st.pills(t("coding.filter.coders"), coders, key=CODERS, selection_mode="multi")
        st.toggle(t("coding.filter.edit_others"), key=EDIT_OTHERS, help=t("coding.filter.edit_others_help"))
