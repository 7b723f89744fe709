"""Figures of effects estimated here: means by period, the event study, and the forest of subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coding_schemes import Scheme
from workbench.figures import Figure, coefficient_plot, event_study_plot, trends_plot
from workbench.i18n import Language, t
from workbench.services.effect_run_tables import EffectTables
from workbench.services.effect_runs import Findings
from workbench.services.terms import term_label


def trends_figure(
    found: Findings, outcome: Mapping[str, Any], *, language: Language, scheme: Scheme | None = None
) -> Figure | None:
    """Mean outcome of the treated and of the others by period; None where a design has no two groups."""
    if not outcome["means"]:
        return None
    tables = EffectTables(found, language=language, scheme=scheme)
    means = pd.DataFrame(outcome["means"]).rename(columns={"mean": "value"})
    means["value"] = means["value"].astype(float)
    means["series"] = [t(f"did.series.{group}", language=language) for group in means["group"]]
    return trends_plot(
        means,
        title=t("did.title.trends", language=language, outcome=tables.outcome(outcome)),
        start=outcome["start"],
        language=language,
        y_title=tables.outcome(outcome),
        source=tables.source(),
        key=f"trends_{outcome['outcome']}",
    )


def event_study_figure(
    found: Findings, outcome: Mapping[str, Any], *, language: Language, scheme: Scheme | None = None
) -> Figure:
    """The effect of each period with its interval; grey where the gate before the start failed."""
    tables = EffectTables(found, language=language, scheme=scheme)
    columns = ["term", "kind", "estimate", "ci_low", "ci_high"]
    effects = pd.DataFrame(outcome["by_period"]["table"])[columns].rename(columns={"term": "period"})
    numbers = ["estimate", "ci_low", "ci_high"]
    effects[numbers] = effects[numbers].astype(float)
    return event_study_plot(
        effects.astype({"period": str}),
        title=t("did.title.by_period", language=language, outcome=tables.outcome(outcome)),
        base=outcome["base"],
        periods=outcome["periods"],
        start=outcome["start"],
        interpretable=outcome["status"] != "failed",
        language=language,
        source=tables.source(),
        notes=(tables.gate_sentence(outcome), *tables.base_note(outcome)),
    )


def subgroups_figure(
    found: Findings, outcome: Mapping[str, Any], *, language: Language, scheme: Scheme | None = None
) -> Figure | None:
    """A forest of the effects by subgroup, with rings for what may not be read; None without subgroups."""
    by_group = outcome["subgroups"]
    rows = [row for row in (by_group or {}).get("table", ()) if row["estimate"] is not None]
    if not rows:
        return None
    tables = EffectTables(found, language=language, scheme=scheme)
    terms = list(dict.fromkeys(row["term"] for row in rows))
    effects = pd.DataFrame(
        {
            "label": [term_label(scheme, str(row["subgroup"]), language) for row in rows],
            "group": [tables.window(str(row["term"]), outcome) if len(terms) > 1 else "" for row in rows],
            "interpretable": [row["interpretable"] for row in rows],
            **{name: [row[name] for row in rows] for name in ("estimate", "ci_low", "ci_high")},
        }
    )
    numbers = ["estimate", "ci_low", "ci_high"]
    effects[numbers] = effects[numbers].astype(float)
    return coefficient_plot(
        effects,
        title=t("did.title.forest", language=language, outcome=tables.outcome(outcome)),
        language=language,
        x_title=t("effects.x_title", language=language),
        source=tables.source(),
        notes=(t("did.subgroups_note", language=language),),
    )
