"""The codes as a tree to read: one theme after the other, each code to be folded out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from coding_schemes import Code, Scheme
from workbench.display import format_number
from workbench.i18n import label, t
from workbench.services.schemes import CodeUse, code_uses
from workbench.services.studies import Study
from workbench.ui import session

VIEW = "page.scheme.view"
VIEWS = ("codes", "crosswalk", "files")
FIND = "page.scheme.find"
VALENCES: Mapping[int, str] = {-1: "barrier", 0: "neutral", 1: "resource"}
_TEXTS = ("definition", "include", "exclude", "example")

_STYLE = """<style>
.codes details { border-bottom: 1px solid rgba(128,135,142,.22); }
.codes details.theme { margin-top: .9rem; border-bottom: 0; }
.codes details.theme > summary { font-weight: 600; font-size: 1.05rem; }
.codes summary { display: flex; align-items: baseline; gap: .55rem; padding: .42rem .2rem; cursor: pointer;
  list-style: none; }
.codes summary::-webkit-details-marker { display: none; }
.codes summary:hover { background: rgba(128,135,142,.10); }
.codes .dot { flex: none; width: .72rem; height: .72rem; border-radius: 50%; }
.codes .valence, .codes .uses { font-weight: 400; font-size: .85rem; opacity: .75; }
.codes .uses { margin-left: auto; font-variant-numeric: tabular-nums; }
.codes .retired { text-decoration: line-through; opacity: .7; }
.codes .body { padding: .1rem 0 .8rem 1.3rem; max-width: 50rem; }
.codes .body p { margin: 0 0 .45rem 0; line-height: 1.5; }
.codes .body b { font-weight: 600; }
.codes .below { padding-left: 1.3rem; }
</style>"""


def choose_view() -> str:
    """Codes, links to numbers, or files."""
    return str(
        st.segmented_control(
            t("scheme.view"),
            VIEWS,
            default="codes",
            key=VIEW,
            format_func=lambda view: t(f"scheme.view_{view}"),
            label_visibility="collapsed",
            required=True,
        )
    )


def show(study: Study, scheme: Scheme) -> None:
    """Name and description of the scheme, what valence means, and all its codes."""
    uses = code_uses(study)
    st.subheader(label(scheme.label) or scheme.id)
    st.caption(t("scheme.facts", version=scheme.version, themes=len(scheme.themes), codes=len(scheme.codes)))
    if scheme.description:
        st.markdown(label(scheme.description))
    st.caption(t("scheme.valence_explained"))
    found = st.text_input(
        t("scheme.find"), key=FIND, placeholder=t("scheme.find"), label_visibility="collapsed"
    )
    st.html(tree_html([use for use in uses if not use.retired], find=found.strip()))
    retired = [use for use in uses if use.retired]
    if retired:
        st.subheader(t("scheme.retired_title"))
        st.caption(t("scheme.retired_text"))
        st.html(tree_html(retired, find=""))


def tree_html(uses: Sequence[CodeUse], *, find: str) -> str:
    """The codes as nested, foldable HTML; with `find`, only those whose texts hold it, with what is above."""
    shown = {use.code.path for use in uses if find.lower() in _all_texts(use.code)}
    above = {path.rsplit("/", depth)[0] for path in shown for depth in range(1, path.count("/") + 1)}
    kept = [use for use in uses if use.code.path in shown | above]
    if not kept:
        return f"<p>{escape(t('scheme.nothing_found'))}</p>"
    paths = {use.code.path for use in kept}
    tops = [use for use in kept if use.code.parent not in paths]
    return f'{_STYLE}<div class="codes">{"".join(_branch(use, kept) for use in tops)}</div>'


def _branch(use: CodeUse, uses: Sequence[CodeUse]) -> str:
    children = "".join(_branch(each, uses) for each in uses if each.code.parent == use.code.path)
    place = "theme" if use.code.parent is None else "code"
    # A theme's codes stand below it whether or not its own texts are folded out.
    return (
        f'<details class="{place}"><summary>{_head(use)}</summary>'
        f'<div class="body">{_body(use.code)}</div></details>'
        + (f'<div class="below">{children}</div>' if children else "")
    )


def _head(use: CodeUse) -> str:
    code = use.code
    state = "retired" if use.retired else "used"
    name = f'<span class="{state}">{escape(label(code.label))}</span>'
    direction = t(f"scheme.valence.{VALENCES[code.valence]}")
    valence = f'<span class="valence">{escape(direction)}</span>' if code.valence else ""
    number = format_number(use.codings, 0, session.language())
    uses = t("scheme.n_codings", n=use.codings, number=number)
    dot = f'<span class="dot" style="background:{escape(code.color)}"></span>'
    return f'{dot}{name}{valence}<span class="uses">{escape(uses)}</span>'


def _body(code: Code) -> str:
    rows = [(t(f"scheme.text.{name}"), label(getattr(code, name))) for name in _TEXTS]
    rows.append((t("scheme.text.seed_words"), ", ".join(code.seed_words)))
    return "".join(f"<p><b>{escape(title)}</b> {escape(text)}</p>" for title, text in rows if text)


def _all_texts(code: Code) -> str:
    texts = [value for name in ("label", *_TEXTS) for value in getattr(code, name).values()]
    return "\n".join([*texts, *code.seed_words, code.path]).lower()
