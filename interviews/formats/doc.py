"""Word files from before 2007 (.doc): converted by LibreOffice in a child process, then read as .docx."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import struct
import tempfile
import threading
from pathlib import Path

import olefile

from interviews.bounded import BoundedError, bounded_refusal, run_program
from interviews.errors import TranscriptError
from interviews.formats.docx import read_docx
from interviews.source import Source, refusal
from interviews.zip_guard import ole_refusal

SECONDS = 90.0
MEMORY_BYTES = 4 * 1024**3  # of addresses, of which the program uses a small part
_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_OTHER_KINDS = {
    "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt", "__properties_version1.0": "msg",
    "VisioDocument": "vsd",
}  # fmt: skip
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_alone = threading.Lock()  # two runs cannot share one profile
_profile: str | None = None


def kind_of_ole(data: bytes, *, file: str) -> str:
    """Return what the old Office container holds: "doc", or "xls", "ppt", "msg", "vsd".

    Raises TranscriptError: `encrypted` for a password, `unsupported` for a container that cannot be opened.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.exists("EncryptedPackage") or container.exists("EncryptionInfo"):
                raise _encrypted(file)
            if container.exists("WordDocument"):
                with container.openstream("WordDocument") as stream:
                    header = stream.read(12)
                if len(header) == 12 and struct.unpack_from("<H", header, 10)[0] & 0x0100:
                    raise _encrypted(file)
                return "doc"
            found = next((kind for name, kind in _OTHER_KINDS.items() if container.exists(name)), None)
    except TranscriptError:
        raise
    except Exception:  # the library promises no kinds of error for broken containers
        raise ole_refusal(data, file=file) from None
    if found is None:
        raise ole_refusal(data, file=file)
    return found


def read_doc(data: bytes, *, file: str) -> Source:
    """Return the paragraphs and notes of a Word file from before 2007.

    Raises TranscriptError: `unsupported` where LibreOffice is not installed, `encrypted` for a password,
    `damaged` for a file that it cannot open, and `unsafe` for one that takes too long.
    """
    program = find_libreoffice()
    if program is None:
        raise ole_refusal(data, file=file)
    if kind_of_ole(data, file=file) != "doc":
        raise ole_refusal(data, file=file)
    source = read_docx(_converted(data, program, file), file=file)
    return Source(source.paragraphs, "doc", warnings=source.warnings, notes=source.notes)


def find_libreoffice() -> str | None:
    """Return the program of LibreOffice, or None where there is none."""
    for name in ("soffice", "libreoffice", *_ELSEWHERE):
        found = shutil.which(name)
        if found:
            return found
    return None


def _converted(data: bytes, program: str, file: str) -> bytes:
    with _alone, tempfile.TemporaryDirectory(prefix="transcript-") as folder:
        given = Path(folder) / "given.doc"
        given.write_bytes(data)
        command = [
            program, f"-env:UserInstallation={Path(_own_profile()).as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(given),
        ]  # fmt: skip
        try:
            run_program(command, seconds=SECONDS, memory_bytes=MEMORY_BYTES, cwd=folder)
        except BoundedError as error:
            raise bounded_refusal(error, file=file) from None
        written = given.with_suffix(".docx")
        if not written.is_file():
            raise refusal(
                file,
                reason="damaged",
                detail="broken",
                found="the file is broken or cut off",
                remedy="fetch it again, or open and save it in the program it comes from",
            )
        return written.read_bytes()


def _own_profile() -> str:
    """A profile that is not the user's: no macros, no links followed. Made once; a first start is slow."""
    global _profile
    if _profile is None or not os.path.isdir(_profile):
        _profile = tempfile.mkdtemp(prefix="transcript-profile-")
        atexit.register(shutil.rmtree, _profile, ignore_errors=True)
        user = Path(_profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return _profile


def _encrypted(file: str) -> TranscriptError:
    return refusal(
        file,
        reason="encrypted",
        detail="password",
        found="the file is protected by a password",
        remedy="open it in Word, remove the password under File > Info, save and import again",
    )
