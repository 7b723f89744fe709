"""Each reader with damaged files: a sound transcript or one clear message comes out, never anything else.

The same examples in every run; scripts/fuzz.py goes on for as long as it is told to.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews import READERS
from tests.interviews.mutations import mutated
from tests.interviews.promises import fault
from tests.interviews.sample_files import sound_files

SOUND = sound_files()
IN_A_CHILD = {"pdf", "xlsx", "doc", "rtf"}


def test_every_reader_has_a_sound_file_to_damage() -> None:
    assert set(READERS) - {"doc"} <= set(SOUND)


@pytest.mark.parametrize("kind", sorted(SOUND))
def test_a_damaged_file_gives_a_sound_transcript_or_one_message(kind: str) -> None:
    examples = 12 if kind in IN_A_CHILD else 40
    others = [SOUND[name] for name in sorted(SOUND)]

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        data = mutated(SOUND[kind], others, random.Random(seed))
        assert fault(data, f"a.{kind}") == ""

    check()


@pytest.mark.parametrize("kind", sorted(set(READERS) - IN_A_CHILD))
def test_any_bytes_given_to_a_reader_by_name_are_read_or_refused(kind: str) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
    def check(data: bytes) -> None:
        assert fault(data, f"a.{kind}", reader=kind) == ""

    check()
