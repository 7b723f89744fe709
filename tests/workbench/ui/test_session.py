"""What the screen says of errors, and in which language a part says it that runs without the whole."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _screen() -> None:
    import streamlit as st

    from quant import AnswersError
    from workbench.i18n import set_language, t
    from workbench.ui import session

    @session.fragment
    def part(greeting: str, *, times: int) -> None:
        st.markdown(f"{greeting * times} {t('session.language_name.da')} {t('errors.nothing_to_undo')}")
        with session.shown_errors():
            raise AnswersError("{file}: ...", reason="empty_table", file="{a}.csv")

    st.session_state.setdefault(session.LANGUAGE, st.query_params["language"])
    set_language("da" if st.query_params["language"] == "en" else "en")  # as another session may have left it
    part("hej", times=2)


@pytest.mark.parametrize(
    ("language", "nothing", "empty"),
    [
        ("da", "der er intet at fortryde", "tabellen er tom;"),
        ("en", "there is nothing to undo", "the table is empty;"),
    ],
)
def test_a_part_that_runs_alone_speaks_the_language_of_the_session(
    language: str, nothing: str, empty: str
) -> None:
    app = AppTest.from_function(_screen)
    app.query_params["language"] = language
    app.run()

    assert not app.exception
    assert app.markdown[0].value.startswith("hejhej ")
    assert app.markdown[0].value.endswith(nothing)
    assert app.error[0].value.startswith(f"{{a}}.csv: {empty}")
