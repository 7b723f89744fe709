"""The coding surface in a real browser, around a small store of its own (surface_harness)."""

from __future__ import annotations

import json
import sqlite3
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.surface_harness import harness_material as material

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import ServerStarter

pytestmark = pytest.mark.browser

HARNESS = Path(__file__).parent / "surface_harness" / "app.py"
# Where the words stand once nothing moves any more: a font that arrives late moves every line.
FIND_POSITION = """async (words) => {
  const walker = document.createTreeWalker(document.querySelector(".cs-doc"), NodeFilter.SHOW_TEXT);
  let at = -1;
  while (at < 0 && walker.nextNode()) at = walker.currentNode.data.indexOf(words);
  const range = document.createRange();
  range.setStart(walker.currentNode, at);
  range.setEnd(walker.currentNode, at + words.length);
  walker.currentNode.parentNode.scrollIntoView({block: "center"});
  const place = () => {
    const boxes = [...range.getClientRects()];
    const [first, last] = [boxes[0], boxes[boxes.length - 1]];
    const middle = (box) => box.top + box.height / 2;
    return {left: first.left, top: middle(first), right: last.right, bottom: middle(last)};
  };
  let [before, still] = [null, 0];
  while (still < 4) {
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
    const now = JSON.stringify(place());
    still = now === before ? still + 1 : 0;
    before = now;
  }
  return place();
}"""
# A coding a frame: faster than hands are, whatever else the machine is doing.
CODE_TWENTY_WORDS = """async () => {
  const press = (key, more = {}) => document.querySelector(".cs-doc").dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
  for (let n = 0; n < 20; n++) {
    press("ArrowRight", {ctrlKey: true});
    for (const key of ["w", "1", "ArrowRight"]) press(key);
    await new Promise(requestAnimationFrame);
  }
}"""
LAST_UNSAVED = "document.querySelector('.cs').dataset.unsaved === '0'"


def once_drawn(condition: str) -> str:
    """The condition, false while an element in it is away: a remount takes the surface out for a moment."""
    return f"() => {{ try {{ return {condition}; }} catch {{ return false; }} }}"


class Surface:
    """What a user does to the surface, and what the store then holds."""

    def __init__(self, page: Page, address: str, database: Path) -> None:
        self.page = page
        self.address = address
        self.database = database
        self.room = uuid.uuid4().hex[:8]

    def open(self, **query: object) -> Surface:
        self.query = {"words": 400, "room": self.room, **query}
        words = "&".join(f"{name}={value}" for name, value in self.query.items())
        self.page.goto(f"{self.address}/?{words}")
        self.painted()
        return self

    def painted(self, document: str = "amira") -> None:
        name = f"{document}-{self.query['words']}-{self.room}"
        self.page.wait_for_function(
            f"document.querySelector('.cs[data-painted]')?.dataset.document === {name!r}", timeout=30_000
        )

    def wait_until(self, condition: str) -> None:
        self.page.wait_for_function(once_drawn(condition), timeout=30_000)

    def stored(self, n: int | None = None) -> list[dict[str, Any]]:
        """The store's codings once the browser holds nothing unsaved (and draws `n`)."""
        drawn = "true" if n is None else f"document.querySelector('.cs').dataset.codings === '{n}'"
        self.wait_until(f"{LAST_UNSAVED} && {drawn}")
        with sqlite3.connect(self.database) as db:
            rows = db.execute("select row from coding where document = ? order by rowid", (self.document,))
            return [json.loads(row) for (row,) in rows]

    @property
    def document(self) -> str:
        return f"amira-{self.query['words']}-{self.room}"

    @property
    def text(self) -> str:
        return material.interview(int(str(self.query["words"])), seed=sum(map(ord, "amira")))[0]

    def select(self, words: str) -> None:
        """Drag over the first place that reads so."""
        place = self.page.evaluate(FIND_POSITION, words)
        self.page.mouse.move(place["left"] + 1, place["top"])
        self.page.mouse.down()
        self.page.mouse.move(place["right"] - 1, place["bottom"], steps=4)
        self.page.mouse.up()

    def click_on(self, words: str) -> None:
        place = self.page.evaluate(FIND_POSITION, words)
        self.page.mouse.click(place["left"] + 4, place["top"])

    @property
    def filter(self) -> Locator:
        return self.page.get_by_role("combobox")

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("dialog", name="Kodninger her")

    def code(self, words: str, code: str) -> None:
        """Select with the mouse and choose from the palette by typing."""
        self.select(words)
        self.filter.fill(code)
        self.page.keyboard.press("Enter")

    def announced(self, words: str) -> None:
        self.wait_until(f"document.querySelector('.cs-status').textContent.includes({json.dumps(words)})")

    def in_text(self) -> None:
        """Put the keyboard on the text without a click in it."""
        self.page.locator(".cs-doc").focus()


