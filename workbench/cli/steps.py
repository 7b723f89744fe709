"""Long commands on a terminal: the line that says how far they are, and stopping between two steps."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread


class FileProgress:
    """The line on the terminal that says which file of how many is being read."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._done = 0

    def file(self, name: str) -> None:
        """Show the file that is read now."""
        if self._shown:
            print(f"\r\x1b[K{self._done} {name[:60]}", end="", file=sys.stderr, flush=True)

    def step(self, done: int, total: int) -> None:
        """Show how many are done."""
        self._done = done
        if self._shown:
            end = "\n" if done == total else ""
            print(f"\r\x1b[K{done}/{total}", end=end, file=sys.stderr, flush=True)


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Event]:
    """An event that the first Ctrl+C sets; the second ends the program as usual."""
    stopped = Event()

    def stop(number: int, frame: object) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if current_thread() is not main_thread():
        yield stopped
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
