"""Importing printed tables on the effects page: what the file is about is said by hand, tables are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.numbers_material import page_texts, run_page
from tests.quant.printed_tables import CSV
from tests.quant.test_estimate_files import workbook
from workbench.services import effects
from workbench.services.studies import Study, create_study
from workbench.ui.effects_import import KEY


@pytest.fixture
def empty(tmp_path: Path) -> Study:
    return create_study(tmp_path / "empty", title="Empty", language="da", actor="anna")


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=f"{KEY}.file.0").upload(name, content, "application/octet-stream").run()
    return app


def test_a_printed_table_is_read_and_its_group_is_said_for_the_whole_file(empty: Study) -> None:
    app = upload(run_page("effects", empty), "esttab.csv", CSV.encode())
    assert not app.exception
    assert "3 estimater i filen" in page_texts(app)
    next(part for part in app.text_input if str(part.key).endswith(".whole.subgroup")).set_value("men").run()
    app.button(key=f"{KEY}.save").click().run()

    stored = [each.value for each in effects.list_estimates(empty)]
    assert [(each.outcome, each.subgroup, each.estimate, each.std_error) for each in stored] == [
        ("employment", "men", 0.031, 0.012),
        ("education", "men", -0.012, 0.009),
        ("education", "men", 0.004, 0.001),
    ]


def test_only_the_tables_that_are_chosen_are_stored(empty: Study) -> None:
    first = [["Tabel 1"], ["", "y"], ["a", "0.10*"], ["", "(0.04)"], [], []]
    second = [["Tabel 2"], ["", "y"], ["a", "0.20*"], ["", "(0.08)"]]
    app = upload(run_page("effects", empty), "to.xlsx", workbook(*first, *second))
    next(part for part in app.multiselect if str(part.key).endswith(".tables")).set_value(["Tabel 2"]).run()
    app.button(key=f"{KEY}.save").click().run()

    (stored,) = effects.list_estimates(empty)
    assert (stored.value.estimate, stored.value.place) == (0.2, "Tabel 2, Ark1!B9 (y, a)")
