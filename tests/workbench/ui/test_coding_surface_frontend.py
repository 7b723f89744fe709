"""The parts of the frontend that need no browser, run by node where there is one."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workbench.ui.coding_surface.assets import SOURCES

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None, reason="no node here; it is needed to build the frontend, not to use it"
)

PIECES = [
    "a",
    " ",
    "\n",
    "é",
    "e\u0301",
    "😀",
    "👩\u200d👩\u200d👧",
    "🇩🇰",
    "العربية",
    "\u200f",
    "\u2028",
    "𝒜",
    "中",
    "ø",
]


def answer_of(script: str, tmp_path: Path, given: object) -> Any:
    """What a module script prints as JSON; `given` is there under that name."""
    data = tmp_path / "given.json"
    data.write_text(json.dumps(given), encoding="utf-8")
    read = f"JSON.parse(fs.readFileSync({json.dumps(str(data))}, 'utf8'))"
    head = f"import fs from 'node:fs'; const given = {read};"
    source = tmp_path / "script.mjs"
    source.write_text(head + script.replace("@", SOURCES.as_uri()), encoding="utf-8")
    assert NODE is not None
    done = subprocess.run([NODE, str(source)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_positions_are_those_of_python_in_every_text(tmp_path: Path) -> None:
    draw = random.Random(5)
    cases = []
    for _ in range(600):
        text = "".join(draw.choices(PIECES, k=draw.randint(1, 60)))
        start = draw.randrange(len(text))
        end = draw.randint(start + 1, len(text))
        cases.append([text, start, end, text[start:end]])
    script = """
      const { Positions } = await import("@/positions.js");
      const wrong = given.filter(([text, start, end, quote]) => {
        const positions = new Positions(text);
        const [from, to] = [positions.toUnit(start), positions.toUnit(end)];
        return text.slice(from, to) !== quote || positions.toPoint(from) !== start
          || positions.toPoint(to, true) !== end;
      });
      console.log(JSON.stringify(wrong));"""
    assert answer_of(script, tmp_path, cases) == []


def test_a_position_inside_a_character_goes_to_its_start_or_its_end(tmp_path: Path) -> None:
    script = """
      const { Positions } = await import("@/positions.js");
      const positions = new Positions("a😀b");
      const places = [positions.toPoint(2), positions.toPoint(2, true), positions.whole(2, true)];
      console.log(JSON.stringify(places));"""
    assert answer_of(script, tmp_path, None) == [1, 2, 3]


def test_the_state_is_the_snapshot_the_changes_and_what_is_not_stored_yet(tmp_path: Path) -> None:
    script = """
      const { CodingModel } = await import("@/model.js");
      const model = new CodingModel("😀 abc def ghi");
      model.coder = "Bo";
      const rows = [["k1", 2, 5, 0, 0, "", 1], ["k2", 6, 9, 0, 0, "", 1], ["k3", 0, 1, 0, 0, "", 0]];
      model.setSnapshot({ rows, coders: ["Anna"] }, [{ id: "x" }]);
      model.setChanges([["remove", "k2"], ["put", "k1", 2, 9, "y", "Anna", "note", 1]]);
      model.rebuild([
        { kind: "add", coding_id: "k4", start: 10, end: 13, code: "x", memo: "" },
        { kind: "recode", coding_id: "k1", code: "z" }, { kind: "remove", coding_id: "k3" },
        { kind: "undo" },
      ]);
      const shown = model.list.map((c) => [c.id, model.text.slice(c.start, c.end), c.code, c.coder]);
      console.log(JSON.stringify(shown));"""
    assert answer_of(script, tmp_path, None) == [
        ["k1", "abc def", "z", "Anna"],
        ["k4", "ghi", "x", "Bo"],
    ]


def test_stretches_of_equal_depth_cover_each_overlap_once(tmp_path: Path) -> None:
    script = """
      const { depths } = await import("@/model.js");
      const codings = [[0, 10], [5, 15], [5, 8], [20, 30]].map(([start, end]) => ({ start, end }));
      console.log(JSON.stringify(depths(codings, 2, 25)));"""
    assert answer_of(script, tmp_path, None) == [[2, 5, 1], [5, 8, 3], [8, 10, 2], [10, 15, 1], [20, 25, 1]]


def test_words_are_found_without_shifting_positions(tmp_path: Path) -> None:
    script = """
      const { occurrences } = await import("@/find.js");
      const found = [occurrences("İstanbul ÆBLE æble a.b", "æble"), occurrences("a.b axb", "A.B")];
      console.log(JSON.stringify(found));"""
    assert answer_of(script, tmp_path, None) == [[[9, 13], [14, 18]], [[0, 3]]]
