"""The views of the factors tab and the change of indices, each shown and each choice made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.services.studies import Study

from .numbers_material import numbers_study, open_part, page_texts, run_page

KEY = "page.questionnaire.factors"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return numbers_study(tmp_path)


def opened(study: Study, view: str) -> AppTest:
    app = run_page("questionnaire", study)
    open_part(app, "factors")
    app.button_group(key=f"{KEY}.view").set_value(view).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("number", "Parallelanalyse, komponenter, 95. percentil"),
        ("residuals", "RMSR"),
        ("stability", "Personerne trækkes på ny"),
        ("reliability", "Alfa med Feldts interval"),
        ("groups", "Hver gruppes egen løsning"),
    ],
)
def test_each_view_shows_its_table(study: Study, view: str, said: str) -> None:
    assert said in page_texts(opened(study, view))


def test_correlations_cut_off_and_decimals_change_the_table(study: Study) -> None:
    app = opened(study, "loadings")
    app.selectbox(key=f"{KEY}.correlation").set_value("polychoric").run()
    app.number_input(key=f"{KEY}.cutoff").set_value(0.3).run()
    assert not app.exception
    said = page_texts(app)
    assert "Polykoriske korrelationer" in said
    assert "Ladninger under 0,30 er udeladt" in said
    app.selectbox(key=f"{KEY}.correlation").set_value("pearson").run()
    app.selectbox(key=f"{KEY}.missing").set_value("pairwise").run()
    assert not app.exception
    assert "n er det mindste antal bag en korrelation" in page_texts(app)


def test_intervals_are_computed_by_a_button_and_kept(study: Study) -> None:
    app = opened(study, "stability")
    app.number_input(key=f"{KEY}.stability.draws").set_value(200).run()
    app.button(key=f"{KEY}.stability.start").click().run()
    job = app.session_state[f"{KEY}.stability.job"]
    assert job is None or job.wait(60)
    app.run()
    assert not app.exception
    assert "200 bootstrap-stikprøver af 40 personer" in page_texts(app)


def test_the_change_of_indices_stands_under_their_means(study: Study) -> None:
    app = run_page("questionnaire", study)
    open_part(app, "indices")
    assert not app.exception
    assert "Ændring i hvert indeks fra runde 1 til runde 2" in page_texts(app)
    app.button_group(key="page.questionnaire.changes.min_share").set_value("half").run()
    assert "Mindst 50 pct." in page_texts(app)
