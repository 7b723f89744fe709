"""Codings through their use cases, on a study file and on PostgreSQL."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import InvalidCodingError, InvalidRequestError, NotFoundError
from workbench.i18n import set_language
from workbench.services import coding, quotations
from workbench.services.checking import check_study
from workbench.services.files import GivenFile
from workbench.services.importing import import_transcripts
from workbench.services.studies import Study, create_study, list_history, open_study
from workbench.services.transcripts import get_transcript

SPOKEN = "Interviewer: Hvad med sproget?\nAmira: Jeg sagde الصبر 🙂 og æøå, før jeg kunne dansk.\n"
LANGUAGE, HEALTH = "language/lack_of_danish", "health/physical"
ON_ONE_STUDY = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def study(study_reference: str) -> Study:
    """A study with the shipped scheme and one short interview, whose name is `amira`."""
    made = create_study(study_reference, scheme="immi", actor="Anna")
    import_transcripts(made, [GivenFile("amira.txt", SPOKEN.encode())], actor="Anna")
    return made


@pytest.fixture
def text(study: Study) -> str:
    """The stored words of the interview."""
    return get_transcript(study, "amira").text


@pytest.fixture
def gestures(study: Study) -> Gestures:
    """What a browser sends."""
    return Gestures(get_transcript(study, "amira").facts.id)


class Gestures:
    """Operations on one transcript, numbered as they are made."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.numbers = count(1)

    def __call__(self, kind: str, **fields: Any) -> dict[str, Any]:
        operation_id = f"operation-{next(self.numbers)}"
        return {"op_id": operation_id, "kind": kind, "document": self.document, "version": "1", **fields}

    def add(
        self, name: str, text: str, *, start: int = 0, end: int = 4, code: str = LANGUAGE
    ) -> dict[str, Any]:
        span = {"start": start, "end": end, "quote": text[start:end]}
        return self("add", coding_id=name, code=code, memo="", **span)


def state(study: Study) -> list[dict[str, Any]]:
    """All codings as values."""
    return sorted((row.as_dict() for row in coding.list_codings(study)), key=lambda row: row["id"])


def apply(study: Study, *operations: dict[str, Any], actor: str = "Anna") -> coding.OperationResult:
    return coding.apply_operations(study, operations, actor=actor)


# ---- the invariant


def test_a_coding_keeps_the_words_between_its_positions(study: Study, text: str) -> None:
    start = text.index("الصبر 🙂")
    coding.add_coding(
        study, "amira", start=start, end=start + 7, code=LANGUAGE, actor="Anna", weight=2, memo="hør"
    )
    [row] = coding.list_codings(study)
    assert row.quote == "الصبر 🙂" == text[row.start : row.end]
    assert (row.code, row.coder, row.weight, row.memo, row.origin) == (LANGUAGE, "Anna", 2, "hør", "hand")


@ON_ONE_STUDY
@given(
    start=st.one_of(st.integers(-3, 90), st.booleans(), st.none(), st.floats(allow_nan=False)),
    end=st.one_of(st.integers(-3, 90), st.text(max_size=2)),
    other_words=st.one_of(st.none(), st.text(max_size=6)),
)
def test_whatever_is_asked_a_coding_is_refused_or_quotes_its_text(
    study: Study, text: str, start: Any, end: Any, other_words: str | None
) -> None:
    before = len(coding.list_codings(study))
    try:
        stored = coding.add_coding(
            study, "amira", start=start, end=end, code=LANGUAGE, actor="Anna", quote=other_words
        )
    except InvalidCodingError:
        assert len(coding.list_codings(study)) == before
    else:
        row = next(row for row in coding.list_codings(study) if row.id == stored)
        assert text[row.start : row.end] == row.quote != ""
        assert other_words in (None, row.quote)
    assert check_study(study).problems == ()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "language/none_such"}, NotFoundError),
        ({"end": 4000}, InvalidCodingError),
        ({"weight": 4}, InvalidCodingError),
        ({"actor": ""}, InvalidRequestError),
        ({"transcript": "bilal"}, NotFoundError),
    ],
)
def test_a_coding_that_does_not_fit_is_refused_and_nothing_is_stored(
    study: Study, changed: dict[str, Any], error: type[Exception]
) -> None:
    fitting: dict[str, Any] = {"transcript": "amira", "start": 0, "end": 4, "code": LANGUAGE, "actor": "Anna"}
    events = len(list_history(study, limit=None))
    values = {**fitting, **changed}
    with pytest.raises(error):
        coding.add_coding(study, values.pop("transcript"), **values)
    assert coding.list_codings(study) == []
    assert len(list_history(study, limit=None)) == events


