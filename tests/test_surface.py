"""The names, keys and meanings that outsiders rely on: commands, functions and attributes stay as named."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer

import coding_schemes
import interviews
import quant
from workbench.cli import app
from workbench.triangulation import classify_estimate, verdict
from workbench.word import build_report

COMMANDS = {
    "check": (),
    "code": ("add", "export", "import", "list"),
    "demo": (),
    "effects": ("import", "list"),
    "export": (),
    "factors": (),
    "fip": ("factors", "import", "indices", "summary"),
    "history": (),
    "import": (),
    "link": ("add", "crosswalk", "list"),
    "new": (),
    "report": (),
    "run": (),
    "scheme": ("export", "import", "show"),
    "show": (),
    "transcripts": (),
    "triangulate": (),
    "undo": (),
}
OPTIONS = {
    "run": {"--port", "--headless"},
    "new": {"--title", "--language", "--scheme", "--instrument"},
    "import": {"--actor-group", "--participants"},
    "export": {"-o"},
    "code add": {"--coder", "--weight", "--memo"},
    "fip import": {"--mapping"},
    "link add": {"--level"},
    "triangulate": {"--display"},
    "report": {"-o", "--language", "--template", "--sections"},
    "factors": {"--columns"},
}


def _commands() -> dict[str, object]:
    """Every command by its words."""
    return _below("", typer.main.get_command(app))


def _below(words: str, group: object) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, command in getattr(group, "commands", {}).items():
        whole = f"{words} {name}".strip()
        found |= {whole: command, **_below(whole, command)}
    return found


def _options(command: object) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_is_there_with_its_parts(name: str) -> None:
    found = _commands()
    assert name in found
    parts = {words.partition(" ")[2] for words in found if words.startswith(f"{name} ")}
    assert parts >= set(COMMANDS[name])


@pytest.mark.parametrize("name", OPTIONS)
def test_the_command_takes_its_options(name: str) -> None:
    assert _options(_commands()[name]) >= OPTIONS[name]


def test_every_command_that_prints_takes_json() -> None:
    without = {
        name
        for name, command in _commands().items()
        if not hasattr(command, "commands") and "--json" not in _options(command)
    }
    assert without == {"run"}


def test_a_transcript_has_text_turns_and_warnings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Interviewer: Ja?\nLeder: Nej.\n", encoding="utf-8")
    transcript = interviews.read(tmp_path / "a.txt")
    assert (transcript.text, transcript.warnings) == ("Ja?\nNej.", ())
    assert [(turn.start, turn.end, turn.speaker) for turn in transcript.turns] == [
        (0, 3, "Interviewer"),
        (4, 8, "Leder"),
    ]
    with pytest.raises(interviews.TranscriptError, match=r"absent\.txt"):
        interviews.read(tmp_path / "absent.txt")


def test_the_shipped_scheme_is_loaded_by_its_name() -> None:
    scheme = coding_schemes.load_scheme("immi")
    assert [code.path for code in scheme.themes] == ["language", "health", "motivation", "women", "igu"]


def test_factor_analysis_keeps_its_arguments_and_results() -> None:
    parameters = inspect.signature(quant.factor_analysis).parameters
    defaults = {name: parameters[name].default for name in list(parameters)[1:5]}
    assert defaults == {
        "n_factors": None,
        "extraction": "principal_factor",
        "rotation": "varimax",
        "kaiser": False,
    }
    rng = np.random.default_rng(1)
    common = rng.standard_normal((80, 1))
    data = pd.DataFrame(common + rng.standard_normal((80, 4)), columns=list("abcd"))
    result = quant.factor_analysis(data, 1)
    # Shares of the reduced trace sum to 1 over all factors, those with negative eigenvalues too.
    assert float(np.sum(result.proportion)) == pytest.approx(1)
    assert float(np.sum(result.proportion_of_total)) == pytest.approx(float(np.sum(result.eigenvalues)) / 4)
    assert list(result.loadings.index) == list("abcd")
    assert result.uniqueness["a"] == pytest.approx(1 - float(result.loadings.loc["a"].iloc[0]) ** 2)
    assert result.scores(data).shape == (80, 1)
    assert 0 < result.kmo.overall < 1
    assert result.bartlett.df == 6


@pytest.mark.parametrize(
    ("b", "se", "mean", "label"),
    [
        (-0.008, 0.007, 0.137, "not_positively_relevant"),
        (0.002, 0.009, 0.112, "inconclusive"),
        (0.031, 0.012, 0.120, "positive"),
    ],
)
def test_an_estimate_is_read_by_its_interval(b: float, se: float, mean: float, label: str) -> None:
    reading = classify_estimate(b, se, mean=mean)
    assert reading.label == label
    assert reading.ci == pytest.approx((b - 1.96 * se, b + 1.96 * se), abs=1e-4)
    assert reading.ci_percent is not None
    assert reading.ci_percent[0] == pytest.approx(100 * reading.ci[0] / mean)


def test_a_verdict_follows_from_coverage_meaning_and_prominence() -> None:
    assert verdict(coverage="qual_only").id == "silence"
    assert verdict(coverage="both", meaning="same", prominence="same").id == "agreement"
    assert verdict(coverage="both", meaning="same", prominence="different").id == "partial"
    assert verdict(coverage="both", meaning="different", prominence="different").id == "dissonance"


def test_a_report_is_bytes_of_one_call() -> None:
    signature = inspect.signature(build_report)
    assert next(iter(signature.parameters)) == "study"
    assert {"language", "sections", "template"} <= signature.parameters.keys()
    assert signature.return_annotation == "bytes"
