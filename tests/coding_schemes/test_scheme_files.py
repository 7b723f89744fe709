"""Schemes out to files and back, and the files that are refused."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coding_schemes import ActorGroup, Code, CrosswalkLink, Scheme, SchemeError, load_scheme, save_scheme

CODEBOOK_XSD = Path(__file__).parents[3] / "shared" / "refi" / "Codebook.xsd"
MINIMAL = """
id = "sleep"
languages = ["en"]
label = "Night work and sleep"

[[actor_groups]]
id = "nurse"
label = "Nurses"
words = ["nurse"]

[[codes]]
path = "sleep"
label = "Sleep"

[[codes]]
path = "sleep/naps"
label = "Naps"
valence = 1
"""

texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
texts = texts.map(str.strip).filter(lambda text: text and ";" not in text)
parts = st.from_regex(r"[a-zæøå][a-z0-9_æøå-]{0,6}", fullmatch=True)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    codes = []
    for top in draw(st.lists(parts, min_size=1, max_size=3, unique=True)):
        below = draw(st.lists(parts, max_size=2, unique=True))
        for path in (top, *(f"{top}/{part}" for part in below)):
            codes.append(
                Code(
                    path=path,
                    label={"da": draw(texts), "en": draw(texts)},
                    definition={"da": draw(texts)},
                    example={"en": draw(texts)},
                    seed_words=tuple(draw(st.lists(texts, max_size=2))),
                    valence=draw(st.sampled_from([-1, 0, 1])),
                )
            )
    return Scheme(
        id="drawn",
        version="7",
        label={"da": draw(texts), "en": draw(texts)},
        codes=tuple(codes),
        actor_groups=(
            ActorGroup(
                "nurse", {"da": draw(texts), "en": draw(texts)}, ("sygeplejerske",), {"da": draw(texts)}
            ),
        ),
        crosswalk=(CrosswalkLink(codes[0].path, "factor", "f1", note={"en": draw(texts)}),),
        good_directions={"sick_days": "down"},
        caveats=({"da": draw(texts), "en": draw(texts)},),
        terms={"sick_days": {"da": draw(texts), "en": draw(texts)}},
        periods_before=("2015", "2016"),
    )


@settings(max_examples=15, deadline=None)
@given(scheme=schemes(), suffix=st.sampled_from([".toml", ".xlsx"]))
def test_toml_and_workbook_bring_back_everything(scheme: Scheme, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert load_scheme(save_scheme(scheme, Path(folder) / f"a{suffix}")) == scheme


@settings(max_examples=15, deadline=None)
@given(scheme=schemes())
def test_csv_brings_back_the_codes(scheme: Scheme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert load_scheme(save_scheme(scheme, Path(folder) / "a.csv")).codes == scheme.codes


@settings(max_examples=15, deadline=None)
@given(scheme=schemes())
def test_codebook_brings_back_tree_ids_and_texts_of_one_language(scheme: Scheme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = load_scheme(save_scheme(scheme, Path(folder) / "a.qdc", language="en"))

    def kept(one: Scheme) -> list[tuple[object, ...]]:
        return sorted(
            (code.path, code.uid, code.color, code.valence, code.label["en"], code.example["en"])
            for code in one.codes
        )

    assert kept(back) == kept(scheme)


@pytest.mark.parametrize("suffix", [".toml", ".xlsx"])
def test_the_shipped_scheme_survives_a_round_trip(tmp_path: Path, suffix: str) -> None:
    scheme = load_scheme("immi")
    assert load_scheme(save_scheme(scheme, tmp_path / f"copy{suffix}")) == scheme


def test_the_codebook_carries_danish_criteria_in_labelled_lines(tmp_path: Path) -> None:
    scheme = load_scheme("immi")
    back = load_scheme(save_scheme(scheme, tmp_path / "immi.qdc"))
    original = scheme.code("language/lack_of_danish")
    code = back.code("language/lack_of_danish")
    assert (code.definition["da"], code.include["da"]) == (
        original.definition["da"],
        original.include["da"],
    )
    assert (code.exclude["da"], code.example["da"]) == (original.exclude["da"], original.example["da"])


@pytest.mark.skipif(not CODEBOOK_XSD.is_file(), reason="the REFI-QDA schema is not beside the project")
def test_the_codebook_is_valid_refi_qda(tmp_path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(CODEBOOK_XSD)))
    schema.assertValid(etree.parse(str(save_scheme(load_scheme("immi"), tmp_path / "immi.qdc"))))


def test_a_codebook_of_another_program_gets_paths_from_its_names(tmp_path: Path) -> None:
    file = tmp_path / "other.qdc"
    file.write_text(
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Another"><Codes>'
        '<Code guid="{6B9A1F60-0000-4000-8000-000000000001}" name="Work / life" '
        'color="#0af" isCodable="true">'
        "<Description>How they meet</Description>"
        '<Code guid="6b9a1f60-0000-4000-8000-000000000002" name="Long days" isCodable="true"/>'
        '<Code guid="6b9a1f60-0000-4000-8000-000000000003" name="Long days" isCodable="true"/>'
        "</Code></Codes></CodeBook>",
        encoding="utf-8",
    )
    scheme = load_scheme(file)
    assert [code.path for code in scheme.codes] == [
        "work_life",
        "work_life/long_days",
        "work_life/long_days_2",
    ]
    assert scheme.codes[0].color == "#00aaff"
    assert scheme.codes[0].definition == {"en": "How they meet"}
    assert scheme.codes[0].uid == "6b9a1f60-0000-4000-8000-000000000001"


def test_another_study_loads_in_english_only(tmp_path: Path) -> None:
    file = tmp_path / "sleep.toml"
    file.write_text(MINIMAL, encoding="utf-8")
    scheme = load_scheme(file)
    assert scheme.languages == ("en",)
    assert scheme.code("sleep/naps").label == {"en": "Naps"}
    assert scheme.actor_groups[0].id == "nurse"
    assert scheme.crosswalk == ()
    assert scheme.code("sleep").color == scheme.code("sleep/naps").color  # none given: a hue of the palette


def test_a_spreadsheet_typed_by_hand_loads(tmp_path: Path) -> None:
    file = tmp_path / "søvn.csv"
    file.write_bytes("path;label_da;valence\r\nsøvn;Søvn;\r\nsøvn/lur;Lur;1\r\n".encode("cp1252"))
    scheme = load_scheme(file)
    assert (scheme.id, scheme.languages) == ("søvn", ("da",))
    assert scheme.code("søvn/lur").valence == 1


def test_ids_of_codes_follow_from_scheme_and_path_and_survive_a_rename_in_the_file(tmp_path: Path) -> None:
    first, again = load_scheme("immi"), load_scheme("immi")
    assert [code.uid for code in first.codes] == [code.uid for code in again.codes]
    file = save_scheme(first, tmp_path / "immi.csv")
    file.write_text(file.read_text("utf-8").replace("igu/drop_out,", "igu/left_early,"), "utf-8")
    assert load_scheme(file).code("igu/left_early").uid == first.code("igu/drop_out").uid


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('path = "sleep/naps"', 'path = "sleep"'), "occurs 2 times"),
        (('path = "sleep/naps"', 'path = "rest/naps"'), "its parent 'rest' is missing"),
        (('path = "sleep/naps"', 'path = "sleep/short naps"'), "is no path part"),
        (("valence = 1", "valence = 2"), "use -1 (barrier), 0 or 1"),
        (("valence = 1", 'color = "blue"'), "six hex digits"),
        (("valence = 1", 'uid = "x"'), "is no UUID"),
        (("valence = 1", 'colour = "#fff"'), "unknown field 'colour'"),
        (('label = "Naps"', 'label.fr = "Sieste"'), "unknown language 'fr'"),
        (('label = "Naps"', 'label.da = "Lur"'), "which languages does not name"),
        (('label = "Naps"', ""), "no text in 'en'"),
        (('label = "Naps"', "label = 3"), "texts by language were expected"),
        (('languages = ["en"]', 'languages = ["fr"]'), "unknown language 'fr'"),
        (('path = "sleep/naps"', "path = 3"), "a text in quotation marks was expected"),
        (('id = "sleep"', 'id = "'), "not valid TOML"),
        (
            ("valence = 1", '[[crosswalk]]\ntheme = "slep"\nkind = "factor"\ntarget = "f"'),
            "no code 'slep'",
        ),
        (
            ("valence = 1", '[[crosswalk]]\ntheme = "sleep"\nkind = "item"\ntarget = "f"'),
            "kind 'item'",
        ),
    ],
)
def test_an_incoherent_file_is_refused_by_name_and_place(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    file = tmp_path / "sleep.toml"
    text = MINIMAL.replace(*change)
    assert text != MINIMAL
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SchemeError) as caught:
        load_scheme(file)
    assert str(caught.value).startswith("sleep.toml: ")
    assert named in str(caught.value)


def test_copied_rows_that_share_an_id_are_refused(tmp_path: Path) -> None:
    file = save_scheme(load_scheme("immi"), tmp_path / "immi.csv")
    lines = file.read_text("utf-8-sig").splitlines()
    file.write_text("\n".join([*lines, lines[1].replace("language,", "copy,", 1)]), "utf-8")
    with pytest.raises(SchemeError, match="share the uid"):
        load_scheme(file)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return out.getvalue()


def lying_bomb() -> bytes:
    """The bomb with a declared size of 1,000 bytes in both places where an archive states it."""
    return bomb().replace((30_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("bomb.xlsx", bomb(), "times its size"),
        ("lying.xlsx", lying_bomb(), "is damaged"),
        ("locked.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "locked with a password"),
        ("text.xlsx", b"path,label", "not an xlsx workbook"),
        ("empty.toml", b"", "the file is empty"),
        ("latin.toml", "id = 'ø'".encode("latin-1"), "not UTF-8"),
        ("nul.csv", b"path,label\0", "not a text file"),
        ("head.csv", b"name,label\na,b\n", "unknown column 'name'"),
        ("cut.qdc", b"<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes>", "not readable as XML"),
        ("project.qdc", b"<Project/>", "no REFI-QDA codebook"),
        ("dtd.qdc", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "no document type declaration"),
        ("none.qdc", b"<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes/></CodeBook>", "holds no codes"),
        ("scheme.docx", b"x", "neither a shipped scheme"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_with_one_message(
    tmp_path: Path, name: str, content: bytes, named: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SchemeError) as caught:
        load_scheme(file)
    assert named in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_file_and_an_unknown_name_say_what_to_use(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="there is no such file"):
        load_scheme(tmp_path / "none.toml")
    with pytest.raises(SchemeError, match=r"neither a shipped scheme \(immi\)"):
        load_scheme("imi")


def test_saving_to_an_unknown_ending_or_folder_is_refused(tmp_path: Path) -> None:
    scheme = load_scheme("immi")
    with pytest.raises(SchemeError, match="rename the file"):
        save_scheme(scheme, tmp_path / "immi.docx")
    with pytest.raises(SchemeError, match="choose another folder"):
        save_scheme(scheme, tmp_path / "none" / "immi.toml")
    with pytest.raises(SchemeError, match="no texts in 'fr'"):
        save_scheme(scheme, tmp_path / "immi.qdc", language="fr")


def test_a_code_that_is_not_there_is_named() -> None:
    with pytest.raises(SchemeError, match="no code 'language/danish'"):
        load_scheme("immi").code("language/danish")


def test_one_of_a_group_is_called_by_its_singular_and_else_as_the_group() -> None:
    group = ActorGroup("citizen", {"da": "Borgere", "en": "Citizens"}, singular={"da": "Borger"})
    assert group.one == {"da": "Borger", "en": "Citizens"}


def test_the_shipped_scheme_names_the_periods_before_the_programme() -> None:
    before = load_scheme("immi").periods_before
    assert {"2013Q2", "2016Q4", "2015-2016"} <= set(before)
    assert not {"2017Q1", "2017", "2018", "2017-2018"} & set(before)
