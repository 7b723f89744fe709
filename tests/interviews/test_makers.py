"""Transcripts as different makers write them: who speaks, and every word of it."""

from __future__ import annotations

import pytest

import interviews
from tests.interviews.makers_reading import FOLDER, made, read_turns, right

FILES = sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_every_turn_of_a_maker_is_right(name: str) -> None:
    marked = made((FOLDER / name).read_text(encoding="utf-8"))
    found = read_turns(interviews.read_bytes(marked.raw.encode(), name))
    good, wrong = right(marked.said, found)
    assert (wrong, good, len(found)) == ([], len(marked.said), len(marked.said))