def test_many_codings_are_stored_all_or_none(study: Study) -> None:
    set_language("en")
    fitting = {"transcript": "amira", "start": 0, "end": 4, "code": LANGUAGE}
    with pytest.raises(InvalidCodingError, match="coding 2"):
        coding.add_codings(study, [fitting, {**fitting, "quote": "andre ord"}], actor="Anna")
    assert coding.list_codings(study) == []
    named = {**fitting, "id": "first", "coder": "Bo"}
    assert coding.add_codings(study, [named, {**fitting, "start": 1}], actor="Anna") == 2
    assert coding.add_codings(study, [named], actor="Anna") == 0
    assert [(row.coder, row.origin) for row in coding.list_codings(study)] == [
        ("Bo", "import"),
        ("Anna", "import"),
    ]


# ---- operations from the browser


def test_an_operation_counts_once_however_often_it_arrives(
    study: Study, text: str, gestures: Gestures
) -> None:
    sent = [gestures.add("one", text), gestures("memo", coding_id="one", memo="et ord"), gestures("undo")]
    for _ in range(3):
        answer = apply(study, *sent)
        assert (answer.done, answer.refused) == (("operation-1", "operation-2", "operation-3"), {})
    [row] = coding.list_codings(study)
    assert (row.id, row.memo) == ("one", "")


def test_one_that_does_not_fit_stops_no_other_and_says_why(
    study: Study, text: str, gestures: Gestures
) -> None:
    answer = apply(
        study,
        gestures.add("one", text) | {"quote": "andre ord"},
        gestures.add("two", text) | {"version": "2"},
        gestures.add("three", text, code="none/such"),
        gestures.add("four", text) | {"end": 10_000},
        gestures("remove", coding_id="never"),
        gestures("recode", coding_id="never"),
        gestures("dance", coding_id="never"),
        gestures("undo"),
        gestures("redo"),
        gestures.add("five", text) | {"document": "elsewhere"},
        gestures.add("six", text),
    )
    assert answer.done == ("operation-11",)
    assert list(answer.reasons.values()) == [
        "other_words",
        "newer_version",
        "no_code",
        "outside_text",
        "gone",
        "incomplete",
        "incomplete",
        "nothing_to_undo",
        "nothing_to_redo",
        "no_transcript",
    ]
    assert answer.refused.keys() == answer.reasons.keys()
    assert all(answer.refused.values())
    assert [row.id for row in coding.list_codings(study)] == ["six"]


def test_changes_tell_the_browser_what_became_of_each_coding(
    study: Study, text: str, gestures: Gestures
) -> None:
    sequence, before = coding.coding_snapshot(study, gestures.document)
    assert before == []
    apply(study, gestures.add("one", text), gestures.add("two", text, start=5, end=9))
    apply(study, gestures("memo", coding_id="one", memo="et ord"), gestures("remove", coding_id="two"))
    newest, changes = coding.changes_since(study, gestures.document, sequence)
    told = {change.coding_id: change.coding.memo if change.coding else None for change in changes}
    assert told == {"one": "et ord", "two": None}
    assert coding.changes_since(study, gestures.document, newest) == (newest, [])
    assert coding.coding_snapshot(study, gestures.document)[0] == newest


# ---- undo and redo

