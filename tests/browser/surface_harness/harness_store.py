"""A store small enough to read at a glance: codings, and every change with its revision."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.ui.coding_surface import SurfaceChange, SurfaceCoding

SCHEMA = """
pragma journal_mode = wal;
pragma synchronous = normal;
create table if not exists coding (id text primary key, document text, place integer, row text);
create table if not exists change (
    revision integer primary key autoincrement,
    op_id text unique, document text, kind text, coding_id text,
    before text, after text, undone integer default 0
);
"""


class HarnessStore:
    """One lock for all threads: the runs of one session overlap."""

    def __init__(self, path: Path | str) -> None:
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript(SCHEMA)

    def seed(self, document: str, codings: Iterable[SurfaceCoding]) -> None:
        """Put codings in, once for a document."""
        with self.lock:
            if self.db.execute("select 1 from coding where document = ?", (document,)).fetchone():
                return
            rows = [
                (
                    f"{document}/{c.id}",
                    document,
                    c.start,
                    json.dumps(asdict(c) | {"id": f"{document}/{c.id}"}),
                )
                for c in codings
            ]
            self.db.executemany("insert into coding values (?, ?, ?, ?)", rows)

    def apply(self, op: Mapping[str, Any], *, coder: str) -> None:
        """Apply an operation at most once. Raises ValueError where it does not fit what is stored."""
        with self.lock:
            if self.db.execute("select 1 from change where op_id = ?", (op["op_id"],)).fetchone():
                return
            self.db.execute("begin immediate")
            try:
                self._apply(op, coder)
            except Exception:
                self.db.execute("rollback")
                raise
            self.db.execute("commit")

    def _apply(self, op: Mapping[str, Any], coder: str) -> None:
        kind, document = op["kind"], op["document"]
        if kind in ("undo", "redo"):
            self._step(op, document)
            return
        before = self._row(op["coding_id"])
        if kind == "add":
            made = SurfaceCoding(op["coding_id"], op["start"], op["end"], op["code"], coder, op["memo"])
            after: dict[str, Any] | None = asdict(made)
        elif before is None:
            raise ValueError("the coding is not there any more")
        elif kind == "remove":
            after = None
        else:
            after = before | {name: op[name] for name in ("code", "memo", "start", "end") if name in op}
        self._log(op["op_id"], document, kind, op["coding_id"], before, after)

    def _step(self, op: Mapping[str, Any], document: str) -> None:
        undo = op["kind"] == "undo"
        order, undone = ("desc", 0) if undo else ("asc", 1)
        found = self.db.execute(
            "select revision, coding_id, before, after from change where document = ? and undone = ?"
            f" and kind not in ('undo', 'redo') order by revision {order} limit 1",
            (document, undone),
        ).fetchone()
        if found is None:
            raise ValueError("there is nothing to undo" if undo else "there is nothing to redo")
        revision, coding_id, before, after = found
        self.db.execute("update change set undone = ? where revision = ?", (int(undo), revision))
        states = [json.loads(after), json.loads(before)]
        self._log(op["op_id"], document, op["kind"], coding_id, *(states if undo else states[::-1]))

    def _row(self, coding_id: str) -> dict[str, Any] | None:
        found = self.db.execute("select row from coding where id = ?", (coding_id,)).fetchone()
        return json.loads(found[0]) if found else None

    def _log(self, op_id: str, document: str, kind: str, coding_id: str, before: Any, after: Any) -> None:
        self.db.execute(
            "insert into change (op_id, document, kind, coding_id, before, after) values (?, ?, ?, ?, ?, ?)",
            (op_id, document, kind, coding_id, json.dumps(before), json.dumps(after)),
        )
        self.db.execute("delete from coding where id = ?", (coding_id,))
        if after is not None:
            row = (coding_id, document, after["start"], json.dumps(after))
            self.db.execute("insert into coding values (?, ?, ?, ?)", row)

    def codings(self, document: str) -> tuple[SurfaceCoding, ...]:
        """The document's codings now."""
        with self.lock:
            query = "select row from coding where document = ? order by place, id"
            return tuple(SurfaceCoding(**json.loads(row)) for (row,) in self.db.execute(query, (document,)))

    def revision(self, document: str) -> int:
        """The number of the document's last change."""
        with self.lock:
            query = "select coalesce(max(revision), 0) from change where document = ?"
            return int(self.db.execute(query, (document,)).fetchone()[0])

    def changes(self, document: str, after: int) -> tuple[SurfaceChange, ...]:
        """What happened after a revision, oldest first."""
        with self.lock:
            query = (
                "select coding_id, after from change where document = ? and revision > ? order by revision"
            )
            rows = self.db.execute(query, (document, after)).fetchall()
        states = ((coding_id, json.loads(row)) for coding_id, row in rows)
        return tuple(
            SurfaceChange.remove(coding_id) if row is None else SurfaceChange.put(SurfaceCoding(**row))
            for coding_id, row in states
        )
