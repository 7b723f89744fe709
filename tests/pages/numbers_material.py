"""What the tests of both pages of numbers share: answers, estimates, a study of them, and running a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from quant import load_instrument
from workbench.i18n import t
from workbench.services import effects, surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study

PAGES = Path(__file__).parents[2] / "pages"
ESTIMATES = b"""outcome,subgroup,period,model,estimate,std_error,stars,treated_mean
employment,all,2017-2018,2,-0.008,0.007,,0.137
education,all,2017-2018,2,0.002,0.009,,0.112
internship,all,2018,2,0.031,0.012,**,0.120
internship,men,2018,2,0.038,0.014,**,0.125
"""


def answers_csv() -> bytes:
    """Answers of 40 persons in both rounds, drawn with a fixed seed."""
    draw = np.random.default_rng(7)
    items = load_instrument("fip").item_ids()
    lines = [",".join(["person", "round", "citizen_date", "caseworker_date", "gender", "age", *items])]
    for person in range(40):
        for number in (1, 2):
            level = draw.normal(4, 1)
            values = [round(float(np.clip(draw.normal(level, 1), 1, 7))) for _ in items]
            day = f"2017-0{number}-10"
            gender = "women" if person % 2 else "men"
            head = [f"P{person:02d}", str(number), day, day, gender, "30"]
            lines.append(",".join([*head, *map(str, values)]))
    return "\n".join(lines).encode()


def numbers_study(folder: Path) -> Study:
    """A study with the shipped scheme and questionnaire, a few answers and a few estimates."""
    study = create_study(
        folder / "numbers", title="Numbers", language="da", scheme="immi", instrument="fip", actor="anna"
    )
    draft = surveys.draft_answers(study, GivenFile("answers.csv", answers_csv()))
    surveys.save_answers(study, draft, actor="anna", nature="simulated", label="Answers")
    estimates = effects.draft_estimates(GivenFile("estimates.csv", ESTIMATES), label="Report")
    effects.save_estimates(study, estimates, actor="anna", nature="published", label="Report")
    return study


def run_page(name: str, study: Study | None, *, language: str = "da") -> AppTest:
    """The page by itself, with the study open; the application around it has tests of its own."""
    script = (
        "import runpy\n"
        "from workbench.ui import session\n"
        "session.begin()\n"
        f"runpy.run_path({str(PAGES / f'{name}.py')!r}, run_name='__main__')\n"
    )
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["coder"] = "anna"
    app.session_state["language"] = language
    if study is not None:
        app.session_state["study_reference"] = study.reference
    return app.run()


def open_part(app: AppTest, part: str) -> AppTest:
    """A part of the questionnaire page by its name, such as "factors": its group and its tab chosen."""
    from workbench.ui.questionnaire_screen import GROUPS  # the tests of services need no Streamlit

    group, parts = next((group, parts) for group, parts in GROUPS.items() if part in parts)
    language = app.session_state["language"]
    app.session_state["page.questionnaire.group"] = group
    if len(parts) > 1:
        title = t(f"surveys.page.tab_{part}", language=language)
        app.session_state[f"page.questionnaire.tab.{group}.{language}"] = title
    app.run()
    return app


def page_texts(app: AppTest) -> str:
    """All that the page says in words."""
    kinds = (app.html, app.markdown, app.caption, app.info, app.error, app.warning)
    return "\n".join(str(getattr(part, "value", part)) for kind in kinds for part in kind)
