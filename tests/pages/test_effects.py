"""The effects page: each state it can be in, each choice that changes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.services import effects
from workbench.services.studies import Study, create_study

from .numbers_material import ESTIMATES, numbers_study, page_texts, run_page

IMPORT = "page.effects.import"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return numbers_study(tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> Study:
    return create_study(tmp_path / "empty", title="Empty", language="da", actor="anna")


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=f"{IMPORT}.file.0").upload(name, content, "text/csv").run()
    return app


def open_tab(app: AppTest, name: str) -> AppTest:
    app.session_state["page.effects.tab.da"] = name
    return app.run()


def test_without_a_study_the_page_says_what_to_do() -> None:
    app = run_page("effects", None)
    assert not app.exception
    assert app.info[0].value.startswith("Åbn et studie først")


def test_a_study_without_estimates_asks_for_a_file(empty: Study) -> None:
    app = run_page("effects", empty)
    assert not app.exception
    assert app.info[0].value.startswith("Der er ingen effektestimater endnu.")
    assert len(app.file_uploader) == 1


def test_a_file_is_stored_with_its_source_and_nature(empty: Study) -> None:
    app = upload(run_page("effects", empty), "estimates.csv", ESTIMATES)
    assert not app.exception
    assert "**4 estimater i filen**" in page_texts(app)
    assert effects.list_estimates(empty) == []
    label = next(part for part in app.text_input if str(part.key).startswith(f"{IMPORT}.label"))
    label.set_value("Report 2020, table 5").run()
    app.button_group(key=f"{IMPORT}.nature").set_value("measured").run()
    app.button(key=f"{IMPORT}.save").click().run()
    assert not app.exception
    [source] = effects.estimates_sources(empty)
    assert (source.label, source.nature, source.estimates) == ("Report 2020, table 5", "measured", 4)
    assert "Kilde: Report 2020, table 5 (målt)" in page_texts(app)


def test_cancelling_stores_nothing(empty: Study) -> None:
    app = upload(run_page("effects", empty), "estimates.csv", ESTIMATES)
    app.button(key=f"{IMPORT}.cancel").click().run()
    assert not app.exception
    assert effects.estimates_sources(empty) == []


def test_a_column_that_is_not_recognised_is_chosen_by_hand(empty: Study) -> None:
    app = upload(run_page("effects", empty), "odd.csv", b"what,zz,ww\nwork,0.1,0.02\n")
    assert not app.exception
    assert "Vælg kolonnerne til estimat, standardfejl og udfald." in page_texts(app)
    assert app.button(key=f"{IMPORT}.save").disabled
    for field, column in (("estimate", "zz"), ("std_error", "ww"), ("outcome", "what")):
        next(part for part in app.selectbox if str(part.key).endswith(f".{field}")).set_value(column).run()
    app.button(key=f"{IMPORT}.save").click().run()
    [stored] = effects.list_estimates(empty)
    assert (stored.value.outcome, stored.value.estimate, stored.value.std_error) == ("work", 0.1, 0.02)


def test_findings_are_told_before_saving(empty: Study) -> None:
    app = upload(run_page("effects", empty), "e.csv", b"outcome,estimate,std_error\na,0.1,\nb,x,0.1\n")
    assert "Der er hverken standardfejl eller interval" in page_texts(app)
    assert "Feltet er ikke et tal" in page_texts(app)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty.csv: filen er tom"),
        ("names.csv", b"outcome,estimate\n", "names.csv: der er kolonnenavne, men ingen rækker"),
        ("damaged.xlsx", b"PK\x03\x04 damaged", "damaged.xlsx: "),
        ("words.csv", b"outcome,estimate\na,b\n", "Filen kan ikke indlæses med dette kolonnevalg."),
    ],
)
def test_a_file_without_estimates_gives_one_message_and_loses_nothing(
    study: Study, name: str, content: bytes, said: str
) -> None:
    app = upload(open_tab(run_page("effects", study), "Filer og import"), name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith(said)
    assert len(effects.list_estimates(study)) == 4


def test_at_first_the_whole_group_is_shown_and_the_filters_change_it(study: Study) -> None:
    app = run_page("effects", study)
    assert not app.exception
    key = "page.effects.list.da"
    assert app.multiselect(key=f"{key}.subgroup").value == ["all"]
    assert "Virksomhedspraktik, mænd" not in page_texts(app)
    app.multiselect(key=f"{key}.subgroup").set_value([]).run()
    assert "Virksomhedspraktik, mænd" in page_texts(app)
    app.multiselect(key=f"{key}.outcome").set_value(["education"]).run()
    assert "Beskæftigelse" not in app.html[0].value
    app.multiselect(key=f"{key}.period").set_value(["2018"]).run()
    assert app.info[0].value == "Ingen estimater passer til filtrene."


def test_filters_stay_when_another_tab_was_open(study: Study) -> None:
    app = run_page("effects", study)
    app.multiselect(key="page.effects.list.da.outcome").set_value(["education"]).run()
    open_tab(open_tab(app, "Matrix"), "Estimater")
    assert app.multiselect(key="page.effects.list.da.outcome").value == ["education"]


def test_a_reading_in_words_gives_interval_and_never_no_effect(study: Study) -> None:
    app = open_tab(run_page("effects", study), "Læsning i ord")
    said = page_texts(app)
    assert not app.exception
    assert "95 pct.-interval" in said
    assert "0,022" in said
    assert "ingen effekt" not in said


def test_the_matrix_shows_the_subgroup_chosen(study: Study) -> None:
    app = open_tab(run_page("effects", study), "Matrix")
    assert not app.exception
    assert "Effektestimater: Alle" in app.html[0].value
    app.selectbox(key="page.effects.matrix.subgroup").set_value("men").run()
    assert "Effektestimater: Mænd" in app.html[0].value
    assert "0,038**<br>(0,014)<br>[0,125]" in app.html[0].value


def test_a_file_is_removed_only_by_the_second_button(study: Study) -> None:
    app = open_tab(run_page("effects", study), "Filer og import")
    assert not app.exception
    [source] = effects.estimates_sources(study)
    app.button(key=f"page.effects.files.remove.{source.id}").click().run()
    assert not app.exception
    assert effects.list_estimates(study) == []
    assert app.info[0].value.startswith("Der er ingen effektestimater endnu.")


def test_a_file_of_the_same_name_is_announced_as_taking_its_place(study: Study) -> None:
    app = upload(open_tab(run_page("effects", study), "Filer og import"), "estimates.csv", ESTIMATES)
    assert app.info[0].value.startswith("Filen træder i stedet for den tidligere indlæste estimates.csv")


def test_the_page_speaks_english(study: Study) -> None:
    app = run_page("effects", study, language="en")
    assert not app.exception
    assert app.title[0].value == "Effects"
    assert "Not positively relevant; a fall cannot be ruled out" in app.html[0].value