STEP = st.sampled_from(["add", "remove", "recode", "memo", "no memo", "resize", "undo", "redo"])


def _step(kind: str, number: int, text: str, gestures: Gestures, present: list[str]) -> dict[str, Any]:
    target = present[number % len(present)] if present else "none"
    start = number % 20
    if kind == "add":
        return gestures.add(f"coding-{number}", text, start=start, end=start + 5)
    if kind == "recode":
        return gestures("recode", coding_id=target, code=HEALTH if number % 2 else LANGUAGE)
    if kind in ("memo", "no memo"):
        return gestures("memo", coding_id=target, memo=f"memo {number}" if kind == "memo" else "")
    if kind == "resize":
        return gestures("resize", coding_id=target, start=start, end=start + 3, quote=text[start : start + 3])
    return gestures(kind, coding_id=target)


@settings(ON_ONE_STUDY, max_examples=15)
@given(steps=st.lists(STEP, min_size=1, max_size=14))
def test_undoing_all_gives_the_first_state_and_redoing_all_the_last(
    study: Study, text: str, gestures: Gestures, steps: list[str]
) -> None:
    # A coder of this example's own: everybody takes back only what is theirs.
    coder = f"coder {next(gestures.numbers)}"
    first = state(study)
    for number, kind in enumerate(steps):
        present = [row["id"] for row in state(study) if row["coder"] == coder]
        operation = _step(kind, number, text, gestures, present)
        operation["coding_id"] = operation.get("coding_id", "").replace("coding-", f"{coder} ")
        answer = apply(study, operation, actor=coder)
        assert not answer.refused or present == [] or kind in ("undo", "redo")
    last = state(study)
    undone = 0
    while coding.undo(study, actor=coder, only_own=True):
        undone += 1
    assert state(study) == first
    for _ in range(undone):
        assert coding.redo(study, actor=coder, only_own=True)
    assert state(study) == last
    while coding.undo(study, actor=coder, only_own=True):
        pass
    assert check_study(study).problems == ()


def test_a_removal_takes_the_memo_along_and_undo_brings_both_back(
    study: Study, text: str, gestures: Gestures
) -> None:
    apply(study, gestures.add("one", text), gestures("memo", coding_id="one", memo="hør båndet"))
    before = state(study)
    apply(study, gestures("remove", coding_id="one"))
    assert state(study) == []
    apply(study, gestures("undo"))
    assert state(study) == before
    apply(study, gestures("redo"))
    assert state(study) == []


def test_undo_is_refused_once_somebody_else_has_changed_the_coding(
    study: Study, text: str, gestures: Gestures
) -> None:
    apply(study, gestures.add("one", text))
    apply(study, gestures("recode", coding_id="one", code=HEALTH), actor="Bo")
    answer = apply(study, gestures("undo"))
    assert list(answer.reasons.values()) == ["changed_since"]
    assert [row.code for row in coding.list_codings(study)] == [HEALTH]
    apply(study, gestures("undo"), actor="Bo")
    assert apply(study, gestures("undo")).refused == {}
    assert state(study) == []


def test_undo_is_refused_once_somebody_else_has_written_a_memo_on_the_coding(
    study: Study, text: str, gestures: Gestures
) -> None:
    apply(study, gestures.add("one", text))
    apply(study, gestures("memo", coding_id="one", memo="Bo så det også"), actor="Bo")
    assert list(apply(study, gestures("undo")).reasons.values()) == ["changed_since"]
    assert [row.memo for row in coding.list_codings(study)] == ["Bo så det også"]


def test_undo_takes_back_only_what_is_ones_own_and_in_this_interview(
    study: Study, text: str, gestures: Gestures
) -> None:
    import_transcripts(study, [GivenFile("bilal.txt", b"Leder: Det gik.\n")], actor="Anna")
    apply(study, gestures.add("mine", text))
    apply(study, gestures.add("hers", text, start=3), actor="Bo")
    coding.add_coding(study, "bilal", start=0, end=3, code=LANGUAGE, actor="Anna")
    apply(study, gestures("undo"))
    assert [row.coder for row in coding.list_codings(study)] == ["Bo", "Anna"]


