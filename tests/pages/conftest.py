"""A small study, and pages of the application run without a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from quant import load_instrument
from workbench.services import coding, importing, studies, surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study

ROOT = Path(__file__).parents[2]
CODER = "Ida"
INTERVIEWS = {
    "leder_01": "Interviewer: Hvordan går det?\nLeder: Sproget er svært for mange. Men det går fremad.\n",
    "borger_01": "Interviewer: Hvad vil du?\nBorger: Jeg vil gerne arbejde. Ryggen gør ondt.\n",
}
PASSAGES = (
    ("leder_01", "Sproget er svært", "language/lack_of_danish"),
    ("leder_01", "det går fremad", "language/progress"),
    ("borger_01", "Ryggen gør ondt", "health/physical"),
)

PageOpener = Callable[..., AppTest]
RunPage = Callable[..., AppTest]


@pytest.fixture
def empty_study(tmp_path: Path) -> Study:
    """A study with nothing in it, not even a coding scheme."""
    return studies.create_study(tmp_path / "empty", title="Tomt studie", actor=CODER)


@pytest.fixture
def coded_study(tmp_path: Path) -> Study:
    """Two interviews, three codings, the shipped scheme and questionnaire; no numbers yet."""
    study = studies.create_study(
        tmp_path / "coded", title="Lille studie", scheme="immi", instrument="fip", actor=CODER
    )
    files = [GivenFile(f"{name}.txt", text.encode()) for name, text in INTERVIEWS.items()]
    importing.import_transcripts(study, files, actor=CODER)
    for name, words, code in PASSAGES:
        text = transcript_text(study, name)
        start = text.index(words)
        coding.add_coding(study, name, start=start, end=start + len(words), code=code, actor=CODER)
    return study


@pytest.fixture
def small_study(coded_study: Study) -> Study:
    """The coded study with answers to its questionnaire."""
    draft = surveys.draft_answers(coded_study, GivenFile("answers.csv", answers_csv()))
    surveys.save_answers(coded_study, draft, actor=CODER)
    return coded_study


def answers_csv() -> bytes:
    """Answers of 40 persons aged 30, half of them women, in two rounds a month apart, by both respondents."""
    instrument = load_instrument("fip")
    ids = [item.id for item in instrument.items]
    random = np.random.default_rng(7)
    lines = [",".join(["person", "round", "date", "gender", "age", *ids])]
    dimensions = {item.dimension for item in instrument.items}
    for person in range(1, 41):
        level = {dimension: random.normal(5, 2) for dimension in sorted(dimensions)}
        for number in (1, 2):
            drawn = [
                round(min(max(level[item.dimension] + random.normal(0, 1), item.scale_min), item.scale_max))
                for item in instrument.items
            ]
            gender = "women" if person % 2 else "men"
            facts = [f"P{person:02d}", str(number), f"2017-{number:02d}-10", gender, "30"]
            lines.append(",".join([*facts, *map(str, drawn)]))
    return "\n".join(lines).encode()


def transcript_text(study: Study, name: str) -> str:
    """The stored text of a transcript."""
    from workbench.services.transcripts import get_transcript

    return get_transcript(study, name).text


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> PageOpener:
    """A function that runs the application and opens a page: open_page("scheme", study, language="en")."""
    monkeypatch.setenv("WORKBENCH_CODER", CODER)

    def opened(name: str = "home", study: Study | None = None, *, language: str = "da") -> AppTest:
        app = AppTest.from_file(str(ROOT / "workbench" / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        if study is not None:
            app.session_state["study_reference"] = study.reference
        app.run()
        if name != "home":
            app.switch_page(os.path.join("..", "pages", f"{name}.py")).run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def run_page(monkeypatch: pytest.MonkeyPatch) -> RunPage:
    """A function that runs one page by itself: run_page("questionnaire", study, language="en")."""
    monkeypatch.setenv("WORKBENCH_CODER", CODER)

    def ran(name: str, study: Study, *, language: str = "da") -> AppTest:
        page = ROOT / "pages" / f"{name}.py"
        app = AppTest.from_string(
            "import runpy\nfrom workbench.ui import session\nsession.begin()\nsession.sidebar()\n"
            f"with session.shown_errors():\n    runpy.run_path({str(page)!r}, run_name='__main__')\n",
            default_timeout=60,
        )
        app.session_state["language"] = language
        app.session_state["study_reference"] = study.reference
        return app.run()

    return ran
