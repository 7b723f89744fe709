"""Whatever is done in whatever order: a coding holds the words at its place, and nothing goes unnoticed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.workbench.services.editing_material import HEALTH, LANGUAGE, coded_study, lines_as_turns
from workbench.errors import InvalidRequestError
from workbench.services import coding, editing
from workbench.services.checking import check_study
from workbench.services.studies import Study, describe_study
from workbench.services.transcripts import get_transcript
from workbench.store.engine import close_connections

PEOPLE = st.sampled_from(["Anna", "Bo"])
PLACE = st.integers(0, 400)
WORDS = st.sampled_from(
    ["", "ja", "svært", "dansk 🙂", "tre\nmåneder", "plejehjemmet. ", "e\u0301n ", "الصبر "]
)
CHANGES = st.sampled_from(["remove", "recode", "memo", "resize"])
TURN_EDITS = st.sampled_from(["change", "delete", "join", "split", "insert"])
_numbers = itertools.count()


class AnyOrder(RuleBasedStateMachine):
    """Gestures, edits and their undoing by two people, on one interview."""

    new_study: Callable[[], Study]

    def __init__(self) -> None:
        super().__init__()
        self.study = self.new_study()
        self.edits = 0

    @property
    def text(self) -> str:
        return get_transcript(self.study, "amira").text

    def _coding(self, number: int) -> coding.Coding | None:
        listed = coding.list_codings(self.study)
        return listed[number % len(listed)] if listed else None

    def _gesture(self, kind: str, actor: str, **fields: Any) -> None:
        facts = get_transcript(self.study, "amira").facts
        operation = {"op_id": f"op-{next(_numbers)}", "kind": kind, "document": facts.id}
        coding.apply_operations(
            self.study, [operation | {"version": str(facts.version)} | fields], actor=actor
        )

    @rule(actor=PEOPLE, start=PLACE, length=st.integers(1, 40))
    def add(self, actor: str, start: int, length: int) -> None:
        start %= len(self.text)
        quote = self.text[start : start + length]
        fields = {"start": start, "end": start + len(quote), "quote": quote, "code": LANGUAGE, "memo": ""}
        self._gesture("add", actor, coding_id=f"c-{next(_numbers)}", **fields)

    @rule(actor=PEOPLE, number=PLACE, kind=CHANGES, start=PLACE)
    def change(self, actor: str, number: int, kind: str, start: int) -> None:
        found = self._coding(number)
        if found is None:
            return
        start %= len(self.text)
        quote = self.text[start : start + 9]
        span = {"start": start, "end": start + len(quote), "quote": quote}
        fields = {"recode": {"code": HEALTH}, "memo": {"memo": f"nr. {number}"}, "resize": span}.get(kind, {})
        self._gesture(kind, actor, coding_id=found.id, **fields)

    @precondition(lambda self: self.edits < 6)
    @rule(actor=PEOPLE, start=PLACE, length=st.integers(0, 60), words=WORDS)
    def replace_text(self, actor: str, start: int, length: int, words: str) -> None:
        text, self.edits = self.text, self.edits + 1
        start %= len(text)
        new = text[:start] + words + text[start + length :]
        if new.strip():
            change = editing.replace_text(self.study, "amira", lines_as_turns(new), actor=actor)
            for fate in change.fates:
                assert (fate.new_quote is None) == (fate.status == "lost")
                assert fate.status != "moved" or fate.new_quote == fate.old_quote

    @precondition(lambda self: self.edits < 6)
    @rule(
        actor=PEOPLE,
        turn=st.integers(0, 8),
        what=TURN_EDITS,
    )
    def edit_turns(self, actor: str, turn: int, what: Any) -> None:
        self.edits += 1
        version = get_transcript(self.study, "amira").facts.version
        words = "Nye ord, som ingen har sagt." if what in ("change", "insert") else None
        edit = editing.TurnEdit(turn, what, words=words, at=5)
        try:
            editing.edit_turns(self.study, "amira", [edit], actor=actor, based_on=version)
        except InvalidRequestError as error:
            if error.reason not in ("edit", "no_words"):
                raise

    @precondition(lambda self: self.edits < 6)
    @rule(actor=PEOPLE, number=PLACE)
    def restore(self, actor: str, number: int) -> None:
        self.edits += 1
        versions = editing.list_versions(self.study, "amira")
        wanted = versions[number % len(versions)].version
        editing.restore_version(self.study, "amira", wanted, actor=actor)
        assert self.text == editing.version_transcript(self.study, "amira", wanted).text

    @rule(actor=PEOPLE, only_own=st.booleans(), again=st.booleans())
    def take_back(self, actor: str, only_own: bool, again: bool) -> None:
        try:
            (coding.redo if again else coding.undo)(self.study, actor=actor, only_own=only_own)
        except InvalidRequestError as error:
            if error.reason not in ("changed_since", "conflict"):
                raise

    @rule(actor=PEOPLE, start=PLACE)
    def answer(self, actor: str, start: int) -> None:
        for waiting in editing.codings_to_review(self.study)[:1]:
            if waiting.status == "changed":
                assert editing.accept_changes(self.study, [waiting.coding_id], actor=actor) == 1
            else:
                start %= len(self.text)
                end = min(len(self.text), start + 5)
                editing.place_again(self.study, waiting.coding_id, start, end, actor=actor)

    @invariant()
    def holds_together(self) -> None:
        assert check_study(self.study).problems == ()
        text, listed = self.text, coding.list_codings(self.study)
        assert all(text[each.start : each.end] == each.quote != "" for each in listed)
        assert all(each.review in (None, "changed") for each in listed)
        assert all((each.review is None) == (each.earlier_quote is None) for each in listed)
        assert describe_study(self.study).codings == len(listed)
        current = get_transcript(self.study, "amira").facts.version
        assert list(editing.version_transcript(self.study, "amira", current).codings) == listed


def _check(new_study: Callable[[], Study], *, examples: int, steps: int) -> None:
    machine = type("Machine", (AnyOrder,), {"new_study": staticmethod(new_study)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck)
        ),
    )


def test_in_a_study_file_every_order_holds_together(tmp_path: Path) -> None:
    def new_study() -> Study:
        close_connections()
        return coded_study(str(tmp_path / f"{next(_numbers)}.workbench"))

    _check(new_study, examples=8, steps=20)


@pytest.mark.postgres
def test_on_a_server_every_order_holds_together(postgres_url: str) -> None:
    def new_study() -> Study:
        return coded_study(f"{postgres_url}#study-{next(_numbers)}")

    _check(new_study, examples=4, steps=12)
