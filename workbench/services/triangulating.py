"""Themes beside numbers: presence by group, the evidence of each link, joint displays and verdicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coding_schemes import (
    QuotationCandidate,
    Scheme,
    choose_quotation,
    presence_by_group,
    theme_readings,
)
from quant import Answers, Instrument, Item, indices
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import LANGUAGES, Language, label, t
from workbench.services.coding import Coding, list_codings
from workbench.services.effects import StoredEstimate, list_estimates
from workbench.services.linking import StoredLink, list_links
from workbench.services.schemes import require_scheme
from workbench.services.surveys import answers_sources, study_answers, study_instrument
from workbench.services.terms import term_label
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import codings as coding_store
from workbench.store import events
from workbench.store import links as store
from workbench.store import schemes as scheme_store
from workbench.store.engine import StudyStore as Study
from workbench.store.studies import get_coder
from workbench.store.tables import CodingRow, JudgementRow, PinnedQuotationRow
from workbench.triangulation import (
    Aside,
    ConfirmedVerdict,
    EvidenceItem,
    EvidenceValue,
    JointRow,
    LinkTarget,
    build_side_by_side,
    display_caveats,
    estimate_evidence,
    parts_of_longer,
    score_evidence,
    split_evidence,
    verdict,
)


@dataclass(frozen=True)
class JointDisplay:
    """The side-by-side display: its rows and what must be said below it."""

    rows: tuple[JointRow, ...]
    presence: pd.DataFrame
    caveats: tuple[str, ...]
    stale: frozenset[str]

    def as_dict(self, language: Language | None = None) -> dict[str, Any]:
        """The display as JSON values."""
        return {
            "display": "side_by_side",
            "rows": [{**row.as_dict(language), "stale": row.theme in self.stale} for row in self.rows],
            "caveats": list(self.caveats),
        }


def theme_presence(study: Study, *, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """In how many interviews of each actor group a code occurs: see `coding_schemes.presence_by_group`.

    codes : paths; the themes if None. Interviews without a group count under "".
    """
    scheme = require_scheme(study)
    frames = _frames(study, scheme)
    return presence_by_group(
        frames.codings, frames.interviews, codes or [code.path for code in scheme.themes]
    )


def joint_display(study: Study, *, language: Language | None = None) -> JointDisplay:
    """The side-by-side joint display of all themes of the scheme, with confirmed verdicts where there are.

    Raises NotFoundError without a coding scheme, InvalidRequestError without interviews.
    """
    scheme = require_scheme(study)
    frames = _frames(study, scheme)
    if frames.interviews.empty:
        raise InvalidRequestError("the study has no interviews yet; import transcripts first")
    themes = theme_readings(scheme, frames.codings, frames.interviews)
    presence = presence_by_group(frames.codings, frames.interviews, [code.path for code in scheme.themes])
    judgements, interpretations, bases = _judgements(study)
    rows = build_side_by_side(
        themes,
        presence,
        _candidates(study, scheme, frames, language),
        _numbers(study, scheme),
        judgements,
        interpretations=interpretations,
        group_labels={group.id: group.label for group in scheme.actor_groups},
    )
    stale = frozenset(row.theme for row in rows if row.theme in bases and bases[row.theme] != _basis(row))
    return JointDisplay(rows, presence, display_caveats(rows, study=scheme.caveats, language=language), stale)


def evidence_of_links(study: Study) -> list[tuple[StoredLink, tuple[EvidenceItem, ...]]]:
    """Every link with the numbers behind it; none where the study lacks them yet."""
    resolver = _Resolver(study, require_scheme(study))
    return [(link, resolver.evidence(link)) for link in list_links(study)]


def confirm_verdict(
    study: Study,
    theme: str,
    *,
    actor: str,
    rationale: str,
    coverage: str | None = None,
    meaning: str | None = None,
    prominence: str | None = None,
    inconclusive: bool | None = None,
    interpretation: str = "",
    handling: str | None = None,
) -> ConfirmedVerdict:
    """Confirm (or overrule) the verdict on a theme; what is not given is taken from the proposal.

    Raises InvalidRequestError without a rationale, or for dissonance without saying how it was handled.
    """
    row = next((row for row in joint_display(study).rows if row.theme == theme), None)
    if row is None:
        raise NotFoundError(f"the coding scheme has no theme {theme!r}")
    proposed = row.proposed
    given = coverage is not None or meaning is not None or prominence is not None or inconclusive is not None
    judged = proposed
    if given:
        judged = verdict(
            coverage=coverage or proposed.coverage,  # type: ignore[arg-type]
            meaning=meaning or proposed.meaning,  # type: ignore[arg-type]
            prominence=prominence or proposed.prominence,  # type: ignore[arg-type]
            inconclusive=bool(inconclusive),
        )
    with study.write() as session:
        code = scheme_store.codes_by_path(session, study.study_id)[theme]
        coder = get_coder(session, study.study_id, actor)
        stored = next(
            (
                judgement
                for judgement, path, name in store.list_judgements(session, study.study_id)
                if path == theme and name == actor
            ),
            None,
        )
        before = events.snapshot(stored) if stored is not None else None
        fresh = JudgementRow(
            study_id=study.study_id,
            code_id=code.id,
            coder_id=coder.id,
            coverage=judged.coverage,
            meaning=judged.meaning,
            prominence=judged.prominence,
            inconclusive=judged.id == "inconclusive",
            rationale=rationale.strip(),
            interpretation=interpretation.strip(),
            handling=handling,
            basis=_basis(row),
        )
        confirmed = _confirmed(fresh, actor)
        if stored is not None:
            fresh.id = stored.id
            stored.sqlmodel_update(fresh.model_dump())
        judgement = stored or fresh
        session.add(judgement)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="verdict.confirm",
            entity="judgement",
            entity_id=judgement.id,
            before=before,
            after=events.snapshot(judgement),
        )
    return confirmed


def pin_quotation(study: Study, theme: str, coding_id: str | None, *, actor: str) -> None:
    """Choose the passage that stands for a theme; None leaves the choice to the rule again."""
    with study.write() as session:
        code = scheme_store.codes_by_path(session, study.study_id).get(theme)
        coding = session.get(CodingRow, coding_id) if coding_id is not None else None
        if code is None or (coding_id is not None and (coding is None or coding.study_id != study.study_id)):
            raise NotFoundError(f"the study has no theme {theme!r} or no such coding")
        row = store.pinned_quotations(session, study.study_id).get(code.id)
        before = events.snapshot(row) if row is not None else None
        if coding_id is None:
            if row is None:
                return
            session.delete(row)
        else:
            row = row or PinnedQuotationRow(study_id=study.study_id, code_id=code.id, coding_id=coding_id)
            row.coding_id = coding_id
            session.add(row)
        session.flush()
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="quotation.pin",
            entity="pinned_quotation",
            entity_id=row.id,
            before=before,
            after=events.snapshot(row) if coding_id is not None else None,
        )


def theme_quotations(
    study: Study, row: JointRow, *, limit: int = 3, language: Language | None = None
) -> list[QuotationCandidate]:
    """Passages that stand for a theme, one an actor group, the display's own first."""
    scheme = require_scheme(study)
    candidates = _candidates(study, scheme, _frames(study, scheme), language).get(row.theme, [])
    chosen = [row.quotation] if row.quotation is not None else []
    while len(chosen) < limit:
        used = {each.group for each in chosen}
        found = choose_quotation([each for each in candidates if each.group not in used], theme=row.theme)
        if found is None:
            break
        chosen.append(found)
    return chosen


