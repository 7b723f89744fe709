"""The keys and gestures of the coding surface, folded into one button."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.i18n import t

# Names of the surface's own texts, and the keys as they stand on a keyboard.
KEYS = (
    ("take", "W S T"),
    ("move", "← ↑ ↓ →"),
    ("by_word", "Ctrl←→"),
    ("extend", "⇧←→"),
    ("choose", "Enter C"),
    ("several", "Tab"),
    ("recent", "1–9"),
    ("next", "N P"),
    ("delete", "Delete"),
    ("undo", "Ctrl+Z"),
    ("redo", "Ctrl+Y"),
    ("find", "Ctrl+F"),
    ("close", "Esc"),
)

_STYLE = """<style>
.wb-keys{display:grid;grid-template-columns:auto 1fr;gap:.35rem .9rem;
  font-size:.88rem;margin:0;align-items:baseline}
.wb-keys dt{white-space:nowrap}
.wb-keys dd{margin:0}
.wb-keys kbd{border:1px solid rgba(128,135,142,.5);border-radius:.25rem;padding:0 .35rem;font:inherit;
  font-size:.82rem;margin-right:.2rem}
</style>"""


def show() -> None:
    """The button; what it opens says the mouse's ways first."""
    with st.popover(t("coding.keys"), icon=":material/keyboard:"):
        st.markdown(t("coding.how"))
        st.html(_keys_html())


def _keys_html() -> str:
    rows = "".join(
        f"<dt>{''.join(f'<kbd>{escape(key)}</kbd>' for key in keys.split())}</dt>"
        f"<dd>{escape(t(f'surface.key.{name}'))}</dd>"
        for name, keys in KEYS
    )
    return f'{_STYLE}<dl class="wb-keys">{rows}</dl>'
