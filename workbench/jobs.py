"""Long work off the script thread of a page: how far it is, cancelling it, and what came of it.

A job is a value that the browser session keeps; it goes on while the user looks at other pages. The work
knows no screen: it gets a `Steps` with which it says how far it is and asks whether to stop.
"""

from __future__ import annotations

import contextvars
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
JobStatus = Literal["running", "done", "failed", "cancelled"]


class JobCancelledError(Exception):
    """Somebody asked the work to stop; raised inside the work where it says how far it is."""


@dataclass(frozen=True)
class JobProgress:
    """How far a job is. at : what it works on now, such as a file name.   seconds : since it began."""

    status: JobStatus
    done: int
    total: int
    at: str
    seconds: float

    @property
    def share(self) -> float:
        """Done of all, 0-1; 0 where the amount is not known."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0


@dataclass
class _State:
    """What the thread of the work and the session share."""

    total: int
    status: JobStatus = "running"
    done: int = 0
    at: str = ""
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    result: object = None
    error: BaseException | None = None
    stop: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)


class Steps:
    """What the work is given: it tells its steps here and learns here that it should stop."""

    def __init__(self, state: _State) -> None:
        self._state = state

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._state.stop.is_set()

    def working_on(self, what: str) -> None:
        """Name what is worked on now. Raises JobCancelledError if the work should stop."""
        self.note(what)
        self._raise_if_cancelled()

    def note(self, what: str) -> None:
        """Name what is worked on now, for work that looks at `cancelled` itself."""
        with self._state.lock:
            self._state.at = what

    def step(self, done: int, total: int) -> None:
        """Say how much is done. Raises JobCancelledError if the work should stop."""
        self.count(done, total)
        self._raise_if_cancelled()

    def count(self, done: int, total: int) -> None:
        """Say how much is done, for work that looks at `cancelled` itself and has something to hand back."""
        with self._state.lock:
            self._state.done, self._state.total = done, total

    def _raise_if_cancelled(self) -> None:
        if self.cancelled:
            raise JobCancelledError


class Job(Generic[T]):
    """A piece of work in a thread of its own."""

    def __init__(self, state: _State) -> None:
        self._state = state

    def progress(self) -> JobProgress:
        """How far it is at this moment."""
        state = self._state
        with state.lock:
            until = state.ended if state.ended is not None else time.monotonic()
            return JobProgress(state.status, state.done, state.total, state.at, until - state.began)

    @property
    def finished(self) -> bool:
        """Whether it is over: done, failed or cancelled."""
        return self._state.over.is_set()

    def cancel(self) -> None:
        """Ask it to stop at its next step; it may be done before."""
        self._state.stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so long; whether it is over."""
        return self._state.over.wait(seconds)

    def result(self) -> T:
        """What the work returned, once it is over.

        Raises the work's own error if it failed, JobCancelledError if it was cancelled, RuntimeError while it
        is running.
        """
        if not self.finished:
            raise RuntimeError("the job is still running; ask `finished` first")
        if self._state.error is not None:
            raise self._state.error
        return self._state.result  # type: ignore[return-value]  # what `work` returned


def start_job(
    work: Callable[[Steps], T], *, total: int = 0, when_abandoned: Literal["cancel", "finish"] = "cancel"
) -> Job[T]:
    """Begin `work` in a thread, in the language of the caller, and return at once.

    total : the number of steps, where it is known before the first.
    when_abandoned : what becomes of the work when nobody holds the job any more, as when a browser session
        ends: reading is cancelled, storing should be finished.
    """
    state = _State(total=total)
    job: Job[T] = Job(state)
    if when_abandoned == "cancel":
        weakref.finalize(job, state.stop.set)
    context = contextvars.copy_context()
    Thread(target=context.run, args=(_run, work, state), daemon=True, name="workbench-job").start()
    return job


def _run(work: Callable[[Steps], T], state: _State) -> None:
    status: JobStatus = "done"
    try:
        state.result = work(Steps(state))
    except JobCancelledError as cancelled:
        status, state.error = "cancelled", cancelled
    except BaseException as error:  # kept for whoever asks for the result, in whichever thread that is
        status, state.error = "failed", error
    with state.lock:
        state.status, state.ended = status, time.monotonic()
    state.over.set()
