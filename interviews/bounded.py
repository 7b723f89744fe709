"""Run what reads doubtful files in a child process with a limit on time and memory; end it beyond that.

A child is kept and used again, so that a batch of files starts one. Nothing is forked: a thread may call.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

from interviews.bounded_child import IDLE_SECONDS
from interviews.errors import TranscriptError
from interviews.source import refusal

Reason = Literal["time", "memory", "crash"]
Result = TypeVar("Result")

START_SECONDS = 60.0
KEPT = 2  # children that wait for the next call
CALLS = 200  # calls after which a child is replaced, so that nothing piles up in it
CHILD = Path(__file__).with_name("bounded_child.py")


class BoundedError(Exception):
    """A child went over its time ("time") or its memory ("memory"), or died of itself ("crash").

    `reason` is one of these words.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def run_bounded(function: Callable[..., Result], *args: Any, seconds: float, memory_bytes: int) -> Result:
    """Return `function(*args)` as computed in a child process.

    function : a function of a module, found there by its name.   args, result : what `pickle` can carry.
    seconds : wall time of the call, without the start of the child.
    memory_bytes : what the call may take beyond the arguments; not limited on Windows.

    Raises BoundedError when the child is over a limit or dies, ValueError for a function that no module has
    under its name, and whatever the function raises.
    """
    if function.__module__ == "__main__" or "." in function.__qualname__:
        raise ValueError(f"{function.__qualname__} is no function of a module that can be imported")
    worker = _take()
    try:
        if not worker.prepare(function, args, seconds=seconds, memory_bytes=memory_bytes):
            # it ended while it waited; the call has not begun
            worker.end()
            worker = _Worker()
            if not worker.prepare(function, args, seconds=seconds, memory_bytes=memory_bytes):
                raise BoundedError("crash")
        kind, value = worker.answer(seconds)
    except BaseException:
        worker.end()
        raise
    if kind == "memory":
        worker.end()
        raise BoundedError("memory")
    _give_back(worker)
    if kind == "error":
        raise value
    return value  # type: ignore[no-any-return]


def run_program(
    command: Sequence[str],
    *,
    seconds: float,
    memory_bytes: int,
    stdin: bytes = b"",
    cwd: str | Path | None = None,
    env: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run another program to its end within limits, and end all that it started.

    Returns its return code (0 for success) and the first 64 kB of what it printed.

    memory_bytes : address space of each of its processes (large for programs that map much, such as
        LibreOffice: 4 GB); not limited on Windows.   env : instead of this process's own.

    Raises FileNotFoundError where there is no such program, and BoundedError when it is over the limit.
    """
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        process = subprocess.Popen(
            [*_limited(memory_bytes, command)],
            stdin=given,
            stdout=out,
            stderr=err,
            cwd=cwd,
            env=env,
            **_GROUP,
        )
        try:
            returncode = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise BoundedError("time") from None
        finally:
            _kill_group(process)
        if returncode < 0:
            raise BoundedError("memory" if -returncode == getattr(signal, "SIGKILL", 0) else "crash")
        return subprocess.CompletedProcess(list(command), returncode, _first(out), _first(err))


def bounded_refusal(error: BoundedError, *, file: str) -> TranscriptError:
    """Return the error that a reader raises for a file over the limits."""
    remedy = "open it in the program it comes from and save a copy, or save its text as .txt"
    if error.reason == "time":
        return refusal(
            file,
            reason="unsafe",
            detail="too_slow",
            found="the file takes longer to read than any transcript",
            remedy=remedy,
        )
    if error.reason == "memory":
        return refusal(
            file,
            reason="unsafe",
            detail="too_much_memory",
            found="the file needs more memory to read than any transcript",
            remedy=remedy,
        )
    return refusal(
        file,
        reason="damaged",
        detail="reader_ended",
        found="the file is broken in a way that ends the program that reads it",
        remedy=remedy,
    )


_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)


class _Worker:
    """One child process and its two pipes."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.calls = 0
        self.idle_since = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **_GROUP,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests: IO[bytes] = self.process.stdin
        self.answers: IO[bytes] = self.process.stdout
        pickle.dump([entry for entry in sys.path if entry], self.requests)

    def prepare(
        self, function: Callable[..., Any], args: tuple[Any, ...], *, seconds: float, memory_bytes: int
    ) -> bool:
        """Send a call; say whether the child has all it needs and begins."""
        self.calls += 1
        asked = (function.__module__, function.__qualname__, seconds, memory_bytes)
        try:
            with _Deadline(self, START_SECONDS):
                pickle.dump(asked, self.requests, protocol=5)
                pickle.dump(args, self.requests, protocol=5)
                self.requests.flush()
                return self.answers.read(1) == b"r"
        except OSError:
            return False

    def answer(self, seconds: float) -> tuple[str, Any]:
        """Return ("result", value), ("error", exception) or ("memory", None) of the call that began."""
        deadline = _Deadline(self, seconds)
        answer: tuple[str, Any] | None = None
        try:
            with deadline:
                answer = pickle.load(self.answers)
        except (OSError, EOFError, pickle.UnpicklingError):
            answer = None
        if deadline.over.is_set():
            self.calls = CALLS  # its end is under way, even where the answer came first
        if answer is None:
            self.process.wait()
            killed = self.process.returncode == -getattr(signal, "SIGKILL", 0)
            raise BoundedError("time" if deadline.over.is_set() else "memory" if killed else "crash")
        return answer

    def end(self) -> None:
        """Kill the child with all that it started, and close the pipes."""
        if self.process.poll() is None:
            _kill_group(self.process)
        for pipe in (self.requests, self.answers):
            with contextlib.suppress(OSError):
                pipe.close()


class _Deadline:
    """Kill a worker's child unless the block ends in time. over : set when it did not."""

    def __init__(self, worker: _Worker, seconds: float) -> None:
        self.over = threading.Event()
        self._worker = worker
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True

    def _kill(self) -> None:
        self.over.set()
        _kill_group(self._worker.process)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


_lock = threading.Lock()
_waiting: list[_Worker] = []


def _take() -> _Worker:
    """A child that waits, or a new one. One of another process (after a fork) is left to that process."""
    while True:
        with _lock:
            worker = _waiting.pop() if _waiting else None
        if worker is None:
            return _Worker()
        if worker.owner != os.getpid():
            continue
        if time.monotonic() - worker.idle_since < IDLE_SECONDS / 2 and worker.process.poll() is None:
            return worker
        worker.end()


def _give_back(worker: _Worker) -> None:
    worker.idle_since = time.monotonic()
    if worker.calls < CALLS:
        with _lock:
            if len(_waiting) < KEPT:
                _waiting.append(worker)
                return
    worker.end()


@atexit.register
def end_waiting() -> None:
    """End the children that wait for a call; the next call starts a new one."""
    with _lock:
        workers = [worker for worker in _waiting if worker.owner == os.getpid()]
        _waiting.clear()
    for worker in workers:
        worker.end()


def _limited(memory_bytes: int, command: Sequence[str]) -> list[str]:
    """The command as a child that first limits itself; Windows has no such limit."""
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(command[0])
    if os.name == "nt":
        return [program, *command[1:]]
    return [sys.executable, "-I", "-S", str(CHILD), "run", str(memory_bytes), program, *command[1:]]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, and wait for it."""
    if os.name == "nt":
        if process.poll() is None:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
            )
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _first(stream: IO[bytes], most: int = 65_536) -> bytes:
    stream.seek(0)
    return stream.read(most)