def attribution(facts: TranscriptFacts, scheme: Scheme, language: Language | None = None) -> str:
    """Who is quoted, as far as may be said: the actor group and, for a single person, gender and age.

    Never the municipality or the country of origin (docs/methods/triangulation.md).
    """
    group = next((group for group in scheme.actor_groups if group.id == facts.actor_group), None)
    named = label(group.one, language=language) if group is not None else facts.actor_group or ""
    parts = [named or t("reporting.interview", language=language)]
    if facts.type == "group":
        parts.append(t("reporting.group_interview", language=language))
    gender, age = facts.attributes.get("gender", ""), facts.attributes.get("age", "")
    if facts.type == "individual" and gender:
        key = f"reporting.gender.{gender}"
        parts.append(t(key, language=language) if gender in ("women", "men") else gender)
    if facts.type == "individual" and age:
        parts.append(t("reporting.age", language=language, age=age))
    return ", ".join(parts)


@dataclass(frozen=True)
class _Frames:
    """The study's words as the theme tables take them."""

    codings: pd.DataFrame
    interviews: pd.DataFrame
    rows: list[Coding]
    transcripts: dict[str, TranscriptFacts]


def _frames(study: Study, scheme: Scheme) -> _Frames:
    transcripts = list_transcripts(study)
    by_id = {facts.id: facts for facts in transcripts}
    rows = list_codings(study)
    with study.read() as session:
        not_asked = coding_store.not_asked(session, study.study_id)
    themes = [code.path for code in scheme.themes]
    codings = pd.DataFrame(
        [
            (by_id[row.transcript_id].interview, row.code, row.coder, row.start, row.end, row.weight)
            for row in rows
        ],
        columns=["interview", "code", "coder", "start", "end", "weight"],
    )
    listed = pd.DataFrame(
        [
            (
                facts.interview,
                facts.actor_group or "",
                [theme for theme in themes if theme not in not_asked.get(facts.interview, ())],
            )
            for facts in {facts.interview: facts for facts in transcripts}.values()
        ],
        columns=["interview", "group", "asked"],
    )
    order = {group.id: place for place, group in enumerate(scheme.actor_groups)}
    listed = listed.sort_values(
        "group", key=lambda groups: groups.map(lambda group: order.get(group, len(order))), kind="stable"
    ).reset_index(drop=True)
    return _Frames(codings, listed, rows, by_id)


