"""What goes wrong is said in Danish on a Danish screen and in English on an English one."""

from __future__ import annotations

import ast
import errno
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import interviews
from coding_schemes import Code, EmptySampleError, Scheme, SchemeError
from coding_schemes.errors import phrase
from coding_schemes.files import load_scheme
from interviews.reading import _REMEDIES
from quant import AnswersError, FactorError, InstrumentError
from tests.interviews.word_files import packed
from workbench.cli import main
from workbench.errors import (
    OS_PROBLEMS,
    InvalidRequestError,
    StudyNotFoundError,
    WorkbenchError,
    error_text,
    os_problem,
)
from workbench.i18n import LANGUAGES, catalogue, set_language
from workbench.services.studies import create_study, open_study

ROOT = Path(__file__).parents[2]
PACKAGES = {"coding_schemes", "quant"}


def _calls(folder: str) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _keywords(call: ast.Call) -> dict[str, Any]:
    return {keyword.arg: _literal(keyword.value) for keyword in call.keywords if keyword.arg is not None}


def _core_sentences(package: str) -> Iterator[tuple[str, str, str, set[str]]]:
    """Place, reason, sentence and names of the values of every call that gives both as literals."""
    for place, call in _calls(package):
        given = _keywords(call)
        texts = [text for text in map(_literal, call.args) if isinstance(text, str)]
        if isinstance(given.get("reason"), str) and texts:
            yield place, given["reason"], texts[-1], set(given) - {"reason"}


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_the_english_text_of_every_reason_is_the_sentence_of_the_package(package: str) -> None:
    texts = catalogue("en")
    sentences = list(_core_sentences(package))

    assert [
        place for place, reason, text, _ in sentences if texts.get(f"errors.{package}.{reason}") != text
    ] == []
    raised = {f"errors.{package}.{reason}" for _, reason, _, _ in sentences}
    assert {key for key in texts if key.startswith(f"errors.{package}.")} == raised


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_place_in_a_danish_text_is_filled_where_the_error_is_raised(package: str) -> None:
    texts = catalogue("da")
    unfilled = [
        (place, _places(texts[f"errors.{package}.{reason}"]) - values)
        for place, reason, _, values in _core_sentences(package)
        if values and not _places(texts[f"errors.{package}.{reason}"]) <= values
    ]

    assert unfilled == []


def test_every_error_of_the_core_packages_has_a_reason() -> None:
    classes = {"SchemeError", "EmptySampleError"} | {
        f"{name}Error" for name in ("Quant", "Instrument", "Answers", "Factor", "Estimates")
    }
    without = [
        place
        for package in PACKAGES
        for place, call in _calls(package)
        if isinstance(call.func, ast.Name) and call.func.id in classes and "reason" not in _keywords(call)
    ]

    assert without == []


def test_every_refusal_of_a_transcript_has_its_own_word_in_the_catalogue() -> None:
    words: set[str] = {f"kind_{kind}" for kind in _REMEDIES} | {"another_kind"}
    for _, call in _calls("interviews"):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "refusal":
            words |= {word for word in [_keywords(call)["detail"]] if word}
        if name == "_unsafe":
            words.add(_literal(call.args[2]))
        if name == "_missing":
            words.add(_literal(call.args[1]))
        if name == "refuse_too_many":
            words |= {f"too_many_{_literal(one.value)}" for one in call.keywords if one.arg == "what"}

    places = {"place_page", "place_line", "place_byte"}
    for language in LANGUAGES:
        keys = {key for key in catalogue(language) if key.startswith("errors.interviews.")}
        assert keys == {f"errors.interviews.{word}" for word in words | places}


def _refused(content: bytes, file: str) -> interviews.TranscriptError:
    with pytest.raises(interviews.TranscriptError) as refused:
        interviews.read_bytes(content, file)
    return refused.value