def test_a_removed_or_recoded_quotation_is_no_longer_pinned_until_that_is_undone(
    study: Study, text: str, gestures: Gestures
) -> None:
    apply(study, gestures.add("one", text), gestures.add("two", text, start=5, end=12))
    quotations.pin_quotation(study, "language", "one", actor="Anna")
    for change in (gestures("remove", coding_id="one"), gestures("recode", coding_id="one", code=HEALTH)):
        apply(study, change)
        assert _pins(study) == []
        assert apply(study, gestures("undo")).refused == {}
        assert _pins(study) == ["one"]


def _pins(study: Study) -> list[str]:
    from workbench.store.links import pinned_quotations

    with study.read() as session:
        return [row.coding_id for row in pinned_quotations(session, study.study_id).values()]


@pytest.mark.postgres
def test_undo_works_where_the_server_keeps_another_time(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")
    study = create_study(f"{postgres_url}#tokyo", scheme="immi", actor="Anna")
    import_transcripts(study, [GivenFile("amira.txt", SPOKEN.encode())], actor="Anna")
    coding.add_coding(study, "amira", start=0, end=4, code=LANGUAGE, actor="Anna")
    assert len(coding.undo(study, actor="Anna")) == 1
    assert coding.list_codings(study) == []


# ---- when the machine fails

WRITER = """
import sys
from workbench.services import coding
from workbench.services.studies import open_study
study = open_study(sys.argv[1])
print("ready", flush=True)
for place in range(100_000):
    start = place % 40
    span = {"start": start, "end": start + 5}
    name = coding.add_coding(study, "amira", **span, code="language", actor="Anna", memo="x")
    print(name, flush=True)
"""


@pytest.fixture
def writer(study_reference: str, study: Study) -> Iterator[subprocess.Popen[str]]:
    """A process that codes as fast as it can and tells of each coding once it is stored."""
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, study_reference],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("told", [1, 7, 20])
def test_a_kill_in_the_midst_of_writing_loses_nothing_that_was_stored(
    writer: subprocess.Popen[str], study_reference: str, told: int
) -> None:
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    stored = [writer.stdout.readline().strip() for _ in range(told)]
    os.kill(writer.pid, signal.SIGKILL)
    stored += writer.stdout.read().split()
    study = open_study(study_reference)
    found = coding.list_codings(study)
    assert set(stored) <= {row.id for row in found}
    assert len(found) <= len(stored) + 1
    assert {row.memo for row in found} == {"x"}
    assert check_study(study).problems == ()
    assert coding.undo(study, actor="Anna")


def test_gestures_wait_while_another_program_holds_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.store.engine.LOCK_WAIT_SECONDS", 0.1)
    file = tmp_path / "held.workbench"
    study = create_study(file, scheme="immi", actor="Anna")
    import_transcripts(study, [GivenFile("amira.txt", SPOKEN.encode())], actor="Anna")
    stored = get_transcript(study, "amira")
    gesture = Gestures(stored.facts.id).add("c1", stored.text)
    with closing(sqlite3.connect(file)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        held = apply(study, gesture)
        holder.rollback()
    assert (held.done, held.refused) == ((), {})
    assert "held.workbench" in held.waiting
    assert coding.list_codings(study) == []
    again = apply(study, gesture)
    assert (again.done, again.refused, again.waiting) == ((gesture["op_id"],), {}, "")
    assert [row.id for row in coding.list_codings(study)] == ["c1"]


def test_signs_that_no_database_keeps_do_not_break_a_memo(study: Study) -> None:
    stored = coding.add_coding(
        study, "amira", start=0, end=4, code=LANGUAGE, actor="An\ud800na", memo="se \0her \ud83d!"
    )

    [found] = coding.list_codings(study)

    assert (found.id, found.coder, found.memo) == (stored, "An?na", "se her ?!")