def _candidates(
    study: Study, scheme: Scheme, frames: _Frames, language: Language | None
) -> dict[str, list[QuotationCandidate]]:
    """Coded passages by theme; the pinned one alone where a person chose."""
    with study.read() as session:
        pins = store.pinned_quotations(session, study.study_id)
        codes = scheme_store.codes_by_path(session, study.study_id)
    pinned = {path: pins[code.id].coding_id for path, code in codes.items() if code.id in pins}
    together: dict[tuple[str, int, int], set[str]] = {}
    for row in frames.rows:
        together.setdefault((row.transcript_id, row.start, row.end), set()).add(row.code)
    candidates: dict[str, list[QuotationCandidate]] = {}
    for row in frames.rows:
        theme = row.code.partition("/")[0]
        if theme in pinned and pinned[theme] != row.id:
            continue
        facts = frames.transcripts[row.transcript_id]
        candidates.setdefault(theme, []).append(
            QuotationCandidate(
                quote=row.quote,
                interview=facts.interview,
                group=facts.actor_group or "",
                codes=tuple(sorted(together[row.transcript_id, row.start, row.end])),
                start=row.start,
                end=row.end,
                attribution=attribution(facts, scheme, language),
            )
        )
    return candidates


def _numbers(study: Study, scheme: Scheme) -> dict[str, list[EvidenceItem]]:
    resolver = _Resolver(study, scheme)
    numbers: dict[str, list[EvidenceItem]] = {}
    links = list_links(study)
    for link in links:
        covered = resolver.is_covered(link, links)
        numbers.setdefault(link.theme.partition("/")[0], []).extend(resolver.evidence(link, covered=covered))
    return numbers


def _judgements(
    study: Study,
) -> tuple[dict[str, ConfirmedVerdict], dict[str, str], dict[str, dict[str, Any]]]:
    """The newest judgement of each theme, its interpretation and the numbers it was given on."""
    with study.read() as session:
        rows = store.list_judgements(session, study.study_id)
    confirmed = {path: _confirmed(row, name) for row, path, name in rows}
    return (
        confirmed,
        {path: row.interpretation for row, path, _ in rows},
        {path: row.basis for row, path, _ in rows},
    )


def _confirmed(row: JudgementRow, name: str) -> ConfirmedVerdict:
    judged = verdict(
        coverage=row.coverage,  # type: ignore[arg-type]
        meaning=row.meaning,  # type: ignore[arg-type]
        prominence=row.prominence,  # type: ignore[arg-type]
        inconclusive=row.inconclusive,
    )
    return ConfirmedVerdict(
        verdict=judged.id,
        rationale=row.rationale,
        confirmed_by=name,
        confirmed_at=row.confirmed_at.isoformat(),
        handling=row.handling,  # type: ignore[arg-type]
    )


def _basis(row: JointRow) -> dict[str, Any]:
    """What a verdict rests on: counts and numbers, rounded so that only real changes make it stale."""
    return {
        "counts": {count.group: [count.interviews_with, count.interviews_asked] for count in row.counts},
        "numbers": {
            f"{item.target}|{item.place}|{index}": [
                [round(value.value, 6), None if value.std_error is None else round(value.std_error, 6)]
                for value in item.values
            ]
            for index, item in enumerate(row.evidence)
        },
    }


class _Resolver:
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