@pytest.mark.parametrize(
    ("content", "file"),
    [
        (b"", "tom.docx"),
        (b"%PDF-1.7 cut", "half.pdf"),
        (b"PK\x03\x04 broken", "broken.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "old.doc"),
        (b"WEBVTT\n\n", "no_cue.vtt"),
        (b"\xff\xfe\x00\xd8a\x00", "odd.txt"),
        (packed({"a.txt": "x"}), "several.zip"),
        (b"\x01\x02\x03\x04" * 40, "tape.mp3"),
        (b"words enough", "table.csv"),
        (b"\x00\x01short", "named.docx"),
    ],
)
def test_a_refusal_in_english_is_the_sentence_of_the_reader(content: bytes, file: str) -> None:
    error = _refused(content, file)

    assert error_text(error, language="en") == str(error)
    assert error_text(error, language="da") != str(error)


def test_a_file_that_is_no_transcript_is_refused_in_danish() -> None:
    assert error_text(_refused(b"", "tom.docx")) == (
        "tom.docx: der er ingen tekst i filen "
        "(se efter, at det er den rigtige fil, og at den blev gemt færdig)"
    )
    assert error_text(_refused(b"\xff\xfe\x00\xd8a\x00", "odd.txt")) == (
        "odd.txt, byte 0: filen siger, at den er utf-16-le, men er det ikke, eller den er afbrudt "
        "(gem den igen som UTF-8)"
    )


def test_a_scheme_names_the_place_in_danish() -> None:
    with pytest.raises(SchemeError) as refused:
        Scheme(
            id="s",
            version="1",
            label={"da": "S"},
            languages=("da",),
            codes=(Code(path="sprog", label={"da": "Sprog"}, color="blå"),),
            source="skema.toml",
        )

    assert error_text(refused.value) == (
        "skema.toml: kode 1 »sprog«: farven 'blå' er ikke en farve; skriv seks hexcifre såsom #3072d0"
    )
    assert error_text(refused.value, language="en") == str(refused.value)


def test_a_scheme_file_that_is_not_there_is_named_in_danish(tmp_path: Path) -> None:
    with pytest.raises(SchemeError) as refused:
        load_scheme(tmp_path / "intet.toml")

    assert error_text(refused.value) == (
        f"{tmp_path / 'intet.toml'}: filen findes ikke; se efter mappen og stavemåden"
    )


def test_numbers_in_danish_have_a_decimal_comma() -> None:
    error = FactorError("limit {limit:g}", reason="no_eigenvalue", limit=0.5)

    assert error_text(error) == (
        "ingen egenværdi er større end 0,5: spørgsmålene har for lidt til fælles; vælg andre"
    )


def test_an_error_within_an_error_is_said_in_the_same_language() -> None:
    inner = AnswersError("{file}: the file is empty", reason="unknown_encoding", file="skema.xlsx")
    outer = InstrumentError("{problem}", reason="problem", problem=inner)

    assert error_text(outer) == "skema.xlsx: tegnsættet kan ikke læses; gem filen som UTF-8"


def test_braces_in_what_a_file_holds_stay_as_they_are() -> None:
    error = AnswersError("{file}: there is no such file", reason="no_such_file", file="{0} {name}.csv")
    plain = SchemeError("the words {so} stand as they are")

    assert error_text(error) == "{0} {name}.csv: filen findes ikke; se efter stien"
    assert error_text(plain) == "the words {so} stand as they are"


def test_the_shell_raises_no_sentence_of_its_own() -> None:
    """Of an error class of the shell the text is a call (to the catalogue) or a name, never a literal."""
    classes = {WorkbenchError.__name__} | {error.__name__ for error in WorkbenchError.__subclasses__()}
    literal = [
        place
        for folder in ("workbench", "pages")
        for place, call in _calls(folder)
        if isinstance(call.func, ast.Name) and call.func.id in classes
        for text in call.args
        if (any(isinstance(part, ast.JoinedStr) for part in ast.walk(text)) and not _asks_catalogue(text))
        or isinstance(text, (ast.Constant, ast.BinOp))
    ]

    assert literal == []


def _asks_catalogue(text: ast.expr) -> bool:
    return isinstance(text, ast.Call) and isinstance(text.func, ast.Name) and text.func.id == "t"


def test_every_text_for_an_error_of_the_shell_is_asked_for() -> None:
    used = {
        key
        for folder in ("workbench", "pages")
        for _, call in _calls(folder)
        if isinstance(call.func, ast.Name) and call.func.id == "t" and call.args
        for key in [_literal(call.args[0])]
        if isinstance(key, str) and key.startswith("errors.")
    }
    composed = {f"errors.os_{name}" for name in OS_PROBLEMS.values()}
    composed |= {f"errors.nothing_to_{kind}_here" for kind in ("undo", "redo")}

    assert {key for key in catalogue("da") if key.startswith("errors.") and key.count(".") == 1} == (
        used | composed
    )


def test_a_study_that_is_not_there_is_named_in_the_language_of_the_run(tmp_path: Path) -> None:
    wanted = tmp_path / "væk.workbench"
    with pytest.raises(StudyNotFoundError) as refused:
        open_study(wanted)
    assert str(refused.value) == (
        f"der er intet studie i {wanted}; se efter navnet, "
        "eller opret det på forsiden eller med `workbench new`"
    )

    set_language("en")
    with pytest.raises(StudyNotFoundError) as refused:
        open_study(wanted)
    assert str(refused.value) == (
        f"there is no study at {wanted}; check the name, "
        "or create it on the first page or with `workbench new`"
    )


def test_what_the_disk_refuses_is_said_in_danish_where_it_is_a_common_reason() -> None:
    assert os_problem(PermissionError(errno.EACCES, "Permission denied")) == "adgang nægtet"
    assert os_problem(OSError(errno.ENOSPC, "No space left on device")) == "disken er fuld"
    assert os_problem(OSError(errno.EXDEV, "Cross-device link")) == "Cross-device link"


def test_the_command_says_an_error_of_the_core_in_the_language_of_the_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = create_study(tmp_path / "study", title="S", language="da", actor="Ida")
    with pytest.raises(SystemExit) as left:
        main(["scheme", study.reference, "import", str(tmp_path / "intet.toml")])

    assert left.value.code == 1
    assert capsys.readouterr().err == (
        f"workbench: {tmp_path / 'intet.toml'}: filen findes ikke; se efter mappen og stavemåden\n"
    )


def test_an_error_that_the_catalogue_lacks_says_what_it_says_itself() -> None:
    assert error_text(EmptySampleError("of {n}", reason="never_heard_of", n=3)) == "of 3"
    assert error_text(phrase("row {row}", reason="never_heard_of", row=2)) == "row 2"
    assert error_text(InvalidRequestError("sagt på dansk")) == "sagt på dansk"
    assert error_text(OSError(2, "No such file")) == "[Errno 2] No such file"
