"""Goals from a file: TOML, or a workbook with the sheets `goals` and `targets`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from quant.errors import OutcomesError, QuantError
from quant.goals import Goal, PeriodKind
from quant.tables import read_sheets
from quant.unit_comparison import unit_name

PERIODS_OF_QUARTER: dict[str, int] = {"week": 13, "month": 3}
_KEYS = ("id", "label", "statuses", "at_least", "of", "period", "recorded", "target", "targets")
_NEEDED = ("id", "statuses", "at_least")


def parse_goals(content: bytes, name: str) -> tuple[Goal, ...]:
    """The goals of a file by its ending: `.toml` with a list `goals`, or `.xlsx`.

    Raises OutcomesError that names the file, the goal, what was expected and what was found.
    """
    ending = name.lower().rpartition(".")[2]
    entries: Sequence[Mapping[str, Any]]
    if ending == "toml":
        entries = _toml_entries(content, name)
    elif ending in ("xlsx", "xls", "ods"):
        entries = _workbook_entries(content, name)
    else:
        raise OutcomesError(
            "{file}: goals are kept as .toml or .xlsx; give the file one of these endings",
            reason="goals_ending",
            file=name,
        )
    if not entries:
        raise OutcomesError(
            "{file}: there is no goal; write one or more under goals", reason="goals_none", file=name
        )
    goals = []
    for number, entry in enumerate(entries, start=1):
        try:
            goals.append(goal_from_dict(entry, number=number))
        except OutcomesError as error:
            raise OutcomesError("{file}: {problem}", reason="in_file", file=name, problem=error) from error
    ids = [goal.id for goal in goals]
    repeated = next((each for each in ids if ids.count(each) > 1), None)
    if repeated is not None:
        raise OutcomesError(
            "{file}: two goals have the id {goal!r}; give each its own",
            reason="goal_repeated",
            file=name,
            goal=repeated,
        )
    return tuple(goals)


def goal_from_dict(entry: Mapping[str, Any], *, number: int = 1) -> Goal:
    """One goal from plain values. Raises OutcomesError for what is missing, unknown or no number."""
    name = str(entry.get("id") or number)
    for key in entry:
        if key not in _KEYS:
            raise OutcomesError(
                "goal {goal!r}: unknown key {key!r} (keys: {known})",
                reason="goal_unknown_key",
                goal=name,
                key=key,
                known=", ".join(_KEYS),
            )
    for key in _NEEDED:
        if entry.get(key) in (None, "", []):
            raise OutcomesError(
                "goal {goal!r}: {key!r} is missing", reason="goal_lacks_key", goal=name, key=key
            )
    period = str(entry.get("period") or "week")
    if period not in PERIODS_OF_QUARTER:
        raise _wrong(name, "period", period, "week or month")
    kind: PeriodKind = "month" if period == "month" else "week"
    label, statuses, targets = entry.get("label") or name, entry["statuses"], entry.get("targets") or {}
    if isinstance(statuses, str | int | float):
        statuses = [statuses]
    if not isinstance(statuses, list) or not isinstance(targets, Mapping):
        wrong = "targets" if isinstance(statuses, list) else "statuses"
        raise _wrong(name, wrong, entry[wrong], "a list of codes, or units with their share")
    return Goal(
        id=name,
        label={str(k): str(v) for k, v in label.items()}
        if isinstance(label, Mapping)
        else {"da": str(label), "en": str(label)},
        statuses=tuple(unit_name(value) for value in statuses),
        at_least=_whole(name, "at_least", entry["at_least"]),
        period=kind,
        of=_whole(name, "of", entry.get("of", PERIODS_OF_QUARTER[kind])),
        recorded=None if entry.get("recorded") is None else _whole(name, "recorded", entry["recorded"]),
        target=None if entry.get("target") is None else _share(name, entry["target"]),
        targets={unit_name(unit): _share(name, value) for unit, value in targets.items()},
    )


def goal_as_dict(goal: Goal) -> dict[str, Any]:
    """The goal as plain values, as `goal_from_dict` takes them."""
    values = {key: getattr(goal, key) for key in _KEYS}
    values |= {"label": dict(goal.label), "statuses": list(goal.statuses), "targets": dict(goal.targets)}
    return {key: value for key, value in values.items() if value is not None}


def _toml_entries(content: bytes, name: str) -> list[Mapping[str, Any]]:
    try:
        given = tomllib.loads(content.decode("utf-8-sig")).get("goals", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OutcomesError(
            "{file}: expected goals in TOML (UTF-8): {detail}",
            reason="goals_not_toml",
            file=name,
            detail=error,
        ) from error
    if not isinstance(given, list) or not all(isinstance(entry, Mapping) for entry in given):
        raise OutcomesError(
            "{file}: there is no goal; write one or more under goals", reason="goals_none", file=name
        )
    return given


def _workbook_entries(content: bytes, name: str) -> list[dict[str, Any]]:
    try:
        sheets = {sheet.strip().lower(): rows for sheet, rows in read_sheets(content, name).items()}
    except QuantError as error:
        raise OutcomesError("{problem}", reason="problem", problem=error) from error
    entries: list[dict[str, Any]] = []
    for record in _records(sheets.get("goals", [])):
        entry: dict[str, Any] = {}
        for key, value in record.items():
            head, _, language = key.partition("_")
            if head == "label" and language:
                entry.setdefault("label", {})[language] = value
            elif key == "statuses":
                entry[key] = [part.strip() for part in unit_name(value).split(";") if part.strip()]
            else:
                entry[key] = unit_name(value) if key == "id" else value
        entries.append(entry)
    for record in _records(sheets.get("targets", [])):
        named = unit_name(record.get("goal", ""))
        owner = next((entry for entry in entries if str(entry.get("id")) == named), None)
        if owner is None:
            raise OutcomesError(
                "{file}, sheet 'targets': there is no goal {goal!r}",
                reason="target_no_goal",
                file=name,
                goal=named,
            )
        owner.setdefault("targets", {})[unit_name(record.get("unit", ""))] = record.get("target")
    return entries


def _records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    heads = [str(cell).strip().lower() for cell in rows[0]]
    found = [
        {head: cell for head, cell in zip(heads, row, strict=False) if head and cell not in ("", None)}
        for row in rows[1:]
    ]
    return [record for record in found if record]


def _whole(goal: str, key: str, value: Any) -> int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.5
    if number != int(number):
        raise _wrong(goal, key, value, "a whole number")
    return int(number)


def _share(goal: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(goal, "target", value, "a share from 0 to 1")
    return float(value)


def _wrong(goal: str, key: str, found: object, expected: str) -> OutcomesError:
    return OutcomesError(
        "goal {goal!r}: {field} is {found}; expected {expected}",
        reason="goal_wrong_value",
        goal=goal,
        field=key,
        found=found,
        expected=expected,
    )
