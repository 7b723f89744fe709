"""Mounting the form: questions in, an outbox of typed questionnaires out. It stores nothing itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from quant import Instrument
from workbench.i18n import Language, catalogue, label

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

HERE = Path(__file__).parent


def drain(key: str) -> tuple[dict[str, Any], ...]:
    """The questionnaires that the browser holds as not stored, oldest first; each has an `op` of its own."""
    state = st.session_state.get(key)
    sent = state.get("outbox") if isinstance(state, Mapping) else None
    return tuple(dict(each) for each in sent or () if isinstance(each, Mapping))


def mount(
    *,
    key: str,
    instrument: Instrument,
    backgrounds: Sequence[tuple[str, str]],
    language: Language,
    acknowledged: Iterable[str],
    said: str = "",
    restore: Mapping[str, Any] | None = None,
) -> None:
    """Draw the form.

    backgrounds : name in the data and label of what is asked about the person.
    acknowledged : `op`s that are stored or refused; the browser forgets them.
    said : a line for the person who types.   restore : a refused questionnaire to correct.
    """
    shape = f"{instrument.id}:{instrument.version}:{hash(instrument.label.get(language, ''))}:{language}"
    _renderer()(
        key=key,
        data={
            "shape": f"{shape}:{len(instrument.items)}:{','.join(name for name, _ in backgrounds)}",
            "language": language,
            "texts": _texts(language),
            "today": datetime.date.today().isoformat(),
            "rounds": list(instrument.rules.rounds),
            "backgrounds": [{"name": name, "label": words} for name, words in backgrounds],
            "respondents": [
                _respondent(instrument, each.id, language)
                for each in instrument.respondents
                if instrument.item_ids(each.id)
            ],
            "acknowledged": list(acknowledged),
            "said": said,
            "restore": dict(restore) if restore else None,
        },
        default={"outbox": []},
        on_outbox_change=_noted,
    )


def _noted() -> None:
    """Streamlit keeps a state value only if a callback is named for it."""


def _renderer() -> ComponentRenderer:
    # Registered anew with whichever runtime is running now.
    return st.components.v2.component("workbench_entry_form", js=_source("form.js"), css=_source("form.css"))


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _respondent(instrument: Instrument, respondent: str, language: Language) -> dict[str, Any]:
    items = [item for item in instrument.items if item.respondent == respondent]
    return {
        "id": respondent,
        "label": label(instrument.respondent(respondent).label, language=language),
        "scale": f"{items[0].scale_min}–{items[0].scale_max}",
        "items": [
            {
                "id": item.id,
                "text": item.question(language),
                "low": item.scale_min,
                "high": item.scale_max,
                "pair": item.pair or "",
            }
            for item in items
        ],
        "variants": [
            {
                "id": variant.id,
                "label": label(variant.label, language=language),
                "low": variant.scale_min,
                "high": variant.scale_max,
            }
            for variant in instrument.variants
            if variant.allows(respondent)
        ],
    }


def _texts(language: Language) -> dict[str, str]:
    prefix = "entry.form."
    return {
        key.removeprefix(prefix): words
        for key, words in catalogue(language).items()
        if key.startswith(prefix)
    }
