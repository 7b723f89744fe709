"""Child processes with limits: what they return, and how they end when they go over."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import interviews
from interviews import bounded
from interviews.bounded import BoundedError, bounded_refusal, run_bounded, run_program

MEGABYTE = 1024**2
LIMITS = {"seconds": 20.0, "memory_bytes": 200 * MEGABYTE}
posix = pytest.mark.skipif(os.name == "nt", reason="memory is not limited on Windows")


@pytest.fixture(autouse=True)
def _no_child_left() -> object:
    yield
    bounded.end_waiting()


def test_the_result_comes_back() -> None:
    assert run_bounded(math.comb, 10, 3, **LIMITS) == 120


def test_large_arguments_and_results_come_through() -> None:
    data = bytes(range(256)) * 40_000
    assert run_bounded(bytearray, data, **LIMITS) == data


def test_one_child_answers_call_after_call() -> None:
    assert len({run_bounded(os.getpid, **LIMITS) for _ in range(5)} - {os.getpid()}) == 1


def test_what_the_function_raises_is_raised_and_the_child_lives_on() -> None:
    child = run_bounded(os.getpid, **LIMITS)
    with pytest.raises(ValueError, match="math domain error"):
        run_bounded(math.sqrt, -1, **LIMITS)
    assert run_bounded(os.getpid, **LIMITS) == child


def test_a_transcript_error_keeps_its_values_on_the_way() -> None:
    with pytest.raises(interviews.TranscriptError) as refused:
        run_bounded(interviews.read_bytes, b"", "a.txt", **LIMITS)
    assert (refused.value.reason, refused.value.file) == ("empty", "a.txt")
    assert refused.value.remedy


def test_a_call_that_does_not_end_is_ended() -> None:
    with pytest.raises(BoundedError) as ended:
        run_bounded(time.sleep, 600, seconds=0.2, memory_bytes=MEGABYTE)
    assert ended.value.reason == "time"
    assert run_bounded(math.comb, 4, 2, **LIMITS) == 6


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold programs to the limit")
def test_a_call_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(BoundedError) as ended:
        run_bounded(bytearray, 400 * MEGABYTE, **LIMITS)
    assert ended.value.reason == "memory"
    assert len(run_bounded(bytearray, 100 * MEGABYTE, **LIMITS)) == 100 * MEGABYTE


def test_a_child_that_dies_gives_one_error() -> None:
    with pytest.raises(BoundedError) as ended:
        run_bounded(os._exit, 3, **LIMITS)
    assert ended.value.reason == "crash"
    assert run_bounded(math.comb, 4, 2, **LIMITS) == 6


def test_a_child_that_died_while_waiting_is_replaced() -> None:
    child = run_bounded(os.getpid, **LIMITS)
    os.kill(child, 9)
    assert run_bounded(os.getpid, **LIMITS) != child


def test_threads_get_children_of_their_own() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(run_bounded(math.factorial, n, **LIMITS)))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 1, 2, 6, 24, 120]


def test_what_a_library_prints_does_not_disturb_the_answer() -> None:
    assert run_bounded(os.write, 1, b"printed by a library\n", **LIMITS) == 21


def test_a_function_that_no_module_has_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no function of a module"):
        run_bounded(lambda: 1, **LIMITS)


def test_a_program_is_run_to_its_end() -> None:
    done = run_program(
        [sys.executable, "-c", "import sys; print(sys.stdin.read()); sys.exit(3)"],
        seconds=20,
        memory_bytes=1024 * MEGABYTE,
        stdin="æøå".encode(),
    )
    assert (done.returncode, done.stdout.strip()) == (3, "æøå".encode())


@posix
def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    with pytest.raises(BoundedError) as ended:
        run_program([sys.executable, "-c", code], seconds=4, memory_bytes=1024 * MEGABYTE)
    assert ended.value.reason == "time"
    assert _ends(int(note.read_text()))


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        run_program(["no-program-of-this-name"], seconds=1, memory_bytes=MEGABYTE)


@pytest.mark.parametrize("reason", ["time", "memory", "crash"])
def test_each_limit_has_a_message_with_a_remedy(reason: bounded.Reason) -> None:
    error = bounded_refusal(BoundedError(reason), file="a.pdf")
    assert str(error).startswith("a.pdf: ")
    assert error.remedy in str(error)


@posix
def test_children_end_with_the_process_that_started_them() -> None:
    code = (
        "import os\n"
        "from interviews.bounded import run_bounded\n"
        "print(run_bounded(os.getpid, seconds=20, memory_bytes=2**27))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert _ends(int(done.stdout))


def _ends(pid: int) -> bool:
    """Whether a process that was told to end does: the system may take a moment."""
    for _ in range(200):
        if not _alive(pid):
            return True
        time.sleep(0.05)
    return False


def _alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent to hear of it does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self").exists()
    return state not in {"Z", "X"}
