"""Mounting the surface: values in, outbox out. One heavy mount that seldom changes, and a light one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from workbench.i18n import Language, catalogue
from workbench.ui.coding_surface.assets import renderer
from workbench.ui.coding_surface.values import (
    SurfaceChange,
    SurfaceCode,
    SurfaceCoding,
    SurfaceDocument,
    SurfaceFilter,
    SurfaceFocus,
    SurfaceSnapshot,
    SurfaceState,
)

RESNAPSHOT_AFTER = 100
"""After so many changes a page takes a new snapshot, so that the light mount stays light."""


def drain(key: str) -> tuple[dict[str, Any], ...]:
    """The operations that the browser holds as unsaved, oldest first; call it before slow work and `mount`.

    An operation comes again, run after run, until it was acknowledged or refused and the browser has sent
    something else: apply it at most once (by its `op_id`) and answer it every time.
    """
    state = st.session_state.get(key)
    sent = state.get("outbox") if isinstance(state, Mapping) else None
    return tuple(dict(op) for op in sent or () if isinstance(op, Mapping))


def mount(
    *,
    key: str,
    document: SurfaceDocument,
    codes: Sequence[SurfaceCode],
    codings: SurfaceSnapshot,
    operations: Sequence[SurfaceChange] = (),
    acknowledged: Iterable[str] = (),
    refused: Mapping[str, str] | None = None,
    language: Language = "da",
    coder: str = "",
    readonly: bool = False,
    focus: SurfaceFocus | str | int | None = None,
    height: int = 680,
    filter: SurfaceFilter | None = None,  # noqa: A002 - the field's own word
) -> SurfaceState:
    """Draw the surface and give back what the browser has sent.

    key : fixed for the place on the page, not for the document; session state holds the outbox under it.
    codings, operations : the state of the document now is the snapshot with the changes applied in order.
    acknowledged : `op_id`s that are stored (now or in an earlier run).
    refused : `op_id` -> words for the user; the browser takes the gesture back and shows them.
    coder : whose codings are made here; shown until the stored one arrives.
    focus : a coding's id or a position to scroll to, once (see SurfaceFocus).
    height : pixels.

    Returns the same operations as `drain(key)`.
    """
    draw = renderer()
    with st.container(key=f"{key}_place", gap=None):
        draw(
            key=key,
            data={
                "part": "document",
                "surface": key,
                "document": _document(document),
                "codes": [_code(code) for code in codes],
                "snapshot": _snapshot(codings, codes),
                "language": language,
                "texts": _texts(language),
                "coder": coder,
                "height": height,
            },
            default={"outbox": []},
            on_outbox_change=_noted,
        )
        draw(
            key=f"{key}_live",
            height=1,
            data={
                "part": "live",
                "surface": key,
                "document": document.id,
                "version": document.version,
                "revision": codings.revision,
                "changes": [_change(change) for change in operations],
                "acknowledged": list(acknowledged),
                "refused": dict(refused or {}),
                "readonly": readonly,
                "focus": _focus(focus),
                "filter": _filter(filter or SurfaceFilter()),
            },
        )
    return SurfaceState(outbox=drain(key))


def _noted() -> None:
    """Streamlit keeps a state value only if a callback is named for it."""


def _document(document: SurfaceDocument) -> dict[str, Any]:
    turns = [
        [turn.start, turn.end, turn.speaker or "", _clock(turn.time_seconds), turn.role, turn.kind]
        for turn in document.turns
    ]
    return {
        "id": document.id,
        "version": document.version,
        "title": document.title,
        "text": document.text,
        "turns": turns,
    }


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _code(code: SurfaceCode) -> dict[str, Any]:
    color = code.color if re.fullmatch(r"#[0-9a-fA-F]{6}", code.color) else SurfaceCode.color
    words = list(code.seed_words)
    return {
        "id": code.id,
        "label": code.label,
        "color": color,
        "group": code.group,
        "words": words,
        "definition": code.definition,
    }


def _snapshot(snapshot: SurfaceSnapshot, codes: Sequence[SurfaceCode]) -> dict[str, Any]:
    """Codes and coders as places in lists: half the bytes of their names."""
    code_places = {code.id: place for place, code in enumerate(codes)}
    coders: dict[str, int] = {}
    rows = [
        [
            coding.id,
            coding.start,
            coding.end,
            code_places.get(coding.code, coding.code),
            coders.setdefault(coding.coder, len(coders)),
            coding.memo,
            int(coding.editable),
        ]
        for coding in snapshot.codings
    ]
    return {"revision": snapshot.revision, "coders": list(coders), "rows": rows}


def _change(change: SurfaceChange) -> list[Any]:
    coding = change.coding
    if coding is None:
        return ["remove", change.coding_id]
    return ["put", *_coding(coding)]


def _coding(coding: SurfaceCoding) -> list[Any]:
    return [
        coding.id,
        coding.start,
        coding.end,
        coding.code,
        coding.coder,
        coding.memo,
        int(coding.editable),
    ]


def _focus(focus: SurfaceFocus | str | int | None) -> dict[str, Any] | None:
    if focus is None:
        return None
    wanted = focus if isinstance(focus, SurfaceFocus) else SurfaceFocus(focus)
    return {"at": wanted.at, "token": wanted.token}


def _filter(chosen: SurfaceFilter) -> dict[str, Any]:
    return {
        "codes": None if chosen.codes is None else sorted(chosen.codes),
        "coders": None if chosen.coders is None else sorted(chosen.coders),
    }


def _texts(language: Language) -> dict[str, str]:
    prefix = "surface."
    return {
        key.removeprefix(prefix): words
        for key, words in catalogue(language).items()
        if key.startswith(prefix)
    }
