"""A PostgreSQL server of the tests' own: temporary folder, loopback only, gone when the tests end.

Started from the programs of an installed PostgreSQL; nothing of an existing cluster is touched.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

START_SECONDS = 60
# The data need not survive a crash: these make each test database several times faster to create.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


@dataclass(frozen=True)
class PostgresServer:
    """A running server that has user `postgres` and this password."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """SQLAlchemy address of one database."""
        return f"postgresql+psycopg://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """A new empty database; returns its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, closing connections that a test left open."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", password=self.password, autocommit=True
        )

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """Start a server from the folder `programs` (holds `initdb` and `postgres`) and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-postgres-"))
    account = _unprivileged_account(folder)
    try:
        password = _initialise(programs, folder, account)
        process, server = _start(programs, folder, account, password)
        try:
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: open connections are closed
            process.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_account(folder: Path) -> dict[str, Any]:
    """Arguments that run a program as an owner of `folder` other than root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialise(programs: Path, folder: Path, account: dict[str, Any]) -> str:
    """Make the server's data folder; returns the new password."""
    password = secrets.token_hex(16)
    password_file = folder / "password"
    password_file.write_text(password, encoding="ascii")
    command = [programs / "initdb", "--pgdata", folder / "data", "--no-sync", "--encoding=UTF8", "--locale=C"]
    command += ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password_file}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **account)
    return password


def _start(
    programs: Path, folder: Path, account: dict[str, Any], password: str
) -> tuple[subprocess.Popen[bytes], PostgresServer]:
    """Start on a free port; another program may take the port in between, so more than one is tried."""
    for _ in range(5):
        server = PostgresServer(_free_port(), password)
        settings = ["listen_addresses=127.0.0.1", f"port={server.port}", "unix_socket_directories=", *FAST]
        command = [programs / "postgres", "-D", folder / "data"]
        command += [part for setting in settings for part in ("-c", setting)]
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **account)
        if _is_up(process, server):
            return process, server
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')[-3000:]}")


def _is_up(process: subprocess.Popen[bytes], server: PostgresServer) -> bool:
    """Wait until the server answers; False if it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if server.answers():
            return True
        time.sleep(0.05)
    process.kill()
    process.wait()
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
