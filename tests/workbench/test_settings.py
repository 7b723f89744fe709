"""Settings come from WORKBENCH_* and nothing else; a bad value is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.errors import InvalidRequestError
from workbench.settings import LAST_STUDY_FILE, Settings, last_study, load_settings, remember_study


def test_without_variables_studies_live_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("workbench.settings.sys.platform", "linux")
    assert load_settings({"HOME": str(tmp_path)}) == Settings(
        home=tmp_path / ".local" / "share" / "mixed-methods-workbench"
    )


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [("linux", "XDG_DATA_HOME", "data"), ("win32", "LOCALAPPDATA", "local")],
)
def test_the_platforms_own_variable_moves_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, folder: str
) -> None:
    monkeypatch.setattr("workbench.settings.sys.platform", platform)
    environ = {"HOME": str(tmp_path), variable: str(tmp_path / folder)}
    assert load_settings(environ).home == tmp_path / folder / "mixed-methods-workbench"


def test_a_relative_data_folder_is_ignored_as_the_xdg_specification_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("workbench.settings.sys.platform", "linux")
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": "data"}
    assert load_settings(environ).home.is_relative_to(tmp_path / ".local")


def test_every_variable_is_read_and_blanks_around_it_are_dropped(tmp_path: Path) -> None:
    environ = {
        "WORKBENCH_HOME": f" {tmp_path} ",
        "WORKBENCH_DATABASE_URL": "postgresql://anna:x@db/studies",
        "WORKBENCH_LANGUAGE": "EN",
        "WORKBENCH_CODER": " Anna Ø ",
    }
    assert load_settings(environ) == Settings(
        home=tmp_path,
        database_url="postgresql+psycopg://anna:x@db/studies",
        language="en",
        coder="Anna Ø",
    )


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    environ = {
        "WORKBENCH_HOME": str(tmp_path),
        "WORKBENCH_DATABASE_URL": "",
        "WORKBENCH_LANGUAGE": " ",
        "WORKBENCH_CODER": "",
    }
    assert load_settings(environ) == Settings(home=tmp_path)


@pytest.mark.parametrize("url", ["mysql://db/studies", "db.example/studies", "postgresql:/db"])
def test_an_address_of_another_kind_of_database_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(InvalidRequestError, match="WORKBENCH_DATABASE_URL") as refusal:
        load_settings({"WORKBENCH_DATABASE_URL": url.replace("//", "//anna:hemmeligt@")})
    assert "hemmeligt" not in str(refusal.value)


def test_an_unknown_language_is_refused_with_the_languages_there_are() -> None:
    with pytest.raises(InvalidRequestError, match=r"WORKBENCH_LANGUAGE.*sv.*da, en"):
        load_settings({"WORKBENCH_LANGUAGE": "sv"})


def test_a_home_that_is_a_file_is_refused_in_the_language_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.write_text("")
    with pytest.raises(InvalidRequestError, match="is a file"):
        load_settings({"WORKBENCH_HOME": str(file), "WORKBENCH_LANGUAGE": "en"})


def test_the_study_opened_last_is_remembered_until_its_file_is_gone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    study = tmp_path / "æøå.workbench"
    study.write_bytes(b"")
    assert last_study(settings) is None
    remember_study(settings, study)
    assert last_study(settings) == str(study)
    study.unlink()
    assert last_study(settings) is None


def test_a_password_is_not_written_down_but_found_in_the_settings_again(
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql+psycopg://anna:hemmeligt@db:5432/studies")
    remember_study(settings, "postgresql+psycopg://anna:hemmeligt@db:5432/studies#immi")
    assert "hemmeligt" not in (tmp_path / LAST_STUDY_FILE).read_text(encoding="utf-8")
    assert last_study(settings) == "postgresql+psycopg://anna:hemmeligt@db:5432/studies#immi"
    without_variable = Settings(home=tmp_path)
    assert last_study(without_variable) == "postgresql+psycopg://anna@db:5432/studies#immi"


@pytest.mark.parametrize("content", ["", "not json", "[]", json.dumps({"study": 7}), "\udcff"])
def test_a_damaged_memory_means_no_last_study(tmp_path: Path, content: str) -> None:
    (tmp_path / LAST_STUDY_FILE).write_text(content, encoding="utf-8", errors="surrogateescape")
    assert last_study(Settings(home=tmp_path)) is None


def test_a_home_that_cannot_be_written_does_not_stop_the_opening_of_a_study(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(home=tmp_path / "file" / "home")
    remember_study(settings, tmp_path / "a.workbench")
    assert last_study(settings) is None
