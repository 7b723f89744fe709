"""Commands about numbers and about words beside numbers: fip, effects, factors, link, triangulate, report."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.cli.conftest import Run
from workbench.demo import build
from workbench.services.studies import Study

ESTIMATES = Path(build.__file__).parent / "data" / "effect_estimates.csv"


@pytest.fixture
def demo(demonstration_study: Callable[[Path], Study], tmp_path: Path) -> str:
    """A copy of the demonstration study."""
    return demonstration_study(tmp_path).reference


def test_fip_summary_gives_flow_findings_and_means(run: Run, demo: str) -> None:
    summary = run("fip", demo, "summary", "--by", "gender", "--json").json
    assert summary.keys() == {"flow", "findings", "means"}
    first = summary["flow"][0]
    assert (first["stage"], first["round"], first["citizen"], first["caseworker"]) == (
        "collected",
        1,
        1150,
        1145,
    )
    assert {row["group"] for row in summary["means"]} >= {"men", "women"}


def test_fip_factors_gives_a_solution_for_each_of_the_questionnaire(run: Run, demo: str) -> None:
    found = run("fip", demo, "factors", "--json").json
    assert [each["solution"] for each in found] == ["citizen", "caseworker", "joint"]
    citizen = found[0]
    assert {factor["name"] for factor in citizen["factors"]} == {
        "b_danish",
        "b_self_confidence",
        "b_cooperation",
    }
    assert len(citizen["loadings"]) == len(citizen["uniqueness"]) == 11
    [one] = run("fip", demo, "factors", "--solution", "citizen", "--rotation", "none", "--json").json
    assert one["eigenvalues"] == citizen["eigenvalues"]
    assert one["loadings"] != citizen["loadings"]


def test_fip_indices_give_a_row_a_person_round_and_factor(run: Run, demo: str) -> None:
    rows = run("fip", demo, "indices", "--solution", "citizen", "--json").json
    assert {row["factor"] for row in rows} == {"b_danish", "b_self_confidence", "b_cooperation"}
    assert {"person", "round", "factor", "value"} <= rows[0].keys()
    assert "Dansk" in run("fip", demo, "indices", "--by", "gender").out


def test_answers_of_a_file_are_stored_with_their_findings(run: Run, study: Path, tmp_path: Path) -> None:
    file = tmp_path / "svar.csv"
    header = "person;round;date;b_job_importance;b_job_belief"
    rows = ["p1;1;2017-03-01;7;6", "p2;1;2017-03-01;9;4", "p3;1;2017-03-02;2;2"]
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    stored = run("fip", study, "import", file, "--label", "Prøve", "--nature", "simulated", "--json").json
    assert (stored["label"], stored["nature"], stored["persons"]) == ("Prøve", "simulated", 3)
    assert stored["findings"]["out_of_range"] == 1
    assert stored["mapping"]["items"]["b_job_importance"] == "b_job_importance"
    assert run("fip", study, "summary", "--json").json["findings"] == stored["findings"]


def test_published_estimates_are_listed_with_how_they_read(run: Run, study: Path) -> None:
    assert run("effects", study, "list", "--json").json == []
    source = run("effects", study, "import", ESTIMATES, "--nature", "published", "--json").json
    listed = run("effects", study, "list", "--json").json
    assert source["estimates"] == len(listed) == len(ESTIMATES.read_text("utf-8").splitlines()) - 1
    first = run("effects", study, "list", "--outcome", listed[0]["outcome"], "--json").json
    assert {each["outcome"] for each in first} == {listed[0]["outcome"]}
    assert {"estimate", "std_error", "ci_low", "ci_high", "stars", "source", "place"} <= listed[0].keys()


def test_factors_of_a_file_need_no_study(run: Run, tmp_path: Path) -> None:
    # One factor with loadings .8 .6 .5 .4: four patterns of sign, all combinations of the unique parts.
    loadings = (0.8, 0.6, 0.5, 0.4)
    lines = ["a,b,c,d,name"]
    for bits in range(32):
        signs = [1 if bits >> place & 1 else -1 for place in range(5)]
        values = [
            loading * signs[4] + (1 - loading**2) ** 0.5 * sign
            for loading, sign in zip(loadings, signs, strict=False)
        ]
        lines.append(",".join(f"{value:.9f}" for value in values) + ",x")
    file = tmp_path / "items.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    options = ("--extraction", "iterated", "--tolerance", 1e-9, "--n-factors", 1, "--json")
    found = run("factors", file, *options).json
    # Text columns are left out; the iterated solution finds the loadings that made the numbers.
    assert [row["indicator"] for row in found["loadings"]] == ["a", "b", "c", "d"]
    values = [next(value for name, value in row.items() if name != "indicator") for row in found["loadings"]]
    assert values == pytest.approx(loadings, abs=1e-7)
    chosen = run("factors", file, "--columns", "a, b,c", *options).json
    assert [row["indicator"] for row in chosen["loadings"]] == ["a", "b", "c"]


def test_links_are_added_listed_and_restored(run: Run, demo: str) -> None:
    before = run("link", demo, "list", "--json").json
    added = run("link", demo, "add", "igu", "outcome:education", "--level", "effect", "--json").json
    assert (added["theme"], added["target"], added["level"]) == ("igu", "outcome:education", "effect")
    again = run("link", demo, "add", "igu", "outcome:education", "--level", "effect")
    assert (again.code, again.out) == (1, "")
    assert run("link", demo, "crosswalk", "immi", "--json").json["links"] == len(before)
    assert len(run("link", demo, "list", "--json").json) == len(before) + 1


def test_triangulate_says_the_same_in_both_languages_and_igu_is_silent(run: Run, demo: str) -> None:
    danish = run("triangulate", demo, "--json").json
    english = run("triangulate", demo, "--language", "en", "--json").json
    assert danish["display"] == "side_by_side"
    assert [row["theme"] for row in danish["rows"]] == ["language", "health", "motivation", "women", "igu"]
    assert [row["label"] for row in danish["rows"]] != [row["label"] for row in english["rows"]]
    counts = [
        [(count["group"], count["interviews_with"]) for count in row["counts"]] for row in danish["rows"]
    ]
    assert counts == [
        [(count["group"], count["interviews_with"]) for count in row["counts"]] for row in english["rows"]
    ]
    igu = danish["rows"][4]
    assert igu["proposal"]["verdict"]["id"] == "silence"
    assert igu["evidence"] == []


def test_report_writes_a_word_file_with_chosen_sections(run: Run, demo: str, tmp_path: Path) -> None:
    file = tmp_path / "r.docx"
    written = run("report", demo, "-o", file, "--language", "en", "--sections", "themes", "--json").json
    assert written == {"file": str(file), "bytes": file.stat().st_size}
    with zipfile.ZipFile(file) as package:
        assert "word/document.xml" in package.namelist()


def test_headings_and_lines_are_in_the_language_of_the_study(run: Run, tmp_path: Path) -> None:
    said = {
        "da": ("oprettet: S", "fortrød coding.add", "i orden", "hvem", "ingen estimater"),
        "en": ("created: S", "took back coding.add", "ok", "who", "no estimates"),
    }
    for language, (made, undone, sound, who, none) in said.items():
        study, file = tmp_path / language, tmp_path / f"{language}.txt"
        file.write_text("Interviewer: Hej?\nLeder: Sproget er svært.\n", encoding="utf-8")
        created = run("new", study, "--title", "S", "--language", language, "--scheme", "immi")
        assert made in created.err
        run("import", study, file, "--actor-group", "leader")
        run("code", study, "add", language, "6", "13", "language")
        assert undone in run("undo", study).out
        assert sound in run("check", study).out.splitlines()
        assert who in run("history", study).out.splitlines()[0]
        assert run("effects", study, "list").out.strip() == none
