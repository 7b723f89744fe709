"""The questionnaire page: each state it can be in, each choice that changes it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.i18n import LANGUAGES, as_language, set_language
from workbench.services import descriptions, entry, index_values, surveys
from workbench.services.studies import Study, create_study
from workbench.ui.questionnaire_screen import GROUPS

from .numbers_material import answers_csv, numbers_study, open_part, page_texts, run_page

IMPORT = "page.questionnaire.import"
FILE = f"{IMPORT}.file.0"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return numbers_study(tmp_path)


@pytest.fixture
def study_without_answers(tmp_path: Path) -> Study:
    return create_study(tmp_path / "new", title="New", language="da", instrument="fip", actor="anna")


def upload(app: AppTest, name: str, content: bytes, *, key: str = FILE) -> AppTest:
    app.file_uploader(key=key).upload(name, content, "text/csv").run()
    return app


def test_without_a_study_the_page_says_what_to_do() -> None:
    app = run_page("questionnaire", None)
    assert not app.exception
    assert app.info[0].value.startswith("Åbn et studie først")


def test_a_study_without_a_questionnaire_offers_the_shipped_one_and_takes_it(empty_study: Study) -> None:
    app = run_page("questionnaire", empty_study)
    assert not app.exception
    app.button(key="page.questionnaire.choice.use_shipped").click().run()
    chosen = surveys.study_instrument(empty_study)
    assert chosen is not None
    assert chosen.id == "fip"
    assert "Der er ingen svar endnu" in page_texts(app)


def test_a_broken_questionnaire_file_leaves_the_study_as_it_was(empty_study: Study) -> None:
    app = run_page("questionnaire", empty_study)
    app.file_uploader(key="page.questionnaire.choice.file").upload(
        "own.toml", b"id = ", "application/toml"
    ).run()
    assert not app.exception
    assert len(app.error) == 1
    assert surveys.study_instrument(empty_study) is None


def test_a_file_is_previewed_and_stored_only_by_the_button(study_without_answers: Study) -> None:
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", answers_csv())
    assert not app.exception
    assert "Alle 22 spørgsmål er genkendt i filen." in page_texts(app)
    assert "Fra indsamlede skemaer til analyse" in page_texts(app)
    assert surveys.answers_sources(study_without_answers) == []
    app.button_group(key=f"{IMPORT}.nature").set_value("simulated").run()
    app.text_input(key=f"{IMPORT}.label.0").set_value("My answers").run()
    app.button(key=f"{IMPORT}.save").click().run()
    [source] = surveys.answers_sources(study_without_answers)
    assert (source.label, source.nature, source.persons, source.responses) == (
        "My answers",
        "simulated",
        40,
        160,
    )
    assert "40 personer, 160 skemaer" in page_texts(app)


def test_cancelling_stores_nothing_and_empties_the_form(study_without_answers: Study) -> None:
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", answers_csv())
    app.button(key=f"{IMPORT}.cancel").click().run()
    assert not app.exception
    assert surveys.answers_sources(study_without_answers) == []
    assert [part.key for part in app.file_uploader] == [f"{IMPORT}.file.1"]


def test_a_question_without_a_column_stands_first_and_takes_the_column_chosen(
    study_without_answers: Study,
) -> None:
    renamed = answers_csv().replace(b"b_health", b"zzz", 1)
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", renamed)
    assert "21 af 22 spørgsmål er genkendt" in page_texts(app)
    box = next(part for part in app.selectbox if str(part.key).endswith("item:b_health"))
    assert (box.label, box.value) == ("Helbred i forhold til arbejde", None)
    box.set_value("zzz").run()
    app.button(key=f"{IMPORT}.save").click().run()
    answers = surveys.require_answers(study_without_answers)
    assert (answers.frame["item"] == "b_health").sum() == 80


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 200 times its size."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 8_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"  ", "empty.csv: filen er tom"),
        ("names.csv", b"person,round\n", "names.csv: der er kolonnenavne, men ingen rækker"),
        ("picture.csv", b"\x89PNG\x00\x01", "picture.csv: dette er hverken en teksttabel eller et regneark"),
        ("bomb.xlsx", bomb(), "bomb.xlsx: "),
        ("damaged.xlsx", b"PK\x03\x04 damaged", "damaged.xlsx: "),
        ("twice.csv", b"a,a\n1,2\n", "twice.csv: to kolonner hedder 'a'"),
        ("wide.csv", b"a,b\n1,2\n1,2\n1,2,3\n", "wide.csv"),
    ],
)
def test_a_file_that_is_no_table_gives_one_message_and_loses_nothing(
    study: Study, name: str, content: bytes, said: str
) -> None:
    app = upload(run_page("questionnaire", study), name, content)
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith(said)
    assert surveys.answers_sources(study)[0].file_name == "answers.csv"


def test_columns_that_nobody_knows_can_be_chosen_by_hand(study_without_answers: Study) -> None:
    app = upload(run_page("questionnaire", study_without_answers), "other.csv", b"xx,yy\nP1,3\nP2,4\n")
    assert not app.exception
    assert "Vælg den kolonne, der identificerer personen" in page_texts(app)
    assert app.button(key=f"{IMPORT}.save").disabled
    next(part for part in app.selectbox if str(part.key).endswith(".person")).set_value("xx").run()
    next(part for part in app.selectbox if str(part.key).endswith("item:b_health")).set_value("yy").run()
    app.button(key=f"{IMPORT}.save").click().run()
    assert list(surveys.require_answers(study_without_answers).frame["value"]) == [3, 4]


def test_a_mapping_file_takes_the_place_of_the_guess(study_without_answers: Study) -> None:
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", answers_csv())
    mapping = b'person = "person"\nround = "round"\n[items]\nb_health = "b_health"\n'
    upload(app, "columns.toml", mapping, key=f"{IMPORT}.mapping_file.0")
    assert not app.exception
    assert "1 af 22 spørgsmål er genkendt" in page_texts(app)


def test_a_broken_mapping_file_is_refused_in_the_language_of_the_screen(study_without_answers: Study) -> None:
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", answers_csv())
    upload(app, "columns.toml", b'person = "p"\nitems = "b"', key=f"{IMPORT}.mapping_file.0")
    assert not app.exception
    assert app.error[0].value.startswith("Filen med kolonnevalg kan ikke læses.")


def test_the_means_are_split_by_the_background_chosen(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "means")
    assert not app.exception
    assert "Kvinder" not in page_texts(app)
    box = app.selectbox(key="page.questionnaire.means.by")
    assert box.options == ["Køn"]  # everyone is 30, and an age without groups splits nothing
    box.set_value("gender").run()
    assert "Kvinder" in page_texts(app)
    app.button_group(key="page.questionnaire.means.respondent").set_value("caseworker").run()
    assert not app.exception
    assert "**Gennemsnit for hver indikator, sagsbehandler**" in [part.value for part in app.markdown]


def test_the_factor_choices_change_method_round_and_number_of_factors(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "factors")
    key = "page.questionnaire.factors"
    assert not app.exception
    assert "Hovedfaktorer med kvadrerede multiple korrelationer (Stata: factor, pf); varimax uden Kaiser" in (
        page_texts(app)
    )
    assert [part.value for part in app.metric][:2] == ["40", "3"]
    app.button_group(key=f"{key}.round").set_value(0).run()
    app.selectbox(key=f"{key}.extraction").set_value("pcf").run()
    app.selectbox(key=f"{key}.rotation").set_value("promax").run()
    app.toggle(key=f"{key}.kaiser").set_value(True).run()
    app.number_input(key=f"{key}.n_factors.citizen").set_value(2).run()
    assert not app.exception
    assert "Hovedkomponentfaktorer (Stata: factor, pcf); promax med Kaiser-normalisering." in page_texts(app)
    assert [part.value for part in app.metric][:2] == ["80", "2"]
    app.selectbox(key=f"{key}.solution").set_value("caseworker").run()
    assert "Roterede faktorladninger: Sagsbehandler" in page_texts(app)


def test_the_indices_follow_the_solution_chosen(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "indices")
    assert not app.exception
    app.selectbox(key="page.questionnaire.indices.solution").set_value("caseworker").run()
    assert "Gennemsnit for hvert indeks: Sagsbehandler" in page_texts(app)


def test_the_star_shows_both_respondents_and_rounds_of_the_person_searched_for(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "star")
    assert "Vælg en person" in page_texts(app)
    app.selectbox(key="page.questionnaire.star.person").set_value("P07").run()
    assert not app.exception
    said = page_texts(app)
    assert "Stjernens tal for P07" in said
    assert said.count("Runde 2") >= 2
    assert "Besvaret: 10.01.2017; 10.02.2017." in said


def test_the_page_speaks_english(study: Study) -> None:
    app = run_page("questionnaire", study, language="en")
    assert not app.exception
    assert app.title[0].value == "Questionnaire"
    assert "From questionnaires collected to analysis" in page_texts(app)


def test_a_new_file_takes_the_place_of_the_answers(study: Study) -> None:
    shorter = b"\n".join(answers_csv().split(b"\n")[:21])
    app = upload(run_page("questionnaire", study), "second.csv", shorter)
    assert "En ny fil træder i stedet for svarene fra answers.csv." in page_texts(app)
    app.button(key=f"{IMPORT}.save").click().run()
    [source] = surveys.answers_sources(study)
    assert (source.file_name, source.persons) == ("second.csv", 10)
    assert not app.exception


def test_progression_agreement_and_missing_show_their_tables(study: Study) -> None:
    app = run_page("questionnaire", study)
    for tab, title in (
        ("progression", "Progression: gennemsnit og ændring"),
        ("agreement", "Overensstemmelse: mål"),
        ("missing", "Svar i skalaens yderpunkter"),
    ):
        open_part(app, tab)
        assert not app.exception
        assert title in page_texts(app)


def test_progression_can_be_split_shown_by_topic_and_clustered(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "progression")
    app.selectbox(key="page.questionnaire.progression.by").set_value("gender").run()
    app.button_group(key="page.questionnaire.progression.level").set_value("dimensions").run()
    app.selectbox(key="page.questionnaire.progression.cluster").set_value("gender").run()
    assert not app.exception
    assert "Grupper med færre end 5 personer vises ikke" in page_texts(app)


def test_the_smallest_group_shown_is_a_setting_of_the_study(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "progression")
    app.number_input(key="page.questionnaire.progression.limit.5").set_value(30).run()
    assert not app.exception
    assert descriptions.small_limit(study) == 30


def test_a_group_has_a_star_of_its_own(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "star")
    app.button_group(key="page.questionnaire.star.whose").set_value("group").run()
    app.selectbox(key="page.questionnaire.star.value.gender").set_value("women").run()
    assert not app.exception
    assert "n = 20 (borger, runde 1)" in page_texts(app)


def test_words_in_the_file_get_their_number_from_the_user(study_without_answers: Study) -> None:
    content = answers_csv().replace(b",30,", b",30,meget,", 1)
    head, first, rest = content.split(b"\n", 2)
    cells = first.split(b",")
    content = b"\n".join([head, b",".join([*cells[:7], *cells[8:]]), rest])
    app = upload(run_page("questionnaire", study_without_answers), "answers.csv", content)
    app.number_input(key=f"{IMPORT}.word.meget").set_value(6.0).run()
    assert not app.exception
    assert "Svar skrevet med ord er læst som tallet ved siden af" in page_texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_the_page_opens_in_both_languages(study: Study, language: str) -> None:
    set_language(as_language(language))  # AppTest words the options of widgets outside the application
    app = run_page("questionnaire", study, language=language)
    for part in (part for parts in GROUPS.values() for part in parts):
        open_part(app, part)
        assert not app.exception, part
        assert not app.error, part


def test_before_there_are_answers_other_parts_say_so(study_without_answers: Study) -> None:
    app = run_page("questionnaire", study_without_answers)
    for part in ("progression", "factors", "regressions", "notes"):
        open_part(app, part)
        assert not app.exception
        assert "Der er ingen svar endnu" in page_texts(app)


def test_a_group_remembers_its_open_tab_and_a_part_its_choices(study: Study) -> None:
    app = open_part(run_page("questionnaire", study), "progression")
    app.button_group(key="page.questionnaire.progression.level").set_value("dimensions").run()
    app.segmented_control(key="page.questionnaire.group").set_value("factors").run()
    assert "Progression: gennemsnit og ændring" not in page_texts(app)
    app.segmented_control(key="page.questionnaire.group").set_value("describe").run()
    assert not app.exception
    assert "Progression: gennemsnit og ændring" in page_texts(app)
    assert app.button_group(key="page.questionnaire.progression.level").value == "dimensions"


def test_an_index_of_chosen_questions_is_made_shown_and_removed(study: Study) -> None:
    own = "page.questionnaire.own_indices"
    app = open_part(run_page("questionnaire", study), "indices")
    assert app.button(key=f"{own}.save").disabled
    app.text_input(key=f"{own}.name").set_value("Klar til job").run()
    app.multiselect(key=f"{own}.items").set_value(["b_health", "b_punctuality"]).run()
    app.number_input(key=f"{own}.share").set_value(50).run()
    app.button(key=f"{own}.save").click().run()
    assert not app.exception
    [made] = index_values.own_indices(study)
    assert made == index_values.OwnIndex("Klar til job", ("b_health", "b_punctuality"), 0.5)
    app.selectbox(key="page.questionnaire.indices.solution").set_value(index_values.OWN).run()
    assert "Klar til job: gennemsnit af" in page_texts(app)
    [remove] = [button for button in app.button if str(button.key).startswith(f"{own}.kept.remove")]
    remove.click().run()
    assert not app.exception
    assert index_values.own_indices(study) == []


def test_tables_remark_that_answers_were_given_on_a_simplified_scale(study: Study) -> None:
    form = entry.TypedForm("K1", "citizen", 1, {"b_health": 2}, variant="faces3")
    entry.save_forms(study, [form], actor="anna")
    app = run_page("questionnaire", study)
    for part in ("means", "progression", "factors", "indices"):
        open_part(app, part)
        assert "1 af 161 skemaer er besvaret på en forenklet skala (3 ansigter)" in page_texts(app), part
