"""The scheme page: reading, replacing and taking away the coding scheme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coding_schemes import load_scheme, save_scheme
from tests.pages.conftest import PageOpener
from workbench.services.schemes import SchemeChange, code_uses, set_scheme, study_scheme
from workbench.services.studies import Study
from workbench.ui.scheme_loading import CHANGE
from workbench.ui.scheme_tree import tree_html


def test_a_study_without_a_scheme_is_offered_the_shipped_one(
    open_page: PageOpener, empty_study: Study
) -> None:
    app = open_page("scheme", empty_study)
    assert "intet kodeskema" in app.info[0].value
    app.button(key="page.scheme.load").click().run()
    scheme = study_scheme(empty_study)
    assert scheme is not None
    assert scheme.id == "immi"
    assert app.session_state[CHANGE].added[0] == "language"


def test_codes_stand_with_their_number_of_codings(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("scheme", coded_study)
    [tree] = [each.value for each in app.html if 'class="codes"' in each.value]
    assert "Mangler dansk</span>" in tree
    assert tree.count("1 kodning<") == 3
    assert "barriere" in tree


def test_finding_a_word_keeps_the_code_and_its_theme(coded_study: Study) -> None:
    html = tree_html(code_uses(coded_study), find="modultest")
    assert html.count("<details") == 2
    assert "Sprog</span>" in html
    assert "Fremgang i dansk</span>" in html
    assert "Ingen kode passer." in tree_html(code_uses(coded_study), find="xyzzy")


def test_the_crosswalk_names_numbers_in_words(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("scheme", coded_study)
    app.segmented_control(key="page.scheme.view").set_value("crosswalk").run()
    [table] = [each.value for each in app.html if "wb-table" in each.value]
    assert "Taler dansk (borger)" in table
    assert "b_speak_danish" not in table
    assert any("IGU" in each.value for each in app.caption)


def test_loading_another_scheme_tells_what_it_did(
    open_page: PageOpener, coded_study: Study, tmp_path: Path
) -> None:
    immi = load_scheme("immi")
    kept = tuple(code for code in immi.codes if code.theme == "language")
    smaller = replace(immi, id="mindre", codes=kept, crosswalk=())
    path = save_scheme(smaller, tmp_path / "mindre.toml")
    app = open_page("scheme", coded_study)
    app.segmented_control(key="page.scheme.view").set_value("files").run()
    app.selectbox(key="page.scheme.source").set_value("upload").run()
    app.file_uploader(key="page.scheme.file").upload(path.name, path.read_bytes()).run()
    assert "I brug: 1" in app.warning[0].value
    app.button(key="page.scheme.load").click().run()
    change = app.session_state[CHANGE]
    assert isinstance(change, SchemeChange)
    assert change.retired == ("health", "health/physical")
    assert any("`health/physical`" in each.value for each in app.markdown)
    app.button(key="page.scheme.put_away").click().run()
    assert CHANGE not in app.session_state


def test_a_file_that_is_no_scheme_is_named_with_what_is_wrong(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = open_page("scheme", coded_study)
    app.segmented_control(key="page.scheme.view").set_value("files").run()
    app.selectbox(key="page.scheme.source").set_value("upload").run()
    app.file_uploader(key="page.scheme.file").upload("x.toml", b"id = ").run()
    assert "x.toml kan ikke læses som kodeskema" in app.error[0].value


def test_the_scheme_is_taken_away_in_every_format(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("scheme", coded_study)
    app.segmented_control(key="page.scheme.view").set_value("files").run()
    assert [each.label for each in app.download_button] == [
        "Excel (.xlsx)",
        "TOML (.toml)",
        "CSV (.csv)",
        "Kodebog (.qdc)",
    ]


def test_retired_codes_stand_apart(open_page: PageOpener, coded_study: Study) -> None:
    immi = load_scheme("immi")
    kept = tuple(code for code in immi.codes if code.theme == "language")
    set_scheme(coded_study, replace(immi, codes=kept, crosswalk=()), actor="Ida")
    app = open_page("scheme", coded_study)
    trees = [each.value for each in app.html if 'class="codes"' in each.value]
    assert len(trees) == 2
    assert 'class="retired">Fysisk helbred' in trees[1]
