"""The questions of the interview guide as they were put in the interviews, and coding the answers to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from rapidfuzz import fuzz
from sqlmodel import Session

from interviews import SpeakerGuess, Transcript, Turn, match_guide, sections, sentences, words
from interviews.transcript import Role, TurnKind
from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.services.coding import add_codings, list_codings
from workbench.services.coding_actions import storable
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import events, segments
from workbench.store import schemes as scheme_store
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import AskedRow, InterviewRow, TranscriptRow, TurnRow

NEAR = 86  # wordings at least this alike are one question
SHORTEST_QUESTION = 4
_NUMBER = re.compile(r"^\W*(?:(?:spørgsmål|question|tema|theme)\s*)?\d{0,3}[a-z]?\s*[.):]\s*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Answer:
    """What was answered to a question in one place: `text[start:end]`, turns of respondents in a row."""

    transcript_id: str
    transcript: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class GuideQuestion:
    """A question that was put in several interviews, or that one shows to be of the guide.

    number : its place in the list, by which commands name it.     wording : the commonest.
    wordings : all of them.     transcripts : ids of the transcripts where it was put.
    only_here : whether it was put in one interview only, of several that the study has.
    """

    number: int
    wording: str
    wordings: tuple[str, ...]
    transcripts: tuple[str, ...]
    answers: tuple[Answer, ...]
    only_here: bool = False

    @property
    def interviews(self) -> int:
        """In how many transcripts it was put."""
        return len(self.transcripts)

    @property
    def words(self) -> int:
        """How many words were said in answer."""
        return sum(words(answer.words) for answer in self.answers)

    def as_dict(self) -> dict[str, Any]:
        """The question as JSON values."""
        return {
            "number": self.number,
            "question": self.wording,
            "wordings": list(self.wordings),
            "interviews": self.interviews,
            "only_here": self.only_here,
            "transcripts": sorted({answer.transcript for answer in self.answers}),
            "answers": [vars(answer) for answer in self.answers],
        }


@dataclass
class _Asked:
    """A question in one transcript, at a turn. guide : it is numbered or a heading, and so of the guide."""

    wording: str
    turn: int
    guide: bool


@dataclass
class _Group:
    """Near-equal wordings, and where they were put: (transcript id, turn)."""

    form: str
    wordings: list[str] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    guide: bool = False


@dataclass(frozen=True)
class _Spoken:
    facts: TranscriptFacts
    text: str
    turns: Sequence[TurnRow]

    def as_transcript(self) -> Transcript:
        """As readers of files give one, with what finding questions needs."""
        roles = {turn.speaker: turn.role for turn in self.turns if turn.speaker is not None}
        return Transcript(
            self.text,
            tuple(
                Turn(turn.start, turn.end, turn.speaker, turn.time_seconds, cast(TurnKind, turn.kind))
                for turn in self.turns
            ),
            tuple(SpeakerGuess(label, cast(Role, role), 0, 0) for label, role in roles.items()),
        )


def list_questions(study: Study) -> list[GuideQuestion]:
    """The questions put in at least two interviews (in a study of one: all), in the order they are put.

    A question is the last sentence of an interviewer's turn that ends in a question mark and has four words
    or more, or what opens a section: a heading, a named theme, a numbered question (`interviews.sections`).
    What opens a section is of the guide and listed even if one interview alone has it; it is looked for in
    the other interviews within longer turns too (`interviews.match_guide`).
    The answers to it are what respondents say until the next such question or heading (to a heading: until
    the next heading); a shorter question is a follow-up and does not end them.
    """
    spoken = _spoken(study)
    asked_in = {name: list(_questions(each)) for name, each in spoken.items()}
    groups = _grouped(asked_in)
    _look_in_longer_turns(spoken, groups)
    guide = [
        group
        for group in groups
        if group.guide or len({name for name, _ in group.places}) >= min(2, len(spoken))
    ]
    asked = {name: {each.turn for each in found} for name, found in asked_in.items()}
    for group in groups:
        for name, turn in group.places:
            asked[name].add(turn)
    guide.sort(key=lambda group: sum(turn for _, turn in group.places) / len(group.places))
    questions = []
    for number, group in enumerate(guide, start=1):
        answers = [
            answer
            for name, turn in sorted(
                group.places, key=lambda place: (spoken[place[0]].facts.number, place[1])
            )
            for answer in _answers(spoken[name], turn, asked[name])
        ]
        counted = sorted(set(group.wordings), key=lambda each: (-group.wordings.count(each), each))
        questions.append(
            GuideQuestion(
                number,
                counted[0],
                tuple(counted),
                tuple(dict.fromkeys(name for name, _ in group.places)),
                tuple(answers),
                only_here=len(spoken) > 1 and len({name for name, _ in group.places}) == 1,
            )
        )
    return questions


def code_answers(
    study: Study,
    question: str | int,
    code: str,
    *,
    actor: str,
    transcripts: Sequence[str] | None = None,
    mark_asked: bool = False,
) -> int:
    """Put a code on the answers to a question, as one action; returns how many are new.

    question : its number in `list_questions`, or its wording.     transcripts : ids, numbers or names; all
        where it was put if None.
    mark_asked : note too that the code's theme was asked about in these interviews; undone with the codings.

    Raises NotFoundError for a question, code or transcript that is not there; nothing is stored then.
    """
    found = _find(list_questions(study), str(question))
    wanted = set(found.transcripts)
    if transcripts is not None:
        with study.read() as session:
            wanted &= {store.find_transcript(session, study.study_id, name).id for name in transcripts}
    held = {
        (coding.transcript_id, coding.start, coding.end)
        for coding in list_codings(study)
        if coding.code == code and coding.coder == actor
    }

    def alongside(session: Session, action_id: str) -> None:
        if mark_asked:
            _mark_asked(session, study.study_id, wanted, code, actor, action_id)

    return add_codings(
        study,
        [
            {
                "transcript": answer.transcript_id,
                "start": answer.start,
                "end": answer.end,
                "quote": answer.words,
                "code": code,
            }
            for answer in found.answers
            if answer.transcript_id in wanted and (answer.transcript_id, answer.start, answer.end) not in held
        ],
        actor=actor,
        origin="hand",
        alongside=alongside,
    )


def _find(questions: Sequence[GuideQuestion], named: str) -> GuideQuestion:
    for found in questions:
        if named == str(found.number) or _form(named) in {_form(wording) for wording in found.wordings}:
            return found
    raise NotFoundError(t("errors.no_question", question=named, questions=len(questions)))


def _spoken(study: Study) -> dict[str, _Spoken]:
    spoken = {}
    facts = list_transcripts(study)
    with study.read() as session:
        texts = store.texts_in_use(session, study.study_id)
        turns = store.turns_in_use(session, study.study_id)
    for each in facts:
        spoken[each.id] = _Spoken(each, texts[each.id], turns.get(each.id, ()))
    return spoken


def _questions(spoken: _Spoken) -> Iterable[_Asked]:
    openings = {section.start for section in sections(spoken.as_transcript())}
    for place, turn in enumerate(spoken.turns):
        said = spoken.text[turn.start : turn.end].strip()
        if turn.kind == "heading" or turn.start in openings:
            yield _Asked(" ".join(said.split()), place, guide=True)
        elif turn.kind == "speech" and turn.role == "interviewer" and said.endswith("?"):
            spans = sentences(said)
            last = said[spans[-1][0] :] if spans else said
            if words(last) >= SHORTEST_QUESTION:
                yield _Asked(" ".join(last.split()), place, guide=False)


def _grouped(asked_in: Mapping[str, Sequence[_Asked]]) -> list[_Group]:
    """Near-equal wordings together. Only wordings with a long word in common are compared."""
    groups: list[_Group] = []
    exact: dict[str, _Group] = {}
    by_word: dict[str, list[_Group]] = {}
    for name, found in asked_in.items():
        for asked in found:
            form = _form(asked.wording)
            group = exact.get(form)
            if group is None:
                long = sorted(set(form.split()), key=lambda word: (-len(word), word))[:4]
                near = {id(other): other for word in long for other in by_word.get(word, ())}
                group = max(near.values(), key=lambda other: fuzz.ratio(form, other.form), default=None)
                if group is None or not _same_question(form, group.form):
                    group = _Group(form)
                    groups.append(group)
                    for word in long:
                        by_word.setdefault(word, []).append(group)
                exact[form] = group
            group.wordings.append(asked.wording)
            group.places.append((name, asked.turn))
            group.guide |= asked.guide
    return groups


def _look_in_longer_turns(spoken: Mapping[str, _Spoken], groups: Sequence[_Group]) -> None:
    """Add to questions of the guide the interviews where they stand within an interviewer's longer turn.

    The last sentence of a turn was compared before, and is not taken for another question here.
    """
    guide = {
        group.wordings[0]: group
        for group in groups
        if group.guide and len(group.form.split()) >= SHORTEST_QUESTION
    }
    taken = {place for group in groups for place in group.places}
    for name, each in spoken.items():
        open_ones = [
            wording for wording, group in guide.items() if name not in {other for other, _ in group.places}
        ]
        if not open_ones:
            continue
        ordinals = {turn.start: place for place, turn in enumerate(each.turns)}
        for hit in match_guide(each.as_transcript(), open_ones, at_least=NEAR).asked:
            place, group = ordinals[hit.turn.start], guide[hit.question]
            wording = " ".join(each.text[hit.start : hit.end].split())
            settled = (name, place) in taken and hit.end >= hit.turn.end
            if not settled and hit.turn.kind == "speech" and _same_question(_form(wording), group.form):
                group.wordings.append(wording)
                group.places.append((name, place))


def _same_question(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= NEAR and _DIGITS.findall(one) == _DIGITS.findall(other)


def _form(wording: str) -> str:
    """A wording without its number, in small letters, words only."""
    return " ".join(re.findall(r"\w+", _NUMBER.sub("", wording).lower()))


def _answers(spoken: _Spoken, turn: int, asked: Iterable[int]) -> Iterable[Answer]:
    under_heading = spoken.turns[turn].kind == "heading"
    following = (
        place
        for place in asked
        if place > turn and (not under_heading or spoken.turns[place].kind == "heading")
    )
    stop = min(following, default=len(spoken.turns))
    run: list[TurnRow] = []
    for place in range(turn + 1, stop + 1):
        row = spoken.turns[place] if place < stop else None
        if row is not None and row.kind == "speech" and row.role != "interviewer" and row.start < row.end:
            run.append(row)
        elif run:
            start, end = run[0].start, run[-1].end
            facts = spoken.facts
            yield Answer(facts.id, facts.name, start, end, spoken.text[start:end])
            run = []


def _mark_asked(
    session: Session, study_id: str, transcripts: Iterable[str], code: str, actor: str, action_id: str
) -> None:
    theme = scheme_store.codes_by_path(session, study_id).get(code.partition("/")[0])
    if theme is None:
        return
    for name in transcripts:
        interview = session.get_one(InterviewRow, session.get_one(TranscriptRow, name).interview_id)
        row = session.get(AskedRow, (interview.id, theme.id))
        if row is not None and row.asked:
            continue
        before = events.snapshot(row) if row is not None else None
        row = row or AskedRow(interview_id=interview.id, code_id=theme.id)
        row.asked = True
        session.add(row)
        session.flush()
        events.record(
            session,
            study_id,
            actor=storable(actor),
            action="question.asked",
            action_id=action_id,
            entity=segments.ASKED,
            entity_id=interview.id,
            transcript_id=name,
            before=before,
            after=events.snapshot(row),
        )
