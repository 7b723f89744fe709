"""Settings from the environment (WORKBENCH_*), and the study that was opened last.

Read once by a door (page, command line); everything below gets values, never the environment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from workbench.errors import InvalidRequestError
from workbench.i18n import LANGUAGES, Language, as_language, t

APPLICATION = "mixed-methods-workbench"
LAST_STUDY_FILE = "last_study.json"
DATABASE_SCHEMES = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


@dataclass(frozen=True)
class Settings:
    """What a user may set for all her studies.

    home : folder that holds studies and the memory of what was opened last; made when first written to.
    database_url : address of the team's database with the driver named, or None for a file a study.
    language : language of screen and output, or None to follow the study.
    coder : name under which codings are stored, or None for the name of the user at this computer.
    """

    home: Path
    database_url: str | None = None
    language: Language | None = None
    coder: str | None = None


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process's own if None); empty values count as not set.

    Raises InvalidRequestError naming the variable, what it held and what it may hold.
    """
    values = {name: value.strip() for name, value in (os.environ if environ is None else environ).items()}
    return Settings(
        home=_home(values),
        database_url=_database_url(values),
        language=_language(values),
        coder=values.get("WORKBENCH_CODER") or None,
    )


def remember_study(settings: Settings, study: str | Path) -> None:
    """Note `study` (file or database address) as the one opened last; a password is not written down.

    Nothing is noted when the home folder cannot be written: opening a study must not fail for that.
    """
    named = str(study)
    noted = _without_password(named) if _is_address(named) else str(Path(named).resolve())
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"study": noted}, ensure_ascii=False)
        (settings.home / LAST_STUDY_FILE).write_text(text, encoding="utf-8")
    except OSError:
        return


def last_study(settings: Settings) -> str | None:
    """File or database address of the study opened last, or None if there is none or its file is gone."""
    try:
        noted = json.loads((settings.home / LAST_STUDY_FILE).read_text(encoding="utf-8"))["study"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(noted, str):
        return None
    if _is_address(noted):
        return _with_known_password(noted, settings.database_url)
    return noted if Path(noted).is_file() else None


def _home(values: Mapping[str, str]) -> Path:
    if named := values.get("WORKBENCH_HOME"):
        home = Path(named).expanduser()
        if home.exists() and not home.is_dir():
            raise InvalidRequestError(_message(values, "home_is_a_file", value=named))
        return home.absolute()
    return _data_folder(values) / APPLICATION


def _data_folder(values: Mapping[str, str]) -> Path:
    """Where this platform keeps a user's data."""
    if sys.platform == "win32":
        return Path(values.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    named = Path(values.get("XDG_DATA_HOME") or "")
    if named.is_absolute():  # the XDG specification says that a relative path is to be ignored
        return named
    return (Path(values["HOME"]) if values.get("HOME") else Path.home()) / ".local" / "share"


def _database_url(values: Mapping[str, str]) -> str | None:
    url = values.get("WORKBENCH_DATABASE_URL")
    if not url:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in DATABASE_SCHEMES:
        found = f"{scheme}://…" if separator else "…"  # never the rest: it may hold a password
        raise InvalidRequestError(_message(values, "bad_database_url", found=found))
    return f"{DATABASE_SCHEMES[scheme]}://{rest}"


def _language(values: Mapping[str, str]) -> Language | None:
    named = values.get("WORKBENCH_LANGUAGE")
    if not named:
        return None
    if named.lower() not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise InvalidRequestError(_message(values, "bad_language", value=named, languages=allowed))
    return as_language(named.lower())


def _message(values: Mapping[str, str], name: str, **places: object) -> str:
    """The text in the language asked for, as far as that is a language: settings are not there yet."""
    language = as_language(values.get("WORKBENCH_LANGUAGE", "").lower())
    return t(f"settings.{name}", language=language, **places)


def _is_address(study: str) -> bool:
    return "://" in study


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    user, separator, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{separator}{host}"))


def _with_known_password(address: str, database_url: str | None) -> str:
    """`address` with the password of the database in the settings, if it is the same database."""
    if database_url is None:
        return address
    base, separator, study = address.partition("#")
    known = database_url.partition("#")[0]
    return f"{known}{separator}{study}" if _without_password(known) == base else address
