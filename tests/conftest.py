"""What all tests share: groups that need a program, databases of both kinds, and settings of their own."""

from __future__ import annotations

import itertools
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from scripts.programs import GROUPS, find_postgres
from workbench.demo.build import Demonstration, build_demo
from workbench.i18n import set_language
from workbench.services.studies import Study, open_study
from workbench.store.engine import close_connections, copy_sqlite

if sys.platform != "win32":
    from tests.postgres_server import PostgresServer, running_server

hypothesis.settings.register_profile("workbench", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("workbench")

_homes = itertools.count()
DEMONSTRATION_SECONDS = 300


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip groups whose program is missing; keep a group in one worker, so that its program starts once."""
    missing = {group.name: group.remedy for group in GROUPS if group.find() is None}
    for item in items:
        for group in GROUPS:
            if item.get_closest_marker(group.name) is None:
                continue
            item.add_marker(pytest.mark.xdist_group(group.name))
            if group.name in missing:
                item.add_marker(pytest.mark.skip(reason=f"group {group.name}: {missing[group.name]}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped: groups without their program, with what would let them run, and single tests."""
    counts = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple)
    )
    for reason, tests in counts.most_common():
        terminalreporter.write_line(f"SKIPPED {tests} tests, {reason}")


@pytest.fixture(autouse=True)
def _own_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """No test sees or changes what the user of this computer has set or opened, or keeps a study open."""
    for name in ("WORKBENCH_DATABASE_URL", "WORKBENCH_LANGUAGE", "WORKBENCH_CODER"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.getbasetemp() / f"home-{next(_homes)}"  # made by the first to write there
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    set_language("da")
    yield
    close_connections()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demonstration:
    """The demonstration study, built once for all workers: read it, and change only a copy."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "demonstration"
    built = Demonstration(folder / "demonstration.workbench", folder / "demonstration.docx")
    try:
        folder.with_name("demonstration-claimed").mkdir()
    except FileExistsError:
        deadline = time.monotonic() + DEMONSTRATION_SECONDS
        while not folder.exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        return built
    building = folder.with_name("demonstration-building")
    build_demo(building)
    close_connections()
    building.rename(folder)
    return built


@pytest.fixture
def demonstration_study(demonstration: Demonstration) -> Callable[[Path], Study]:
    """Gives `demonstration_study(tmp_path)`, an opened copy of the demonstration that a test may change."""

    def copied(folder: Path) -> Study:
        copy_sqlite(demonstration.study, folder / demonstration.study.name)
        shutil.copy(demonstration.report, folder)
        panels = demonstration.study.with_name(f"{demonstration.study.stem}.panels")
        shutil.copytree(panels, folder / panels.name)
        return open_study(folder / demonstration.study.name)

    return copied


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests of one worker."""
    programs = find_postgres()
    if programs is None or sys.platform == "win32":
        pytest.skip("group postgres: PostgreSQL not found")
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of an empty PostgreSQL database; a test that asks for it is marked `postgres`."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def study_reference(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to create a study, in turn a file and `URL#study` on PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "study.workbench")
    return f"{request.getfixturevalue('postgres_url')}#study"


@pytest.fixture
def database_url(study_reference: str) -> str:
    """SQLAlchemy address of an empty database, in turn SQLite and PostgreSQL."""
    return (
        study_reference.removesuffix("#study") if "://" in study_reference else f"sqlite:///{study_reference}"
    )
