"""Choices that a page remembers: forgotten when what they chose among has changed."""

from __future__ import annotations

import streamlit as st


def forget_choices(prefix: str) -> None:
    """Drop every remembered choice whose key begins with `prefix`."""
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]
