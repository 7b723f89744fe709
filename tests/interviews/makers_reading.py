"""Invented transcripts as different makers would write them, with what is right marked in them.

`<<as written|speaker>>` opens a turn: what is written there is a label and not part of the words. `@1` is a
speaker without label (the same one wherever it stands), an empty speaker is nobody, `#` a line that is not
said by anyone (heading, note, fact), `-` something written inside a turn that belongs to no words.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import interviews

FOLDER = Path(__file__).parent / "makers"
_MARK = re.compile(r"<<(.*?)\|([^|>]*)>>", re.DOTALL)


class Said(NamedTuple):
    speaker: str | None
    words: str


class Made(NamedTuple):
    """raw : the file as its maker wrote it.     said : its turns."""

    raw: str
    said: list[Said]


def made(marked: str) -> Made:
    raw = _MARK.sub(lambda found: found[1], marked)
    said: list[Said] = []
    pieces = _MARK.split(marked)
    for speaker, words in zip(pieces[2::3], pieces[3::3], strict=True):
        plain = _even(words.replace("*", ""))
        if speaker == "-" and said:
            said[-1] = Said(said[-1].speaker, _even(f"{said[-1].words} {plain}"))
        elif speaker != "#":
            said.append(Said(speaker or None, plain))
    return Made(raw, said)


def read_turns(transcript: interviews.Transcript) -> list[Said]:
    return [
        Said(turn.speaker, _even(transcript.said(turn))) for turn in transcript.turns if turn.kind == "speech"
    ]


def right(expected: list[Said], found: list[Said]) -> tuple[int, list[str]]:
    """Return how many expected turns were found with the right speaker and words, and what is wrong."""
    nobody = {said.speaker for said in expected if said.speaker and said.speaker.startswith("@")}
    names = _named_by_order(expected, found) if nobody else {}
    wanted = [Said(names.get(said.speaker or "", said.speaker), said.words) for said in expected]
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    good = sum(block.size for block in matcher.get_matching_blocks())
    wrong = [
        f"expected {wanted[a:b]}\n   found {found[c:d]}"
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    return good, wrong


def _named_by_order(expected: list[Said], found: list[Said]) -> dict[str, str | None]:
    words = {said.words: said.speaker for said in reversed(found)}
    names: dict[str, str | None] = {}
    for said in expected:
        if said.speaker and said.speaker.startswith("@") and said.words in words:
            names.setdefault(said.speaker, words[said.words])
    different = len(set(names.values())) == len(names) and None not in names.values()
    return names if different else {}


def _even(words: str) -> str:
    return " ".join(words.split())
