"""A page around the surface alone, driven by query parameters, to try and measure it by itself."""

from __future__ import annotations

import os
import time

import harness_material as material
import streamlit as st
from harness_store import HarnessStore

from workbench.ui.coding_surface import (
    RESNAPSHOT_AFTER,
    SurfaceDocument,
    SurfaceFocus,
    SurfaceSnapshot,
    drain,
    mount,
    validate_operation,
)

KEY = "surface"

st.set_page_config(layout="wide", page_title="Surface")
query = st.query_params
n_words, n_codings = int(query.get("words", 1200)), int(query.get("codings", 0))


@st.cache_resource
def store() -> HarnessStore:
    """The one store of this server."""
    return HarnessStore(os.environ.get("SURFACE_HARNESS_DB", ":memory:"))


@st.cache_data
def document(identity: str) -> SurfaceDocument:
    """A document by its name, length and room; a room keeps the codings of one test from the others'."""
    name, words, _ = identity.split("-")
    text, turns = material.interview(int(words), seed=sum(map(ord, name)))
    return SurfaceDocument(id=identity, version="1", text=text, turns=turns, title=name)


def answer_outbox() -> tuple[list[str], dict[str, str]]:
    """Apply what the browser sent, each to the document that it was made in."""
    done: list[str] = []
    refused: dict[str, str] = {}
    for op in drain(KEY):
        try:
            validate_operation(op, document(op["document"]).text)
            store().apply(op, coder="Anna")
        except ValueError as error:
            refused[op["op_id"]] = str(error)
        else:
            done.append(op["op_id"])
    return done, refused


def snapshot_of(shown: SurfaceDocument) -> SurfaceSnapshot:
    """The kept snapshot, or a new one for another document or after many changes."""
    kept = st.session_state.get("snapshot")
    revision = store().revision(shown.id)
    if kept is None or kept[0] != shown.id or revision - kept[1].revision > RESNAPSHOT_AFTER:
        kept = (shown.id, SurfaceSnapshot(revision, store().codings(shown.id)))
        st.session_state["snapshot"] = kept
    return kept[1]


def draw(shown: SurfaceDocument) -> None:
    """What a page does in its body."""
    done, refused = ([], {}) if query.get("deaf") and deaf() else answer_outbox()
    snapshot = snapshot_of(shown)
    focus = query.get("focus")
    mount(
        key=KEY,
        document=shown,
        codes=material.codes(),
        codings=snapshot,
        operations=store().changes(shown.id, snapshot.revision),
        acknowledged=done,
        refused=refused,
        coder="Anna",
        language="en" if query.get("language") == "en" else "da",
        readonly=bool(query.get("readonly")),
        focus=None if focus is None else SurfaceFocus(int(focus) if focus.isdigit() else focus),
        height=int(query.get("height", 640)),
    )


def deaf() -> bool:
    """Let the first messages go unanswered, to see them come again."""
    st.session_state["heard"] = st.session_state.get("heard", 0) + bool(drain(KEY))
    return bool(st.session_state["heard"] < 2)


with st.sidebar:
    chosen = st.radio("Interview", ["amira", "bilal", "chen"], key="chosen")
    st.button("Run again", key="again")
    if st.toggle("Message above", key="message"):
        st.caption("on")
if st.session_state["message"]:
    st.warning("A message that shifts everything below it.")

shown = document(f"{chosen}-{n_words}-{query.get('room', 0)}")
store().seed(shown.id, material.codings(shown.text, n_codings, seed=3) if n_codings else ())
if query.get("fragment"):
    st.fragment(draw)(shown)
else:
    draw(shown)
time.sleep(float(query.get("slow", 0)))