@pytest.fixture(scope="session")
def harness(streamlit_server: ServerStarter, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The harness's address and its database."""
    database = tmp_path_factory.mktemp("harness") / "harness.db"
    return streamlit_server(HARNESS, env={"SURFACE_HARNESS_DB": str(database)}), database


@pytest.fixture
def surface(page: Page, harness: tuple[str, Path]) -> Surface:
    """A surface over documents that no other test writes in."""
    return Surface(page, *harness)


def test_a_passage_selected_by_mouse_and_coded_by_typing_is_stored_and_there_after_a_reload(
    surface: Surface,
) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smer")
    [coding] = surface.stored(1)
    assert surface.text[coding["start"] : coding["end"]] == "svært ved at forstå"
    assert (coding["code"], coding["coder"]) == ("c1.0", "Anna")
    surface.announced("Smerter")
    surface.page.reload()
    surface.painted()
    assert [row["id"] for row in surface.stored(1)] == [coding["id"]]
    assert surface.page.locator(".cs-stripe").count() == 1


def test_several_codes_are_picked_at_once_and_another_overlaps_them(surface: Surface) -> None:
    surface.open()
    surface.select("svært ved at forstå")
    for name in ("smerter", "tolk"):
        surface.filter.fill(name)
        surface.page.keyboard.press("Tab")
    surface.page.keyboard.press("Enter")
    surface.stored(2)
    surface.code("at forstå det, de sagde", "modl")
    rows = surface.stored(3)
    assert sorted(row["code"] for row in rows) == ["c0.3", "c1.0", "c2.1"]
    assert rows[0]["start"] == rows[1]["start"] < rows[2]["start"] < rows[0]["end"] < rows[2]["end"]


def test_a_click_on_coded_text_shows_every_coding_there_and_removes_one(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    surface.code("forstå det, de sagde", "tolk")
    surface.stored(2)
    surface.page.keyboard.press("Escape")
    surface.click_on("forstå det")
    expect(surface.card.get_by_role("article")).to_have_count(2)
    surface.card.get_by_role("article", name="Smerter").get_by_role("button", name="Fjern").click()
    assert [row["code"] for row in surface.stored(1)] == ["c0.3"]
    expect(surface.card.get_by_role("article")).to_have_count(1)


def test_a_stripe_opens_the_card_and_a_code_is_changed_there(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    [before] = surface.stored(1)
    surface.page.locator(".cs-stripe").click()
    surface.card.get_by_role("button", name="Skift kode").click()
    surface.filter.fill("tolk")
    surface.page.keyboard.press("Enter")
    surface.announced("Kodet om til Tolk")
    assert surface.stored(1) == [before | {"code": "c0.3"}]


def test_a_memo_is_written_in_place_and_kept(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    surface.stored(1)
    surface.page.locator(".cs-stripe").click()
    surface.card.get_by_role("textbox", name="Memo").fill("Æbler og 🙂 – hør båndet")
    surface.page.keyboard.press("Enter")
    surface.announced("Memoet er gemt")
    assert [row["memo"] for row in surface.stored(1)] == ["Æbler og 🙂 – hør båndet"]


def test_a_memo_being_written_is_kept_when_the_card_closes_by_a_click_elsewhere(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    surface.stored(1)
    surface.page.locator(".cs-stripe").click()
    surface.card.get_by_role("textbox", name="Memo").fill("halvt skrevet")
    surface.page.locator(".cs-footer").click(position={"x": 5, "y": 5})
    expect(surface.card).to_have_count(0)
    surface.announced("Memoet er gemt")
    assert [row["memo"] for row in surface.stored(1)] == ["halvt skrevet"]


def test_the_extent_of_a_coding_is_changed_by_selecting_anew(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    [before] = surface.stored(1)
    surface.page.locator(".cs-stripe").click()
    surface.card.get_by_role("button", name="Ret udstrækning").click()
    surface.select("forstå det, de sagde")
    surface.announced("Kodningen dækker nu")
    [after] = surface.stored(1)
    assert after["id"] == before["id"]
    assert surface.text[after["start"] : after["end"]] == "forstå det, de sagde"


def test_undo_takes_the_last_change_back_and_redo_repeats_it(surface: Surface) -> None:
    surface.open()
    surface.code("svært ved at forstå", "smerter")
    [coding] = surface.stored(1)
    surface.page.keyboard.press("Control+z")
    assert surface.stored(0) == []
    surface.page.keyboard.press("Control+y")
    assert surface.stored(1) == [coding]


def test_an_undo_with_nothing_to_undo_says_so(surface: Surface) -> None:
    surface.open()
    surface.in_text()
    surface.page.keyboard.press("Control+z")
    surface.announced("Ikke gemt: there is nothing to undo")


def test_twenty_codings_within_a_second_are_all_stored(surface: Surface) -> None:
    surface.open(words=1500, slow="0.3")
    surface.code("svært ved at forstå", "smerter")
    surface.stored(1)
    surface.page.keyboard.press("Escape")
    surface.page.evaluate(CODE_TWENTY_WORDS)
    rows = surface.stored(21)
    assert len({(row["start"], row["end"]) for row in rows}) == 21
    assert all(surface.text[row["start"] : row["end"]].strip() for row in rows)


def test_emoji_and_arabic_keep_exact_positions(surface: Surface) -> None:
    surface.open(words=1500)
    wanted = ["om 🙂. ", "الصبر مفتاح", "», og det tænkte"]
    for number, words in enumerate(wanted):
        surface.code(words.strip(), "tolk")
        surface.stored(number + 1)
        surface.page.keyboard.press("Escape")
    rows = surface.stored(3)
    quotes = [surface.text[row["start"] : row["end"]] for row in rows]
    assert quotes == [words.strip() for words in wanted]


def test_a_double_click_selects_the_word_and_a_triple_click_the_paragraph(surface: Surface) -> None:
    surface.open()
    place = surface.page.evaluate(FIND_POSITION, "oplevede")
    surface.page.mouse.dblclick(place["left"] + 8, place["top"])
    surface.filter.fill("tolk")
    surface.page.keyboard.press("Enter")
    surface.stored(1)
    surface.page.mouse.click(place["left"] + 8, place["top"], click_count=3)
    surface.filter.fill("løn")
    surface.page.keyboard.press("Enter")
    quotes = [surface.text[row["start"] : row["end"]] for row in surface.stored(2)]
    assert quotes == ["oplevede", "Hvordan oplevede du samarbejdet med kommunen?"]


@pytest.mark.parametrize("outside", ["right", "below"])
def test_a_drag_released_outside_ends_where_the_eye_saw_it(surface: Surface, outside: str) -> None:
    surface.open(words=1500)
    page = surface.page
    place = page.evaluate(FIND_POSITION, "svært ved at forstå")
    box = page.locator(".cs-scroll").bounding_box()
    assert box is not None
    page.mouse.move(place["left"] + 1, place["top"])
    page.mouse.down()
    end = (
        (box["x"] + box["width"] + 40, place["top"])
        if outside == "right"
        else (400, box["y"] + box["height"] + 60)
    )
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    surface.filter.fill("tolk")
    page.keyboard.press("Enter")
    [row] = surface.stored(1)
    quote = surface.text[row["start"] : row["end"]]
    assert quote.startswith("svært")
    assert len(quote) < 2500
    if outside == "right":
        assert "\n" not in quote


def test_scroll_and_selection_survive_a_run_a_remount_and_another_document(surface: Surface) -> None:
    surface.open(words=3000)
    page = surface.page
    page.evaluate("document.querySelector('.cs-scroll').scrollTop = 1500")
    page.wait_for_function("document.querySelector('.cs-margin') && true")
    for action in (
        lambda: page.get_by_role("button", name="Run again").click(),
        lambda: page.get_by_text("Message above").click(),
    ):
        action()
        page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
        surface.wait_until("Math.abs(document.querySelector('.cs-scroll').scrollTop - 1500) < 3")
    page.get_by_text("bilal", exact=True).click()
    surface.painted("bilal")
    assert page.evaluate("document.querySelector('.cs-scroll').scrollTop") == 0
    page.get_by_text("amira", exact=True).click()
    surface.painted("amira")
    surface.wait_until("Math.abs(document.querySelector('.cs-scroll').scrollTop - 1500) < 3")


def test_a_coding_made_just_before_the_document_is_switched_lands_in_its_own(surface: Surface) -> None:
    surface.open(slow="0.5")
    surface.code("svært ved at forstå", "smerter")
    surface.page.get_by_text("bilal", exact=True).click()
    surface.painted("bilal")
    [row] = surface.stored(0)
    assert surface.text[row["start"] : row["end"]] == "svært ved at forstå"


def test_a_passage_is_found_selected_and_coded_by_keyboard_alone(surface: Surface) -> None:
    surface.open()
    keyboard = surface.page.keyboard
    surface.in_text()
    keyboard.press("Control+Home")
    keyboard.press("s")
    keyboard.press("Enter")
    keyboard.type("tolk")
    keyboard.press("Enter")
    surface.stored(1)
    for key in ("ArrowRight", "ArrowRight", "Control+Shift+ArrowRight", "c"):
        keyboard.press(key)
    keyboard.press("1")
    rows = surface.stored(2)
    first_line = surface.text.split("\n")[0]
    assert surface.text[rows[0]["start"] : rows[0]["end"]] == first_line
    assert [row["code"] for row in rows] == ["c0.3", "c0.3"]
    keyboard.press("Escape")
    keyboard.press("Control+Home")
    keyboard.press("n")
    surface.announced("Tolk, kodet af Anna")
    keyboard.press("Delete")
    surface.stored(1)


def test_the_find_bar_counts_and_steps(surface: Surface) -> None:
    surface.open(words=1500)
    surface.in_text()
    surface.page.keyboard.press("Control+f")
    surface.page.get_by_role("searchbox").fill("JOBCENTRET")
    many = surface.text.count("jobcentret")
    surface.wait_until(f"document.querySelector('.cs-count').textContent === '1 af {many}'")
    surface.page.keyboard.press("Enter")
    surface.wait_until(f"document.querySelector('.cs-count').textContent === '2 af {many}'")
    surface.page.keyboard.press("Escape")
    surface.page.keyboard.press("c")
    surface.filter.fill("tolk")
    surface.page.keyboard.press("Enter")
    [row] = surface.stored(1)
    assert surface.text[row["start"] : row["end"]] == "jobcentret"


def test_what_was_not_heard_is_sent_again(surface: Surface) -> None:
    surface.open(deaf="1")
    surface.code("svært ved at forstå", "smerter")
    surface.wait_until("document.querySelector('.cs').dataset.unsaved === '1'")
    expect(surface.page.get_by_text("1 ikke gemt endnu")).to_be_visible()
    assert len(surface.stored(1)) == 1


def test_a_read_only_surface_shows_codings_and_changes_none(surface: Surface) -> None:
    surface.open(codings=30, readonly="1")
    surface.page.locator(".cs-stripe").first.click()
    expect(surface.card.get_by_role("article").first).to_be_visible()
    expect(surface.card.get_by_role("button", name="Fjern")).to_have_count(0)
    surface.page.keyboard.press("Escape")
    surface.in_text()
    for key in ("Control+Home", "s", "Enter"):
        surface.page.keyboard.press(key)
    assert surface.filter.count() == 0


def test_the_surface_goes_to_the_position_it_is_given(surface: Surface) -> None:
    surface.open(words=3000, focus=9000)
    surface.wait_until("document.querySelector('.cs-scroll').scrollTop > 500")


def test_only_what_is_near_the_viewport_is_drawn(surface: Surface) -> None:
    surface.open(words=6000, codings=400)
    drawn = surface.page.locator(".cs-stripe").count()
    assert 10 < drawn < 200


def test_the_surface_speaks_english(surface: Surface) -> None:
    surface.open(language="en", codings=1)
    surface.announced("1 coding")
    surface.select("svært ved at forstå")
    expect(surface.page.get_by_role("dialog", name="4 words selected")).to_be_visible()


def test_it_works_inside_a_fragment(surface: Surface) -> None:
    surface.open(fragment="1")
    surface.code("svært ved at forstå", "smerter")
    assert len(surface.stored(1)) == 1
