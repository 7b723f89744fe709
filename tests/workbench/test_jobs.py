"""Work in a thread: how far it is, cancelling, what comes of it."""

from __future__ import annotations

import gc
from threading import Event, current_thread, main_thread

import pytest

from workbench.i18n import get_language, set_language
from workbench.jobs import Job, JobCancelledError, Steps, start_job

PATIENCE = 30.0


def test_the_result_is_kept_and_the_work_ran_in_a_thread_of_its_own() -> None:
    job = start_job(lambda steps: current_thread())
    assert job.wait(PATIENCE)
    assert job.result() is not main_thread()
    assert job.progress().status == "done"


def test_progress_tells_step_share_and_what_is_worked_on() -> None:
    reached, go_on = Event(), Event()

    def work(steps: Steps) -> str:
        steps.working_on("b.docx")
        steps.step(1, 4)
        reached.set()
        go_on.wait(PATIENCE)
        return "all"

    job = start_job(work, total=4)
    assert reached.wait(PATIENCE)
    now = job.progress()
    assert (now.status, now.done, now.total, now.at, now.share) == ("running", 1, 4, "b.docx", 0.25)
    with pytest.raises(RuntimeError, match="still running"):
        job.result()
    go_on.set()
    assert job.wait(PATIENCE)
    ended = job.progress().seconds
    assert job.progress().seconds == ended  # the clock stops with the work


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    reached, go_on = Event(), Event()
    seen: list[int] = []

    def work(steps: Steps) -> None:
        for number in range(1, 4):
            seen.append(number)
            reached.set()
            go_on.wait(PATIENCE)
            steps.step(number, 3)

    job = start_job(work)
    assert reached.wait(PATIENCE)
    job.cancel()
    go_on.set()
    assert job.wait(PATIENCE)
    assert seen == [1]
    assert job.progress().status == "cancelled"
    with pytest.raises(JobCancelledError):
        job.result()


def test_work_that_looks_at_the_flag_itself_hands_back_what_it_has() -> None:
    go_on = Event()

    def work(steps: Steps) -> list[int]:
        go_on.wait(PATIENCE)
        stored = []
        for number in range(3):
            if steps.cancelled:
                break
            stored.append(number)
        return stored

    job = start_job(work)
    job.cancel()
    go_on.set()
    assert job.wait(PATIENCE)
    assert (job.result(), job.progress().status) == ([], "done")


def test_an_error_is_kept_for_whoever_asks_for_the_result() -> None:
    def work(steps: Steps) -> None:
        raise ValueError("no such thing")

    job = start_job(work)
    assert job.wait(PATIENCE)
    assert job.progress().status == "failed"
    with pytest.raises(ValueError, match="no such thing"):
        job.result()


def test_the_work_speaks_the_language_of_the_one_who_began_it() -> None:
    set_language("en")
    job = start_job(lambda steps: get_language())
    set_language("da")
    assert job.wait(PATIENCE)
    assert job.result() == "en"


@pytest.mark.parametrize(("when_abandoned", "cancelled"), [("cancel", True), ("finish", False)])
def test_a_job_that_nobody_holds_is_cancelled_or_finished(when_abandoned: str, cancelled: bool) -> None:
    go_on, over = Event(), Event()
    seen: list[bool] = []

    def work(steps: Steps) -> None:
        go_on.wait(PATIENCE)
        seen.append(steps.cancelled)
        over.set()

    job: Job[None] | None = start_job(work, when_abandoned=when_abandoned)  # type: ignore[arg-type]
    assert job is not None
    job = None
    gc.collect()
    go_on.set()
    assert over.wait(PATIENCE)
    assert seen == [cancelled]


def test_an_amount_that_is_not_known_is_no_share() -> None:
    job = start_job(lambda steps: None)
    assert job.wait(PATIENCE)
    assert job.progress().share == 0.0
