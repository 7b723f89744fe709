"""The demonstration's FIP answers: simulated to the published loadings, means by gender and response counts.

No row is about a real person; the frame says so in its column `simulated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quant.instrument import Instrument
from quant.instrument_files import load_instrument
from quant.simulation import AnswerModel, answer_model, simulate_answers, target_correlations

DATA = Path(__file__).parent / "data"
SEED = 2020
GROUPS = ("women", "men")
# Published: persons with both questionnaires in one month (figure 4.2).
PAIRED = {1: {"women": 509, "men": 498}, 2: {"women": 266, "men": 216}}
# Ours: how the questionnaires that do not pair divide. Each sums to collected - paired.
UNPAIRED = {
    1: {"other_month": 90, "citizen_only": 53, "caseworker_only": 48},
    2: {"other_month": 100, "citizen_only": 35, "caseworker_only": 49},
}
# Ours: why paired persons leave the analysis sample: 15 + 30 in round 1, 3 + 2 + 25 + 17 in round 2.
AGE_MISSING = {"round 1 only": {"women": 5, "men": 5}, "both rounds": {"women": 3, "men": 2}}
INCOMPLETE = {1: {"women": 15, "men": 15}, 2: {"women": 25, "men": 17}}
OUT_OF_RANGE = (0, 8)
CASEWORKERS = (16, 14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 4, 3, 2, 2, 1, 1)
LONGEST_MONTH = 31
AGE = {"women": 34.0, "men": 36.0}
AGE_STD_DEV, AGE_LIMITS = 9.5, (18, 64)
DAYS_BETWEEN, DAYS_BETWEEN_STD_DEV, DAYS_BETWEEN_LIMITS = 140.0, 86.0, (31, 450)
FIRST_DAY, ROUND_1_DAYS = np.datetime64("2017-01-02"), 420
# Ours: correlations of the citizens' factors (rows) with the caseworkers'. Danish is seen alike by both.
BETWEEN = pd.DataFrame(
    [[0.15, 0.05, 0.45, 0.35], [0.0, 0.8, 0.1, 0.0], [0.25, 0.05, 0.0, 0.15]],
    index=["b_self_confidence", "b_danish", "b_cooperation"],
    columns=["s_cooperation_factor", "s_danish", "s_self_confidence", "s_health_factor"],
)


def published_loadings(solution: str) -> pd.DataFrame:
    """Published rotated loadings, items x factors; solution "citizen" or "caseworker"."""
    table = pd.read_csv(DATA / "fip_loadings.csv")
    mine = table[table["solution"] == solution]
    wide = mine.pivot(index="indicator", columns="factor", values="loading")
    order = mine["indicator"].unique(), mine["factor"].unique()
    return wide.loc[list(order[0]), list(order[1])].rename_axis(index=None, columns=None)


def target_means(number: int) -> pd.DataFrame:
    """Means that the answers of round `number` are made to have, items x women, men."""
    table = pd.read_csv(DATA / "fip_means.csv")
    return table[table["round"] == number].set_index("indicator").loc[:, list(GROUPS)].rename_axis(None)


def build_fip_frame(*, seed: int = SEED) -> pd.DataFrame:
    """Simulated FIP answers, one row a person and round.

    Returns frame person, round, citizen_date, caseworker_date, gender, age, municipality, caseworker,
    simulated and the 22 items; a respondent who did not answer has a blank date and blank items. Persons
    paired in round 2 were paired in round 1, and those in its analysis sample were in the one of round 1.
    """
    instrument = load_instrument("fip")
    rng = np.random.default_rng(seed)
    persons = _persons(rng)
    again = _measured_again(persons, rng)
    _forget_ages(persons, again, rng)
    again["age"] = persons["age"]
    scores = _simulate(1, persons, seed=seed)
    first = _dated(persons.join(scores["answers"]), _first_dates(len(persons), rng), rng)
    start = _days(first.loc[again.index, "citizen_date"]) + _days_between(len(again), rng)
    scores = _simulate(2, again, seed=seed + 1, previous=scores["latent"])
    second = _dated(again.join(scores["answers"]), start, rng)
    excluded = set(again.index[again["kind"] == "paired"])
    _make_incomplete(first, 1, excluded, instrument, rng)
    _make_incomplete(second, 2, set(), instrument, rng)
    first.loc[first.index[first["blanked"]][:2], "s_attendance"] = OUT_OF_RANGE
    both = pd.concat([first.assign(round=1), second.assign(round=2)], ignore_index=True)
    _blank_absent(both, instrument)
    both["simulated"] = True
    front = [
        "person",
        "round",
        "citizen_date",
        "caseworker_date",
        "gender",
        "age",
        "municipality",
        "caseworker",
    ]
    ordered = both.sort_values(["person", "round"], ignore_index=True)
    return ordered.loc[:, [*front, "simulated", *instrument.item_ids()]]


def write_fip_csv(path: Path, *, seed: int = SEED) -> Path:
    """Write the simulated answers as a csv in UTF-8, ready for the import; returns `path`."""
    build_fip_frame(seed=seed).to_csv(path, index=False, date_format="%Y-%m-%d")
    return path


@cache
def _model(number: int) -> AnswerModel:
    instrument = load_instrument("fip")
    blocks = [published_loadings("citizen"), published_loadings("caseworker")]
    target = target_correlations(blocks, instrument, between=BETWEEN)
    counts = PAIRED[number]
    shares = {g: n / sum(counts.values()) for g, n in counts.items()}
    return answer_model(target, instrument, means=target_means(number), shares=shares)


def _persons(rng: np.random.Generator) -> pd.DataFrame:
    """All persons of round 1: person, gender, kind (paired, other_month ...), age, caseworker and place."""
    paired = [pd.DataFrame({"gender": g, "kind": "paired"}, index=range(n)) for g, n in PAIRED[1].items()]
    others = pd.DataFrame({"kind": [kind for kind, n in UNPAIRED[1].items() for _ in range(n)]})
    others["gender"] = np.where(np.arange(len(others)) % 2 == 0, *GROUPS)
    persons = pd.concat([*paired, others], ignore_index=True)
    persons["person"] = [f"F{n + 1:04d}" for n in rng.permutation(len(persons))]
    persons["age"] = _ages(persons["gender"], rng)
    persons["caseworker"] = rng.choice(_caseworkers(), size=len(persons))
    persons["municipality"] = persons["caseworker"].str[0]
    return persons


def _caseworkers() -> list[str]:
    """115 caseworkers of 17 invented municipalities, A-01 to Q-01; 1 to 16 a municipality."""
    return [f"{chr(ord('A') + m)}-{n:02d}" for m, size in enumerate(CASEWORKERS) for n in range(1, size + 1)]


def _ages(gender: pd.Series[str], rng: np.random.Generator) -> pd.Series[int]:
    drawn = gender.map(AGE) + AGE_STD_DEV * rng.standard_normal(len(gender))
    return drawn.clip(*AGE_LIMITS).round().astype("Int64")


def _pick(persons: pd.DataFrame, counts: Mapping[str, int], rng: np.random.Generator) -> pd.Index[int]:
    """Index of so many persons a gender, drawn without replacement."""
    drawn = [rng.choice(persons.index[persons["gender"] == g], n, replace=False) for g, n in counts.items()]
    index: pd.Index[int] = pd.Index(np.concatenate(drawn))
    return index


def _measured_again(persons: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The persons of round 2 with their kind in it; those paired were paired in round 1."""
    paired = persons.loc[_pick(persons[persons["kind"] == "paired"], PAIRED[2], rng)]
    rest = persons.index.difference(paired.index)
    others = persons.loc[rng.choice(rest, sum(UNPAIRED[2].values()), replace=False)].copy()
    others["kind"] = [kind for kind, n in UNPAIRED[2].items() for _ in range(n)]
    return pd.concat([paired, others]).sort_index()


