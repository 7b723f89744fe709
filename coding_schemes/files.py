"""Schemes in files: .toml and .xlsx hold everything, .csv the codes, .qdc what a REFI codebook can hold."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from coding_schemes.codebook import codebook_of, read_codebook
from coding_schemes.errors import SchemeError
from coding_schemes.plain import scheme_from_dict
from coding_schemes.scheme import Scheme
from coding_schemes.tables import read_csv, read_xlsx, write_csv, write_xlsx

SHIPPED = Path(__file__).parent / "shipped"
SUFFIXES = (".toml", ".xlsx", ".csv", ".qdc")
LARGEST_FILE_BYTES = 20_000_000


def list_schemes() -> tuple[str, ...]:
    """Names of the shipped schemes, as `load_scheme` takes them."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_scheme(path_or_name: str | os.PathLike[str]) -> Scheme:
    """The scheme in a file (.toml .xlsx .csv .qdc), or a shipped one by its name, such as "immi".

    Raises SchemeError (file, place, remedy) if there is no such file or it holds no coherent scheme.
    Source: docs/methods/schemes.md
    """
    if isinstance(path_or_name, str) and path_or_name in list_schemes():
        path = SHIPPED / f"{path_or_name}.toml"
    else:
        path = Path(path_or_name)
    readers: Mapping[str, Callable[[Path], Mapping[str, Any]]] = {
        ".toml": _read_toml,
        ".xlsx": read_xlsx,
        ".csv": read_csv,
        ".qdc": read_codebook,
    }
    _check_file(path, given=str(path_or_name))
    return scheme_from_dict(readers[path.suffix.lower()](path), source=path.name)


def save_scheme(scheme: Scheme, path: str | os.PathLike[str], *, language: str | None = None) -> Path:
    """Write `scheme` in the format that the file name ends in; returns the path.

    .toml and .xlsx keep everything, .csv the codes only. A .qdc codebook has room for one language
    (`language`, by default the scheme's first) and neither actor groups, seed words nor crosswalk.

    Raises SchemeError if the ending or the language is unknown or the file cannot be written.
    """
    target = Path(path)
    chosen = language or scheme.languages[0]
    if chosen not in scheme.languages:
        raise SchemeError(
            "{file}: the scheme has no texts in '{language}'; use {known}",
            reason="no_texts_in",
            file=target.name,
            language=chosen,
            known=", ".join(scheme.languages),
        )
    writers: Mapping[str, Callable[[], bytes]] = {
        ".toml": lambda: _toml(scheme).encode("utf-8"),
        ".xlsx": lambda: write_xlsx(scheme),
        ".csv": lambda: write_csv(scheme).encode("utf-8-sig"),
        ".qdc": lambda: codebook_of(scheme, language=chosen),
    }
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise SchemeError(
            "{file}: schemes are written to {known}; rename the file",
            reason="unknown_ending",
            file=target.name,
            known=", ".join(SUFFIXES),
        )
    _write_whole(target, writer())
    return target


def _check_file(path: Path, *, given: str) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise SchemeError(
            "'{given}' is neither a shipped scheme ({shipped}) nor a file ending in {endings}",
            reason="no_such_scheme",
            given=given,
            shipped=", ".join(list_schemes()),
            endings=", ".join(SUFFIXES),
        )
    if not path.is_file():
        raise SchemeError(
            "{file}: there is no such file; check the folder and the spelling",
            reason="no_such_file",
            file=given,
        )
    size = path.stat().st_size
    if size == 0:
        raise SchemeError("{file}: the file is empty", reason="empty_file", file=path.name)
    if size > LARGEST_FILE_BYTES:
        raise SchemeError(
            "{file}: {megabytes:.0f} MB is too large for a scheme (at most 20 MB)",
            reason="too_large",
            file=path.name,
            megabytes=size / 1000000.0,
        )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SchemeError(
            "{file}: byte {byte} is not UTF-8; save the file as UTF-8",
            reason="not_utf8",
            file=path.name,
            byte=error.start,
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(
            "{file}: not valid TOML: {detail}; correct that line",
            reason="not_toml",
            file=path.name,
            detail=error,
        ) from error
    except RecursionError as error:
        raise SchemeError(
            "{file}: lists or tables are nested too deeply for a scheme",
            reason="nested_too_deeply",
            file=path.name,
        ) from error


def _toml(scheme: Scheme) -> str:
    """TOML of the scheme; uids that follow from scheme and path are left out."""
    from coding_schemes.scheme import code_uid

    plain = scheme.as_dict()
    for code in plain["codes"]:
        if code["uid"] == code_uid(scheme.id, code["path"]):
            del code["uid"]
    return tomlkit.dumps(plain)


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside the target and rename, so that a broken write never leaves half a scheme."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise SchemeError(
            "{file}: cannot be written ({detail}); choose another folder",
            reason="not_written",
            file=target,
            detail=error.strerror,
        ) from error
