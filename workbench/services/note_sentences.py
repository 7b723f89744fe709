"""A few plain sentences about a unit, built from its numbers: more is said only where an interval says so."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from quant import Instrument
from quant.goals import Goal
from quant.unit_comparison import reading
from workbench.display import format_number
from workbench.i18n import Language, label, t

MOST_NAMED = 5


def level_sentences(rows: pd.DataFrame, instrument: Instrument, language: Language) -> list[str]:
    """How the unit's levels stand beside the others': higher, lower, and how many cannot be told apart.

    rows : levels of one unit in one round, from `quant.unit_comparison.compare_units`.
    """
    return _told(rows, ("difference_low", "difference_high"), "level", instrument, language)


def change_sentences(
    rows: pd.DataFrame, instrument: Instrument, language: Language, rounds: tuple[int, int]
) -> list[str]:
    """What went forward and back from the first to the last round, and whether the others moved otherwise."""
    own = _told(rows, ("ci_low", "ci_high"), "change", instrument, language, first=rounds[0], last=rounds[1])
    apart = _told(rows, ("difference_low", "difference_high"), "change_others", instrument, language)
    return own + apart


def goal_sentence(
    row: Mapping[str, float], goal: Goal, language: Language, *, quarter: str, least_base: int
) -> str:
    """One goal in one quarter: how many of how many, whether the target is reached, and beside the others.

    row : of `quant.goals.goal_shares`.   least_base : with fewer persons no per cent is given.
    """
    name = label(goal.label, language=language)
    when = quarter_name(quarter, language)
    if pd.isna(row["k"]):
        return t("notes.goal_hidden", language=language, goal=name, quarter=when)
    n, k = int(row["n"]), int(row["k"])
    share = f" ({percent(row['share'], language)})" if n >= least_base else ""
    parts = [t("notes.goal_share", language=language, goal=name, quarter=when, k=k, n=n, share=share)]
    if goal.target is not None or not pd.isna(row["target"]):
        reached = "reached" if row["share"] >= row["target"] else "not_reached"
        parts.append(t(f"notes.target_{reached}", language=language, target=percent(row["target"], language)))
    told = reading(row["difference_low"], row["difference_high"])
    if told != "unknown":
        parts.append(t(f"notes.goal_{told}", language=language))
    return " ".join(parts)


def percent(share: float, language: Language) -> str:
    """A share (0-1) as whole per cent in running text."""
    return f"{format_number(100 * float(share), 0, language)}\u00a0{t('display.percent', language=language)}"


def quarter_name(quarter: str, language: Language) -> str:
    """`2019Q2` in words."""
    return t("notes.quarter", language=language, number=quarter[-1], year=quarter[:4])


def score_name(instrument: Instrument, respondent: str, name: str, language: Language) -> str:
    """A dimension with who answered, such as `health (citizen)`."""
    who = label(instrument.respondent(respondent).label, language=language).lower()
    return f"{label(instrument.dimension_label(name), language=language).lower()} ({who})"


def _told(
    rows: pd.DataFrame,
    ends: tuple[str, str],
    topic: str,
    instrument: Instrument,
    language: Language,
    **values: object,
) -> list[str]:
    """A sentence for what is higher, one for what is lower, one for the rest; none about hidden numbers."""
    found: dict[str, list[str]] = {"higher": [], "lower": [], "same": []}
    for record in rows.to_dict("records"):
        told = reading(record[ends[0]], record[ends[1]])
        if told != "unknown":
            found[told].append(score_name(instrument, record["respondent"], record["name"], language))
    if topic == "change_others" and not found["higher"] and not found["lower"]:
        return [t("notes.change_others_none", language=language)] if found["same"] else []
    sentences = [
        t(f"notes.{topic}_{told}", language=language, names=_listed(found[told], language), **values)
        for told in ("higher", "lower")
        if found[told]
    ]
    if topic != "change_others" and found["same"]:
        which = "rest" if sentences else "none"
        sentences.append(t(f"notes.{topic}_{which}", language=language, n=len(found["same"]), **values))
    return sentences


def _listed(names: list[str], language: Language) -> str:
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        shown = [*shown, t("notes.more", language=language, n=more)]
    if len(shown) == 1:
        return shown[0]
    joint = t("surveys.and", language=language)
    return f"{', '.join(shown[:-1])} {joint} {shown[-1]}"