def _forget_ages(persons: pd.DataFrame, again: pd.DataFrame, rng: np.random.Generator) -> None:
    twice = persons.index.isin(again.index[again["kind"] == "paired"])
    once = (persons["kind"] == "paired") & ~twice
    persons.loc[_pick(persons[twice], AGE_MISSING["both rounds"], rng), "age"] = pd.NA
    persons.loc[_pick(persons[once], AGE_MISSING["round 1 only"], rng), "age"] = pd.NA


def _simulate(
    number: int, persons: pd.DataFrame, *, seed: int, previous: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    """`answers` and `latent` scores; paired persons apart, as the published means are theirs."""
    parts: dict[str, list[pd.DataFrame]] = {"answers": [], "latent": []}
    paired = persons["kind"] == "paired"
    for place, block in enumerate((persons[paired], persons[~paired])):
        index = pd.Index(np.concatenate([block.index[block["gender"] == g] for g in GROUPS]))
        counts = {g: int((block["gender"] == g).sum()) for g in GROUPS}
        before = None if previous is None else previous.loc[index]
        made = simulate_answers(_model(number), counts=counts, seed=10 * seed + place, previous=before)
        parts["answers"].append(made.answers.drop(columns="group").set_axis(index))
        parts["latent"].append(made.latent.set_axis(index))
    return {name: pd.concat(frames).sort_index() for name, frames in parts.items()}


def _first_dates(n: int, rng: np.random.Generator) -> NDArray[np.datetime64]:
    days = FIRST_DAY + rng.integers(0, ROUND_1_DAYS, n).astype("timedelta64[D]")
    return np.busday_offset(days, 0, roll="forward")


def _days(dates: pd.Series[pd.Timestamp]) -> NDArray[np.datetime64]:
    return np.asarray(dates, dtype="datetime64[D]")


def _days_between(n: int, rng: np.random.Generator) -> NDArray[np.timedelta64]:
    """Days between the rounds: at least a month, gamma beyond it, with the published mean and deviation."""
    least, most = DAYS_BETWEEN_LIMITS
    mean = DAYS_BETWEEN - least
    shape, scale = (mean / DAYS_BETWEEN_STD_DEV) ** 2, DAYS_BETWEEN_STD_DEV**2 / mean
    days = np.clip(least + rng.gamma(shape, scale, n), least, most)
    return np.asarray(np.rint(days).astype("timedelta64[D]"))


def _dated(frame: pd.DataFrame, days: NDArray[np.datetime64], rng: np.random.Generator) -> pd.DataFrame:
    """With the citizen's date, and the caseworker's in the same month or, for other_month, a later one."""
    citizen = pd.Series(days.astype("datetime64[ns]"), index=frame.index)
    near = citizen + pd.to_timedelta(rng.integers(0, 11, len(frame)), unit="D")
    near = near.where(near.dt.month == citizen.dt.month, citizen)
    later = citizen + pd.to_timedelta(LONGEST_MONTH + rng.integers(0, 40, len(frame)), unit="D")
    return frame.assign(
        citizen_date=citizen, caseworker_date=near.where(frame["kind"] != "other_month", later)
    )


def _make_incomplete(
    frame: pd.DataFrame, number: int, keep: set[int], instrument: Instrument, rng: np.random.Generator
) -> None:
    """Blank one to three items of one respondent in the questionnaires of some paired persons."""
    items = list(instrument.item_ids())
    frame[items] = frame[items].astype("Int64")
    open_rows = frame[(frame["kind"] == "paired") & frame["age"].notna() & ~frame.index.isin(keep)]
    frame["blanked"] = frame.index.isin(_pick(open_rows, INCOMPLETE[number], rng))
    for row in frame.index[frame["blanked"]]:
        respondent = instrument.respondents[int(rng.integers(len(instrument.respondents)))]
        chosen = rng.choice(instrument.item_ids(respondent.id), int(rng.integers(1, 4)), replace=False)
        frame.loc[row, list(chosen)] = pd.NA


def _blank_absent(frame: pd.DataFrame, instrument: Instrument) -> None:
    for present, absent in (("citizen", "caseworker"), ("caseworker", "citizen")):
        rows = frame["kind"] == f"{present}_only"
        frame.loc[rows, list(instrument.item_ids(absent))] = pd.NA
        frame.loc[rows, f"{absent}_date"] = pd.NaT
