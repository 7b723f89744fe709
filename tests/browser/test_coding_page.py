"""The coding page of the real application, over a real study file, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_coding_surface import FIND_POSITION, LAST_UNSAVED, once_drawn
from workbench.services import coding
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study
from workbench.services.transcripts import get_transcript
from workbench.settings import load_settings, remember_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.conftest import ServerStarter

pytestmark = pytest.mark.browser

APP = Path(__file__).parents[2] / "workbench" / "app.py"
AMIRA = (
    "Interviewer: Hvordan gik det med sproget?\n"
    "Amira: Det var svært i starten 🙂. Min mor siger الصبر مفتاح الفرج. Så øvede jeg æ, ø og å.\n"
    "Interviewer: Og arbejdet?\n"
    "Amira: Chefen talte langsomt til mig. Ryggen gjorde ondt, men jeg blev ved.\n"
)
BILAL = "Interviewer: Og du?\nBilal: Jeg ventede på en plads i børnehaven og kunne ikke begynde før jul.\n"
LONG = "".join(
    f"Leder: Vi prøver i måned {n} at få flere i arbejde, og det går langsomt.\n" for n in range(60)
)


class CodingPage:
    """What a coder does, and what the study then holds."""

    def __init__(self, page: Page, address: str, study: Study) -> None:
        self.page, self.address, self.study = page, address, study

    def open(self, number: int = 1, *, coder: str = "Anna") -> CodingPage:
        self.page.goto(f"{self.address}/coding?transcript={number}")
        self.painted(number)
        name = self.page.get_by_label("Koder", exact=True)
        if name.input_value() != coder:
            name.fill(coder)
            name.press("Enter")
            self.page.get_by_role("button", name="Filtrér").click()
            expect(self.page.get_by_role("button", name=coder, exact=True)).to_be_visible()
            self.page.keyboard.press("Escape")
            self.wait("document.querySelector('.stApp').dataset.testScriptState === 'notRunning'")
        return self

    def painted(self, number: int) -> None:
        identity = get_transcript(self.study, str(number)).facts.id
        self.wait(f"document.querySelector('.cs[data-painted]')?.dataset.document === {identity!r}")

    def wait(self, condition: str) -> None:
        self.page.wait_for_function(once_drawn(condition), timeout=30_000)

    def stored(self, drawn: int) -> list[coding.Coding]:
        """The study's codings once nothing is unsaved and this many are drawn."""
        self.wait(f"{LAST_UNSAVED} && document.querySelector('.cs').dataset.codings === '{drawn}'")
        return coding.list_codings(self.study)

    def select(self, words: str) -> None:
        place = self.page.evaluate(FIND_POSITION, words)
        self.page.mouse.move(place["left"] + 1, place["top"])
        self.page.mouse.down()
        self.page.mouse.move(place["right"] - 1, place["bottom"], steps=4)
        self.page.mouse.up()

    def code(self, words: str, code: str) -> None:
        """Select with the mouse, type in the palette, Enter."""
        self.select(words)
        self.palette.fill(code)
        self.page.keyboard.press("Enter")

    @property
    def palette(self) -> Locator:
        return self.page.locator(".cs").get_by_role("combobox")

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("dialog", name="Kodninger her")

    def status(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(".cs-status")).to_have_text(words)

    def keys(self, *keys: str) -> None:
        self.page.locator(".cs-doc").focus()
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def served(streamlit_server: ServerStarter, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The application's address and the home in which it looks for the study opened last."""
    home = tmp_path_factory.mktemp("coding-home")
    return streamlit_server(APP, env={"WORKBENCH_HOME": str(home), "WORKBENCH_CODER": "Anna"}), home


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Three interviews, the third one long."""
    made = create_study(tmp_path / "study", title="Sprog og arbejde", scheme="immi", actor="Anna")
    files = {"amira": AMIRA, "bilal": BILAL, "leder": LONG}
    given = [GivenFile(f"{name}.txt", text.encode()) for name, text in files.items()]
    import_transcripts(made, given, actor="Anna")
    return made


@pytest.fixture
def coder(page: Page, served: tuple[str, Path], study: Study, monkeypatch: pytest.MonkeyPatch) -> CodingPage:
    address, home = served
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    remember_study(load_settings(), study.reference)
    return CodingPage(page, address, study)


@pytest.fixture
def second_coder(browser: Browser, coder: CodingPage) -> Callable[[], CodingPage]:
    """Another person's browser over the same study."""
    return lambda: CodingPage(browser.new_context(locale="da-DK").new_page(), coder.address, coder.study)


def test_a_passage_coded_by_mouse_is_in_the_study_and_there_after_a_reload(coder: CodingPage) -> None:
    coder.open()
    coder.code("svært i starten 🙂", "mangler dansk")
    [row] = coder.stored(1)
    assert (row.quote, row.code, row.coder, row.transcript) == (
        "svært i starten 🙂",
        "language/lack_of_danish",
        "Anna",
        "amira",
    )
    coder.page.reload()
    coder.painted(1)
    assert [kept.id for kept in coder.stored(1)] == [row.id]
    expect(coder.page.locator(".cs-stripe")).to_have_count(1)


def test_arabic_emoji_and_danish_letters_keep_their_exact_places(coder: CodingPage) -> None:
    coder.open()
    for number, words in enumerate(("الصبر مفتاح", "🙂. Min mor", "æ, ø og å"), start=1):
        coder.code(words, "sprogskole")
        coder.stored(number)
        coder.page.keyboard.press("Escape")
    text = get_transcript(coder.study, "amira").text
    rows = coder.stored(3)
    assert sorted(row.quote for row in rows) == sorted(["الصبر مفتاح", "🙂. Min mor", "æ, ø og å"])
    assert all(text[row.start : row.end] == row.quote for row in rows)


def test_a_coding_is_recoded_given_a_memo_removed_and_all_of_it_undone_and_redone(coder: CodingPage) -> None:
    coder.open()
    coder.code("Ryggen gjorde ondt", "fysisk")
    coder.stored(1)
    coder.code("gjorde ondt, men jeg blev ved", "motivation")
    assert len({row.code for row in coder.stored(2)}) == 2
    coder.page.locator(".cs-stripe").first.click()
    coder.card.get_by_role("textbox", name="Memo").first.fill("hør båndet 🙂")
    coder.page.keyboard.press("Enter")
    coder.status(re.compile("Memoet er gemt"))
    assert [row.memo for row in coder.stored(2)] == ["hør båndet 🙂", ""]
    coder.page.locator(".cs-stripe").first.click()
    coder.card.get_by_role("button", name="Skift kode").first.click()
    coder.palette.fill("psykisk")
    coder.page.keyboard.press("Enter")
    coder.status(re.compile("Kodet om til"))
    assert coder.stored(2)[0].code == "health/mental_trauma"
    coder.keys("Escape", "Control+Home", "n", "Delete")
    assert [row.memo for row in coder.stored(1)] == [""]
    coder.keys("Control+z")
    back = coder.stored(2)[0]
    assert (back.code, back.memo) == ("health/mental_trauma", "hør båndet 🙂")
    coder.keys("Control+z")
    coder.wait(LAST_UNSAVED)
    assert coder.stored(2)[0].code == "health/physical"
    coder.keys("Control+y")
    coder.status(re.compile("Gentaget"))
    assert coder.stored(2)[0].code == "health/mental_trauma"


def test_an_undo_with_nothing_to_undo_says_so_in_danish(coder: CodingPage) -> None:
    coder.open()
    coder.keys("Control+z")
    coder.status("Ikke gemt: du har ikke mere at fortryde i dette interview")


def test_twenty_quick_codings_are_all_in_the_study(coder: CodingPage) -> None:
    coder.open(3)
    coder.code("få flere i arbejde", "motivation")
    coder.stored(1)
    coder.keys("Escape", "Control+Home")
    for _ in range(20):
        coder.keys("w", "1", "ArrowRight", "Control+ArrowRight")
    rows = coder.stored(21)
    assert len({(row.start, row.end) for row in rows}) == 21


def test_switching_interviews_with_unsaved_codings_loses_none(coder: CodingPage) -> None:
    coder.open(3)
    coder.code("få flere i arbejde", "motivation")
    coder.stored(1)
    coder.keys("Escape", "Control+Home")
    for _ in range(5):
        coder.keys("w", "1", "ArrowRight", "Control+ArrowRight")
    coder.page.get_by_role("button", name="Forrige", exact=True).click()
    coder.painted(2)
    coder.code("plads i børnehaven", "børn")
    rows = coder.stored(1)
    assert [row.transcript for row in rows].count("leder") == 6
    assert [row.quote for row in rows if row.transcript == "bilal"] == ["plads i børnehaven"]


def test_codings_made_just_before_another_page_is_opened_are_kept(coder: CodingPage) -> None:
    coder.open()
    coder.code("svært i starten", "mangler dansk")
    coder.page.get_by_role("link", name="Kodeskema").click()
    expect(coder.page.get_by_role("heading", name="Kodeskema")).to_be_visible()
    coder.page.get_by_role("link", name="Kodning", exact=True).click()
    coder.painted(1)
    assert [row.quote for row in coder.stored(1)] == ["svært i starten"]


def test_a_chosen_interview_stands_in_the_address_and_is_there_again_after_another_page(
    coder: CodingPage,
) -> None:
    coder.open(1)
    coder.page.get_by_role("button", name="Næste", exact=True).click()
    coder.painted(2)
    expect(coder.page).to_have_url(re.compile(r"coding\?transcript=2$"))
    coder.page.get_by_role("link", name="Kodeskema").click()
    expect(coder.page.get_by_role("heading", name="Kodeskema")).to_be_visible()
    coder.page.get_by_role("link", name="Kodning", exact=True).click()
    coder.painted(2)


def test_a_click_in_the_list_goes_to_the_coding(coder: CodingPage) -> None:
    text = get_transcript(coder.study, "leder").text
    start = text.index("måned 55")
    coding.add_coding(coder.study, "leder", start=start, end=start + 8, code="motivation", actor="Anna")
    coder.open(3)
    coder.page.mouse.click(*_first_cell(coder.page))
    coder.wait("document.querySelector('.cs-scroll').scrollTop > 500")


def _first_cell(page: Page) -> tuple[float, float]:
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    return box["x"] + 40, box["y"] + 52


def test_two_coders_see_each_others_codings_and_change_only_their_own(
    coder: CodingPage, second_coder: Callable[[], CodingPage]
) -> None:
    coder.open()
    coder.code("svært i starten", "mangler dansk")
    coder.stored(1)
    other = second_coder().open(coder="Bo")
    other.stored(1)
    other.page.locator(".cs-stripe").click()
    expect(other.card.get_by_role("button", name="Fjern")).to_have_count(0)
    other.page.keyboard.press("Escape")
    other.code("Chefen talte langsomt", "motivation")
    rows = other.stored(2)
    assert [(row.quote, row.coder) for row in rows] == [
        ("svært i starten", "Anna"),
        ("Chefen talte langsomt", "Bo"),
    ]
    coder.code("jeg blev ved", "motivation")
    coder.stored(3)
    other.keys("Control+z")
    assert {row.coder for row in other.stored(2)} == {"Anna"}
    other.page.context.close()


def test_a_filter_leaves_only_one_theme_on_the_text(coder: CodingPage) -> None:
    coder.open()
    coder.code("svært i starten", "mangler dansk")
    coder.stored(1)
    coder.code("Ryggen gjorde ondt", "fysisk")
    coder.stored(2)
    coder.page.get_by_role("button", name="Filtrér").click()
    coder.page.get_by_role("button", name="Helbred", exact=True).click()
    expect(coder.page.get_by_role("button", name="Viser 1 af 2")).to_be_visible()
    expect(coder.page.locator(".cs-stripe")).to_have_count(1)


def test_the_page_speaks_english_throughout(coder: CodingPage) -> None:
    coder.open()
    coder.page.get_by_text("English", exact=True).click()
    expect(coder.page.get_by_text("No codings to show here.")).to_be_visible()
    coder.painted(1)
    words = coder.page.locator("[data-testid=stMain]").inner_text()
    assert not re.search(r"Kodning|Filtrér|Taster|Sprog\b|Helbred", words)
    coder.select("Ryggen gjorde ondt")
    expect(coder.page.get_by_role("dialog", name="3 words selected")).to_be_visible()
