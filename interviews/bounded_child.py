"""The child process of `interviews.bounded`: calls one function after another, each within its memory limit.

Runs as a script, so that starting it costs no more than Python itself; imports only what a call needs.
"""

from __future__ import annotations

import faulthandler
import importlib
import io
import os
import pickle
import sys
from typing import IO, Any

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

IDLE_SECONDS = 60.0
SPARE_SECONDS = 5.0  # beyond the parent's own limit: only counts where the parent is gone


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until the parent closes the pipe.

    A request is two pickles: what to call and its limits, then the arguments. It is answered with b"r" when
    function and arguments are at hand, and then with one pickle: ("result", value), ("error", exception) or
    ("memory", None).
    """
    while True:
        faulthandler.dump_traceback_later(IDLE_SECONDS, exit=True)
        try:
            module, name, seconds, memory_bytes = pickle.load(requests)
        except EOFError:
            return
        function = getattr(importlib.import_module(module), name)
        arguments = pickle.load(requests)
        faulthandler.dump_traceback_later(seconds + SPARE_SECONDS, exit=True)
        answers.write(b"r")
        answers.flush()
        _limit_memory(memory_bytes)
        outcome = _outcome(function, arguments)
        _limit_memory(None)
        del arguments
        pickle.dump(outcome, answers, protocol=5)
        answers.flush()
        del outcome


def _outcome(function: Any, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments)
    except MemoryError:
        return "memory", None
    except Exception as error:
        error.__traceback__ = None
        error.__context__ = None
        try:
            pickle.dumps(error)
        except Exception:
            return "error", RuntimeError(f"{type(error).__name__}: {error}")
        return "error", error


def _limit_memory(memory_bytes: int | None) -> None:
    """Allow `memory_bytes` beyond what the process has now, or lift the limit; no effect on Windows."""
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = hard if memory_bytes is None else _address_space() + memory_bytes
    if hard != resource.RLIM_INFINITY:
        soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (ValueError, OSError):  # macOS refuses a limit below what is mapped
        return


def _address_space() -> int:
    """Bytes of address space in use; 1 GB is assumed where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1024**3


def run_limited(memory_bytes: int, command: list[str]) -> None:
    """Become another program that may take `memory_bytes` of address space. Does not return."""
    if resource is not None:
        try:
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            bound = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        except (ValueError, OSError):
            pass
    os.execvp(command[0], command)


def _main() -> None:
    if sys.argv[1] == "run":
        run_limited(int(sys.argv[2]), sys.argv[3:])
    requests = io.BufferedReader(io.FileIO(os.dup(0), "rb"))
    answers = io.BufferedWriter(io.FileIO(os.dup(1), "wb"))
    # what a library prints must not come between the answers
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    sys.path[:] = pickle.load(requests)
    serve(requests, answers)


if __name__ == "__main__":
    _main()
