"""The numbers behind links: scores, scores by group and effect estimates as evidence beside a theme."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from coding_schemes import Scheme
from quant import Answers, Instrument, Item, indices
from workbench.i18n import LANGUAGES
from workbench.services.effects import StoredEstimate, list_estimates
from workbench.services.linking import StoredLink, list_links
from workbench.services.surveys import answers_sources, study_answers, study_instrument
from workbench.services.terms import term_label
from workbench.store.engine import StudyStore as Study
from workbench.triangulation import (
    Aside,
    EvidenceItem,
    EvidenceValue,
    LinkTarget,
    estimate_evidence,
    parts_of_longer,
    score_evidence,
    split_evidence,
)


def numbers_by_theme(study: Study, scheme: Scheme) -> dict[str, list[EvidenceItem]]:
    """Theme -> the numbers that it or its codes are linked with."""
    found = LinkedNumbers(study, scheme)
    numbers: dict[str, list[EvidenceItem]] = {}
    links = list_links(study)
    for link in links:
        covered = found.is_covered(link, links)
        numbers.setdefault(link.theme.partition("/")[0], []).extend(found.evidence(link, covered=covered))
    return numbers


class LinkedNumbers:
    """Finds the numbers behind links; reads the study's numbers once."""

    def __init__(self, study: Study, scheme: Scheme) -> None:
        self.answers: Answers | None = study_answers(study)
        self.instrument: Instrument | None = study_instrument(study)
        self.estimates = list_estimates(study)
        self.subgroups = {stored.value.subgroup for stored in self.estimates}
        self.directions = scheme.good_directions
        self.scheme = scheme
        sources = answers_sources(study)
        self.source = sources[-1].label if sources else ""
        self._indices: dict[str, pd.DataFrame] = {}

    def evidence(self, link: StoredLink, *, covered: bool = False) -> tuple[EvidenceItem, ...]:
        """The numbers behind one link; empty where the study lacks them.

        covered : the number is part of another one of the theme, and so does not weigh a second time.
        """
        kind, target = link.target.kind, link.target.id
        if kind in ("factor", "indicator"):
            item = self._score(link, covered)
            return (item,) if item is not None else ()
        matching = [
            stored
            for stored in self.estimates
            if (kind == "estimate" and stored.id == target)
            or (kind == "outcome" and stored.value.outcome == target and stored.value.subgroup == "all")
            or (kind == "subgroup" and stored.value.subgroup == target)
        ]
        chosen = pooled(matching)
        parts = self._parts(chosen)
        return tuple(self._estimate(link, stored, stored.id in parts) for stored in chosen)

    def _parts(self, estimates: Sequence[StoredEstimate]) -> set[str]:
        """Ids of the estimates whose period lies within a longer one of the same outcome and subgroup."""
        counted = [stored for stored in estimates if stored.value.period not in self.scheme.periods_before]
        series: dict[tuple[str, str], list[StoredEstimate]] = {}
        for stored in counted:
            series.setdefault((stored.value.outcome, stored.value.subgroup), []).append(stored)
        return {
            stored.id
            for members in series.values()
            for stored in members
            if stored.value.period in parts_of_longer({each.value.period for each in members})
        }

    def is_covered(self, link: StoredLink, links: Sequence[StoredLink]) -> bool:
        """Whether an indicator is an item of a factor that the same theme is linked with."""
        if link.target.kind != "indicator" or self.instrument is None:
            return False
        factors = {
            other.target.id
            for other in links
            if other.target.kind == "factor" and other.theme == link.theme and other.by == link.by
        }
        return any(
            link.target.id in factor.items for factor in self.instrument.factors if factor.id in factors
        )

    def _score(self, link: StoredLink, covered: bool) -> EvidenceItem | None:
        """Mean of an indicator or factor index in the first round with answers, whole or by group."""
        if self.answers is None or self.instrument is None:
            return None
        found = self._values(link.target)
        if found is None or found[0].empty:
            return None
        values, items, label = found
        first_round = int(values["round"].min())
        values = values[values["round"] == first_round]
        scale_min, scale_max = items[0].scale_min, items[0].scale_max
        place = f"round {first_round}"
        if link.by is None:
            value = _mean_value(values["value"], {})
            if value is None:
                return None
            return score_evidence(
                link.target,
                label=label,
                mean=value.value,
                std_error=value.std_error,
                n=value.n,
                scale_min=scale_min,
                scale_max=scale_max,
                level=link.level,  # type: ignore[arg-type]
                aside="item" if covered else None,
                source=self.source,
                place=place,
            )
        groups = self._two_groups(values, link.by, link.theme)
        if groups is None:
            return None
        return split_evidence(
            link.target,
            label=label,
            first=groups[0],
            second=groups[1],
            scale_min=scale_min,
            scale_max=scale_max,
            level=link.level,  # type: ignore[arg-type]
            source=self.source,
            place=place,
        )

    def _values(self, target: LinkTarget) -> tuple[pd.DataFrame, list[Item], Mapping[str, str]] | None:
        """person, round, value of a score; the items it rests on; its label."""
        assert self.answers is not None
        assert self.instrument is not None
        if target.kind == "factor":
            factor = next((factor for factor in self.instrument.factors if factor.id == target.id), None)
            if factor is None:
                return None
            if factor.solution not in self._indices:
                self._indices[factor.solution] = indices(self.answers, self.instrument, factor.solution)
            table = self._indices[factor.solution]
            values = table[table["factor"] == factor.id].dropna(subset=["value"])
            items = [self.instrument.item(item) for item in factor.items]
            return values, items, self._with_respondent(factor.label, items)
        if target.id not in self.instrument.item_ids():
            return None
        item = self.instrument.item(target.id)
        sample = self.answers.sample("both_in_same_month")
        values = sample[sample["item"] == item.id].dropna(subset=["value"])
        return values, [item], self._with_respondent(item.label, [item])

    def _with_respondent(self, words: Mapping[str, str], items: Sequence[Item]) -> Mapping[str, str]:
        """A label that also says who answered, where one respondent gave all the answers of several."""
        assert self.instrument is not None
        who = {item.respondent for item in items}
        if len(who) > 1 or len(self.instrument.respondents) == 1:
            return words
        named = self.instrument.respondent(who.pop()).label
        return {language: f"{text} ({named.get(language, '').lower()})" for language, text in words.items()}

    def _two_groups(
        self, values: pd.DataFrame, by: str, theme: str
    ) -> tuple[EvidenceValue, EvidenceValue] | None:
        """Both groups of a background column, the one that bears the theme's name first; None unless two."""
        assert self.answers is not None
        if by not in self.answers.persons.columns:
            return None
        groups = values["person"].map(self.answers.persons[by])
        names = sorted(groups.dropna().unique(), key=lambda name: (str(name) != theme, str(name)))
        if len(names) != 2:
            return None
        first, second = (
            _mean_value(values["value"][groups == name], self._label(str(name))) for name in names
        )
        return (first, second) if first is not None and second is not None else None

    def _aside(self, link: StoredLink, stored: StoredEstimate, part: bool) -> Aside | None:
        """Why an estimate is shown but does not weigh; None if it weighs."""
        if stored.value.period in self.scheme.periods_before:
            return "before"
        if link.target.kind == "subgroup" and link.target.id != link.theme and link.theme in self.subgroups:
            return "other_group"
        return "part" if part else None

    def _estimate(self, link: StoredLink, stored: StoredEstimate, part: bool) -> EvidenceItem:
        value = stored.value
        outcome, subgroup = self._label(value.outcome), self._label(value.subgroup)
        named: dict[str, str] = {
            language: outcome[language]
            + ("" if value.subgroup == "all" else f", {subgroup[language].lower()}")
            + (f", {value.period}" if value.period else "")
            for language in LANGUAGES
        }
        return estimate_evidence(
            link.target,
            label=named,
            estimate=value.estimate,
            std_error=value.std_error,
            treated_mean=value.treated_mean,
            n=value.n,
            stars=value.stars,
            level=link.level,  # type: ignore[arg-type]
            good=self.directions.get(value.outcome, "up"),
            aside=self._aside(link, stored, part),
            source=value.source,
            place=value.place,
            ref=stored.id,
        )

    def _label(self, name: str) -> Mapping[str, str]:
        """A name in the data (an outcome, a group) as the scheme words it, else as it stands."""
        return {language: term_label(self.scheme, name, language) for language in LANGUAGES}


def pooled(estimates: Sequence[StoredEstimate]) -> list[StoredEstimate]:
    """Of several models of one outcome and subgroup, the one with fewest estimates: periods, not quarters."""
    models: dict[tuple[str, str], dict[str, list[StoredEstimate]]] = {}
    for stored in estimates:
        by_model = models.setdefault((stored.value.outcome, stored.value.subgroup), {})
        by_model.setdefault(stored.value.model, []).append(stored)
    return [stored for by_model in models.values() for stored in min(by_model.values(), key=len)]


def _mean_value(values: pd.Series[float], label: Mapping[str, str]) -> EvidenceValue | None:
    n = len(values)
    if n == 0:
        return None
    std_error = float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else None
    return EvidenceValue(float(values.mean()), std_error, n, label)
