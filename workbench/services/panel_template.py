"""A file of panel rules to begin with: every rule there is, what it means, and what it may be."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from quant.panel_rules import Condition, Covariate, Entry, PanelOutcome, PanelRules, Subgroup, Treatment
from workbench.i18n import Language, t
from workbench.services.files import GivenFile

# What stands in the template without a sign of comment before it; the rest waits to be wanted.
EXAMPLES: dict[type, dict[str, str]] = {
    PanelRules: {"unit": '"person"', "period": '"week"', "cluster": '"municipality"'},
    Treatment: {"column": '"municipality"', "units": '["Aarhus", "Vejle"]', "start": '"2019Q1"'},
    PanelOutcome: {"id": '"work"', "column": '"status"', "codes": '["111", "112"]'},
}
HINTS: dict[str, str] = {
    "begins": '"from"',
    "ends": '"to"',
    "files": '["register/*.parquet"]',
    "table": '"records"',
    "order": '"updated"',
    "starts": '{ Aarhus = "2019Q1", Vejle = "2019Q3" }',
    "file": '"treated.csv"',
    "indicator": '"in_programme"',
    "start_column": '"first_quarter"',
    "label": '{ da = "Beskæftigelse", en = "Employment" }',
    "where": '[{ column = "born", age = true, lowest = 18, highest = 64 }]',
    "column": '"income"',
    "values": '["f"]',
    "lowest": "18",
    "highest": "64",
}
IDS: dict[type, str] = {Subgroup: '"women"', Covariate: '"income_before"', Entry: '"working_age"'}
TABLES: tuple[tuple[str, type], ...] = (
    ("[treatment]", Treatment),
    ("[[outcomes]]", PanelOutcome),
    ("[[subgroups]]", Subgroup),
    ("[[covariates]]", Covariate),
    ("[[entry]]", Entry),
)


def panel_template(*, language: Language) -> GivenFile:
    """A .toml that can be used as it stands, with a comment on every rule in a language."""
    parts = [f"# {t('panel_rules.head', language=language)}", "", *_lines(PanelRules, language)]
    for heading, kind in TABLES:
        used = kind in EXAMPLES
        parts += ["", f"# {t(f'panel_rules.{kind.__name__}.about', language=language)}"]
        parts += [heading if used else f"# {heading}", *_lines(kind, language)]
    parts += ["", f"# {t('panel_rules.Condition.about', language=language)}", *_lines(Condition, language)]
    return GivenFile(t("panel_rules.file", language=language), ("\n".join(parts) + "\n").encode())


def _lines(kind: type, language: Language) -> list[str]:
    """Rules of a table, each with its comment; tables of their own come later."""
    hints, lines = get_type_hints(kind), []
    for each in fields(kind):
        if is_dataclass(_inner(hints[each.name])) and each.name != "where":
            continue
        example = EXAMPLES.get(kind, {}).get(each.name)
        value = example or _value(kind, each)
        said = t(f"panel_rules.{kind.__name__}.{each.name}", language=language)
        choices = _choices(hints[each.name])
        comment = f"{said}: {', '.join(choices)}" if choices else said
        written = f"{each.name} = {value}"
        lines.append(f"{written if example else f'# {written}'}  # {comment}")
    return lines


def _value(kind: type, each: Field[Any]) -> str:
    """What a rule is if it is left out, or an example where that is nothing."""
    if each.name == "id":
        return IDS[kind]
    if each.default in (MISSING, None, ()):
        return HINTS[each.name]
    return json.dumps(each.default)


def _inner(hint: Any) -> Any:
    """The type within a list or an optional one."""
    if get_origin(hint) in (Union, UnionType, tuple):
        return get_args(hint)[0]
    return hint


def _choices(hint: Any) -> tuple[str, ...]:
    return tuple(map(str, get_args(hint))) if get_origin(hint) is Literal else ()
