"""Rules of outcomes as data: which records count, in which window, and how they add up."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from quant.errors import OutcomesError
from quant.periods import Unit

Statistic = Literal["mean", "any", "at_least", "sum"]
Missing = Literal["exclude", "zero", "available"]
Anchor = Literal["measurement", "quarter", "all"]
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "statistic": ("mean", "any", "at_least", "sum"),
    "missing": ("exclude", "zero", "available"),
    "window": ("measurement", "quarter", "all"),
}


@dataclass(frozen=True)
class OutcomeRule:
    """How one outcome is made.

    column : of the records, with 0/1, shares (0-1) or status codes; None is the only value column there is.
    codes : status codes that count as 1, all others as 0; empty reads the column as a number.
    statistic : over the periods of the window: mean, any (1 if one is above 0), at_least (1 if `at_least`
        periods are above 0), sum.
    window : "measurement": the `length` periods from `start` periods after the one of the measurement (1 is
        the next one, 0 the same, negative before it); "quarter": each calendar quarter by itself; "all":
        every period.
    missing : a period without a record: "exclude" leaves the person out, "zero" counts it as 0, "available"
        uses the periods there are, if they are at least `min_periods`.
    """

    id: str
    column: str | None = None
    codes: tuple[str, ...] = ()
    statistic: Statistic = "mean"
    at_least: int = 1
    window: Anchor = "measurement"
    start: int = 1
    length: int = 6
    missing: Missing = "exclude"
    min_periods: int = 1
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OutcomeRules:
    """Rules and what the records look like.

    unit : "week" or "month".   key, period : columns of the records; None guesses from usual names.
    subject : whom a row is about, a "person" or a "unit" such as a municipality.
    """

    outcomes: tuple[OutcomeRule, ...]
    unit: Unit = "month"
    key: str | None = None
    period: str | None = None
    subject: Literal["person", "unit"] = "person"

    def as_dict(self) -> dict[str, Any]:
        """The rules as JSON values, which `outcome_rules` reads again."""
        return asdict(self)


def load_rules(source: str | Path | bytes, name: str = "") -> OutcomeRules:
    """Rules from a .toml or .json file, or its bytes. Raises OutcomesError that names what is wrong."""
    label = name or (str(source) if not isinstance(source, bytes) else "")
    try:
        text = (source if isinstance(source, bytes) else Path(source).read_bytes()).decode("utf-8-sig")
        content = json.loads(text) if label.endswith(".json") else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise OutcomesError(
            "{file}: cannot be read as rules ({detail}); expected a .toml or .json file with [[outcomes]]",
            reason="outcome_rules_unreadable",
            file=Path(label).name,
            detail=str(error).splitlines()[0],
        ) from error
    return outcome_rules(content, file=Path(label).name)


def outcome_rules(content: object, *, file: str = "rules") -> OutcomeRules:
    """Rules from their dict. Raises OutcomesError for what is missing, unknown or out of range."""
    outcomes = content.get("outcomes") if isinstance(content, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(outcomes, Sequence) or not outcomes:
        raise OutcomesError(
            "{file}: there is no [[outcomes]]; write one for each outcome",
            reason="outcome_no_outcomes",
            file=file,
        )
    known = {"outcomes", "unit", "key", "period", "subject"}
    _refuse_unknown(content, known, file)
    _choice(content.get("unit", "month"), ("week", "month"), "unit", file)
    _choice(content.get("subject", "person"), ("person", "unit"), "subject", file)
    rules = tuple(_rule(each, file) for each in outcomes)
    names = [rule.id for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OutcomesError(
            "{file}: two outcomes have the id '{id}'", reason="outcome_rule_twice", file=file, id=twice[0]
        )
    return OutcomeRules(
        rules,
        content.get("unit", "month"),
        content.get("key"),
        content.get("period"),
        content.get("subject", "person"),
    )


def code_text(value: object) -> str:
    """A key or code as text; 3.0 from a sheet is 3."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _rule(content: object, file: str) -> OutcomeRule:
    if not isinstance(content, Mapping) or not str(content.get("id", "")).strip():
        raise OutcomesError("{file}: an outcome has no id", reason="outcome_rule_without_id", file=file)
    known = set(OutcomeRule.__dataclass_fields__)
    _refuse_unknown(content, known, file)
    for name, choices in _CHOICES.items():
        if name in content:
            _choice(content[name], choices, name, file)
    values = {**content, "id": str(content["id"]), "codes": tuple(map(code_text, content.get("codes", ())))}
    for name, least in (("at_least", 1), ("length", 1), ("min_periods", 1), ("start", -10_000)):
        if name in values and (not isinstance(values[name], int) or values[name] < least):
            raise OutcomesError(
                "{file}: {name} of outcome '{id}' is {given}, expected a whole number from {least}",
                reason="outcome_rule_number",
                file=file,
                name=name,
                id=values["id"],
                given=values[name],
                least=least,
            )
    return OutcomeRule(**values)


def _refuse_unknown(content: Mapping[str, Any], known: set[str], file: str) -> None:
    unknown = sorted(set(map(str, content)) - known)
    if unknown:
        raise OutcomesError(
            "{file}: '{name}' is not known; expected one of: {known}",
            reason="outcome_rule_unknown",
            file=file,
            name=unknown[0],
            known=", ".join(sorted(known)),
        )


def _choice(given: object, known: Sequence[str], what: str, file: str) -> None:
    if given not in known:
        raise OutcomesError(
            "{file}: {name} is '{given}', expected one of: {known}",
            reason="outcome_rule_choice",
            file=file,
            name=what,
            given=given,
            known=", ".join(known),
        )
