"""A table on the screen of which one row can be selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from workbench.display import format_number
from workbench.ui import session

ROW_HEIGHT, HEAD_HEIGHT = 35, 38


def choose_row(
    rows: Sequence[Mapping[str, Any]], *, key: str, most_height: int, selected: int | None = None
) -> int | None:
    """Show the rows and return the number of the selected one, None if there is none.

    selected : the row that is selected when the table is first drawn under this key.
    Whole numbers are written as the language does it and still sorted as numbers.
    """
    import pandas as pd

    frame = pd.DataFrame(rows)
    numbers = [name for name, value in rows[0].items() if isinstance(value, int)] if rows else []
    language = session.language()

    def written(value: Any) -> str:
        return format_number(value, 0, language)

    shown = frame.style.format(dict.fromkeys(numbers, written))
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        height=min(HEAD_HEIGHT + ROW_HEIGHT * len(rows), most_height),
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [selected]}} if selected is not None else None,
    )
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(rows) else None
