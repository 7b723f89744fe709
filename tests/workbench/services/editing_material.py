"""What the tests of editing share: a study with one coded interview, and corrected texts of it."""

from __future__ import annotations

from interviews import Transcript, Turn
from workbench.services import coding
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study
from workbench.services.transcripts import get_transcript

SPOKEN = (
    "Interviewer: Hvordan gik det med sproget?\n"
    "Amira: Det var svært i begyndelsen 🙂, for jeg kunne ikke et ord dansk.\n"
    "Interviewer: Hvad hjalp dig mest?\n"
    "Amira: Praktikken på plejehjemmet. Kollegerne talte med mig hver dag.\n"
    "Interviewer: Og kommunen?\n"
    "Amira: De ringede aldrig tilbage, og så gik der tre måneder.\n"
)
LANGUAGE, HEALTH = "language/lack_of_danish", "health/physical"
QUOTES = ("svært i begyndelsen 🙂", "ikke et ord dansk", "plejehjemmet", "ringede aldrig tilbage")


def coded_study(reference: str) -> Study:
    """A study with the interview `amira`, in which each of `QUOTES` is coded; ids `coding-0` and so on."""
    study = create_study(reference, scheme="immi", actor="Anna")
    import_transcripts(study, [GivenFile("amira.txt", SPOKEN.encode())], actor="Anna")
    code_quotes(study, *QUOTES)
    return study


def code_quotes(study: Study, *quotes: str, actor: str = "Anna") -> None:
    """Code words that stand once in the text, under ids that tell their place in the call."""
    text = text_of(study)
    coding.add_codings(
        study,
        [
            {
                "id": f"coding-{number}",
                "transcript": "amira",
                "start": text.index(quote),
                "end": text.index(quote) + len(quote),
                "code": LANGUAGE,
            }
            for number, quote in enumerate(quotes)
        ],
        actor=actor,
    )


def text_of(study: Study) -> str:
    """The text in use."""
    return get_transcript(study, "amira").text


def corrected(study: Study, *changes: tuple[str, str]) -> Transcript:
    """The transcript in use with words replaced, its turns drawn along lines."""
    text = text_of(study)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return lines_as_turns(text)


def lines_as_turns(text: str) -> Transcript:
    """A transcript whose lines are turns; questions are the interviewer's."""
    turns, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            speaker = "Interviewer" if line.rstrip().endswith("?") else "Amira"
            turns.append(Turn(start, start + len(line), speaker))
        start += len(line) + 1
    return Transcript(text, tuple(turns))


def quotes(study: Study) -> dict[str, str]:
    """The words of the codings that count, by id."""
    return {row.id: row.quote for row in coding.list_codings(study)}
