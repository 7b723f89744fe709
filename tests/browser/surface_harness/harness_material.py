"""An invented interview of any length, and codings spread over it: the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

from workbench.ui.coding_surface import SurfaceCode, SurfaceCoding, SurfaceTurn

QUESTIONS = (
    "Hvad tænker du, når du ser tilbage på det første år?",
    "Kan du fortælle lidt mere om det?",
    "Hvordan oplevede du samarbejdet med kommunen?",
    "Hvad betød sproget for dig i den tid?",
)
SENTENCES = (
    "Jeg havde svært ved at forstå det, de sagde på jobcentret.",
    "Så kom der en mentor, og hun hjalp mig med papirerne.",
    "På arbejdspladsen var de søde, men de talte meget hurtigt.",
    "Min ryg gjorde ondt hver dag, og jeg sov ikke om natten.",
    "Man vil jo gerne arbejde, det er ikke det, det handler om 🙂.",
    "Børnene skulle hentes klokken tre, og så kunne jeg ikke nå det.",
    "Min mor sagde altid «الصبر مفتاح الفرج», og det tænkte jeg på.",
    "Efter praktikken fik jeg et rigtigt job, 20 timer om ugen.",
    "Der var ingen, der spurgte mig, hvad jeg selv ville.",
    "Jeg lærte flere danske ord i køkkenet end på sprogskolen.",
)
CODERS = ("Anna", "Bo")
THEMES = (
    ("Sprog", "#2f7ed8", ("Manglende dansk", "Sprogskole", "Sprog på arbejdspladsen", "Tolk")),
    ("Helbred", "#d1495b", ("Smerter", "Søvn", "Psykisk belastning", "Mestring")),
    ("Motivation", "#3a9d5d", ("Vil arbejde", "Modløshed", "Mål for fremtiden")),
    ("Kvinder", "#8e5bb5", ("Børnepasning", "Familiens forventninger", "Eget netværk")),
    ("IGU", "#e08e1b", ("Forløbets længde", "Løn", "Oplæring")),
)


def codes() -> tuple[SurfaceCode, ...]:
    """Five themes with their sub-codes."""
    made = []
    for number, (theme, color, labels) in enumerate(THEMES):
        made.append(SurfaceCode(id=f"c{number}", label=theme, color=color))
        made += [
            SurfaceCode(id=f"c{number}.{place}", label=label, color=color, group=theme, seed_words=("dansk",))
            for place, label in enumerate(labels)
        ]
    return tuple(made)


def interview(n_words: int, *, seed: int = 1) -> tuple[str, tuple[SurfaceTurn, ...]]:
    """A text of at least `n_words` words and its turns, question and answer."""
    draw = random.Random(seed)
    paragraphs: list[tuple[str, str]] = []
    words = 0
    while words < n_words:
        answer = " ".join(draw.choices(SENTENCES, k=draw.randint(2, 9)))
        for pair in (("Interviewer", draw.choice(QUESTIONS)), ("Amira", answer)):
            paragraphs.append(pair)
            words += len(pair[1].split())
    turns = []
    start = 0
    for number, (speaker, said) in enumerate(paragraphs):
        role: Any = "interviewer" if speaker == "Interviewer" else "respondent"
        turns.append(SurfaceTurn(start, start + len(said), speaker, number * 14.0, role))
        start += len(said) + 1
    return "\n".join(said for _, said in paragraphs), tuple(turns)


def codings(text: str, n: int, *, seed: int = 2) -> tuple[SurfaceCoding, ...]:
    """`n` codings of some words up to some sentences each, half of them near another one."""
    draw = random.Random(seed)
    ids = [code.id for code in codes()]
    made = []
    for number in range(n):
        start = draw.randrange(len(text) - 400)
        while not (text[start].isalnum() and (start == 0 or text[start - 1].isspace())):
            start += 1
        end = start + draw.choice((25, 60, 110, 180, 320))
        while end < len(text) and text[end].isalnum():
            end += 1
        memo = "Et memo om stedet" if number % 25 == 0 else ""
        coder = CODERS[number % 2]
        made.append(SurfaceCoding(f"seed-{number}", start, end, draw.choice(ids), coder, memo))
    return tuple(made)
