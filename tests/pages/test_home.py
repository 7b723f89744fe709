"""Home: the ways to a study, and the open study at a glance."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import PageOpener
from workbench.i18n import as_language, set_language
from workbench.services import studies
from workbench.services.coding import list_codings, remove_coding, undo
from workbench.services.studies import Study
from workbench.settings import load_settings
from workbench.ui.home_history import history_lines
from workbench.ui.home_overview import next_step


def test_without_a_study_three_ways_are_offered(open_page: PageOpener) -> None:
    app = open_page()
    assert app.title[0].value == "Velkommen"
    assert [each.value for each in app.subheader] == [
        "Prøv demonstrationen",
        "Åbn et studie",
        "Begynd dit eget",
    ]


def test_the_welcome_speaks_english(open_page: PageOpener) -> None:
    app = open_page(language="en")
    assert app.title[0].value == "Welcome"
    assert app.button(key="home.new.button").label == "Create the study"


def test_a_study_without_a_title_is_not_made(open_page: PageOpener) -> None:
    app = open_page()
    app.button(key="home.new.button").click().run()
    assert [each.value for each in app.warning] == ["Giv studiet en titel."]
    assert app.session_state["study_reference"] is None


def test_a_new_study_has_the_chosen_scheme_and_language_and_is_opened(open_page: PageOpener) -> None:
    app = open_page()
    app.text_input(key="home.new.name").set_value("Sprog på Ærø")
    app.segmented_control(key="home.new.language").set_value("en")
    app.selectbox(key="home.new.instrument").set_value("none")
    app.button(key="home.new.button").click().run()
    path = Path(app.session_state["study_reference"])
    assert (path.parent, path.name) == (load_settings().home, "sprog-paa-aeroe.workbench")
    facts = studies.describe_study(studies.open_study(path))
    assert (facts.title, facts.language, facts.scheme, facts.instrument) == (
        "Sprog på Ærø",
        "en",
        "immi",
        None,
    )
    assert app.title[0].value == "Sprog på Ærø"


def test_two_studies_of_one_title_get_two_files(open_page: PageOpener) -> None:
    for expected in ("nyt.workbench", "nyt-2.workbench"):
        app = open_page()
        app.text_input(key="home.new.name").set_value("Nyt")
        app.button(key="home.new.button").click().run()
        assert Path(app.session_state["study_reference"]).name == expected


def test_a_study_is_opened_by_its_path(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page()
    app.text_input(key="home.open.path").set_value(coded_study.reference)
    app.button(key="home.open.button").click().run()
    assert app.title[0].value == "Lille studie"


def test_a_study_of_the_users_folder_is_opened_from_the_list(open_page: PageOpener) -> None:
    home = load_settings().home
    home.mkdir(parents=True)
    studies.create_study(home / "mit", title="Mit studie")
    app = open_page()
    app.button(key="home.open.button").click().run()
    assert app.title[0].value == "Mit studie"


def test_a_path_without_a_study_says_so_in_danish(open_page: PageOpener, tmp_path: Path) -> None:
    app = open_page()
    app.text_input(key="home.open.path").set_value(str(tmp_path / "nowhere.workbench"))
    app.button(key="home.open.button").click().run()
    assert [each.value for each in app.error] == [
        "Studiet kunne ikke åbnes. Se efter, at stien er rigtig, og at filen er et studie."
    ]


def test_the_open_study_is_counted(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("home", coded_study)
    counts = {each.label: each.value for each in app.metric}
    assert (counts["Interviews"], counts["Kodninger"], counts["Besvarelser"]) == ("2", "3", "0")


def test_the_next_step_is_what_is_missing_first(empty_study: Study, coded_study: Study) -> None:
    assert next_step(studies.describe_study(empty_study)) == ("scheme", "scheme")
    assert next_step(studies.describe_study(coded_study)) == ("answers", "questionnaire")


def test_what_the_material_is_stands_on_the_page(open_page: PageOpener, coded_study: Study) -> None:
    nature = [{"da": "Alt er opdigtet.", "en": "All of it is invented."}]
    studies.update_study(coded_study, actor="Ida", settings={"nature": nature})
    assert "- Alt er opdigtet." in [each.value for each in open_page("home", coded_study).markdown]
    english = open_page("home", coded_study, language="en")
    assert "- All of it is invented." in [each.value for each in english.markdown]


def test_history_puts_a_run_of_like_changes_on_one_line(coded_study: Study) -> None:
    coding_id = list_codings(coded_study)[0].id
    remove_coding(coded_study, coding_id, actor="Bo")
    undo(coded_study, actor="Bo")
    words = [(line.actor, line.words) for line in history_lines(coded_study)]
    assert words[:4] == [
        ("Bo", "fortrød: fjernede koden »Mangler dansk« i leder_01"),
        ("Bo", "fjernede koden »Mangler dansk« i leder_01"),
        ("Ida", "satte 3 koder"),
        ("Ida", "indlæste 2 interviews"),
    ]


def test_undo_takes_back_ones_own_last_change_and_redo_does_it_again(
    open_page: PageOpener, coded_study: Study
) -> None:
    app = open_page("home", coded_study)
    app.button(key="home.undo").click().run()
    assert len(list_codings(coded_study)) == 2
    assert [each.value for each in app.toast] == ["Ida fortrød: satte koden »Fysisk helbred« i borger_01."]
    app.button(key="home.redo").click().run()
    assert len(list_codings(coded_study)) == 3


def test_closing_the_study_leads_to_the_welcome(open_page: PageOpener, coded_study: Study) -> None:
    app = open_page("home", coded_study)
    app.button(key="home.close").click().run()
    assert app.title[0].value == "Velkommen"
    assert Path(coded_study.reference).is_file()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_demonstration_is_built_and_opened(
    open_page: PageOpener, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    from workbench.demo import build

    def quick(folder: Path, *, on_step: object) -> build.Demonstration:
        assert callable(on_step)
        folder.mkdir(parents=True)
        on_step(1, 2)
        study = studies.create_study(folder / "demonstration", title="Prøve")
        return build.Demonstration(Path(study.reference), folder / "demonstration.docx")

    monkeypatch.setattr(build, "build_demo", quick)
    set_language(as_language(language))  # AppTest words the options of widgets outside the application
    app = open_page(language=language)
    app.button(key="home.demonstration.try").click().run()
    assert app.title[0].value == "Prøve"
    assert Path(app.session_state["study_reference"]).parent.name == "demonstration"
