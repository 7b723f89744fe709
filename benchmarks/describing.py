"""How long describing 40,000 persons takes, as multiples of one pass of pandas over the same answers.

Run: python benchmarks/describing.py [--json]     (leaves with 1 where one takes more than its multiple)
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from quant import load_instrument
from quant.agreement_scores import agreement_by_pair
from quant.answers import ANSWER_COLUMNS, Answers
from quant.description import group_star, indicator_means, scale_ends
from quant.findings import Report
from quant.missing_data import missing_by_item
from quant.progression import progression
from quant.samples import SAMPLE_COLUMNS
from quant.scores import scores

PERSONS, ROUNDS, CASEWORKERS, LACKING = 40_000, 2, 1_000, 0.03
LIMITS = {
    "scores of items": 15,
    "scores of dimensions": 30,
    "means by round and gender": 25,
    "means with clustered intervals": 40,
    "progression of items": 30,
    "progression of dimensions": 45,
    "agreement of citizen and caseworker": 30,
    "ceiling and floor": 25,
    "missing answers": 15,
    "star of a municipality": 3,
}


def answers() -> Answers:
    """Answers of 40,000 invented persons to the FIP instrument in two rounds, 3 per cent of them lacking."""
    draw = np.random.default_rng(1)
    instrument = load_instrument("fip")
    people = np.array([f"p{number}" for number in range(PERSONS)])
    wellbeing = draw.standard_normal(PERSONS)
    parts = []
    for number in range(1, ROUNDS + 1):
        for item in instrument.items:
            latent = 0.6 * wellbeing + 0.1 * number + 0.8 * draw.standard_normal(PERSONS)
            middle, reach = (item.scale_min + item.scale_max) / 2, item.scale_max - item.scale_min
            value = np.clip(np.round(middle + latent * reach / 4), item.scale_min, item.scale_max)
            given = draw.random(PERSONS) > LACKING
            columns = (people[given], item.respondent, number, pd.NaT, item.id, value[given])
            parts.append(pd.DataFrame(dict(zip(ANSWER_COLUMNS, columns, strict=True))))
    frame = pd.concat(parts, ignore_index=True)
    samples = frame.loc[:, ["person", "respondent", "round"]].drop_duplicates(ignore_index=True)
    samples = samples.assign(**dict.fromkeys(SAMPLE_COLUMNS[3:], True))
    persons = pd.DataFrame(
        {
            "gender": draw.choice(["men", "women"], PERSONS),
            "caseworker": draw.integers(0, CASEWORKERS, PERSONS),
            "municipality": draw.integers(0, 98, PERSONS).astype(str),
        },
        index=pd.Index(people, name="person"),
    )
    return Answers(frame, persons, Report(pd.DataFrame()), pd.DataFrame(), samples, instrument)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quicker of two runs."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> int:
    """Print one line a description, or all as JSON; return 1 where one passes its limit."""
    found = answers()
    works: dict[str, Callable[[], object]] = {
        "scores of items": lambda: scores(found),
        "scores of dimensions": lambda: scores(found, "dimensions"),
        "means by round and gender": lambda: indicator_means(found, "gender"),
        "means with clustered intervals": lambda: indicator_means(found, "gender", cluster="caseworker"),
        "progression of items": lambda: progression(found, "gender"),
        "progression of dimensions": lambda: progression(found, "gender", level="dimensions"),
        "agreement of citizen and caseworker": lambda: agreement_by_pair(found, "gender"),
        "ceiling and floor": lambda: scale_ends(found, "gender"),
        "missing answers": lambda: missing_by_item(found, "gender"),
        "star of a municipality": lambda: group_star(found, "municipality", "7"),
    }
    one_pass = seconds(lambda: found.frame.groupby(["item", "round"])["value"].agg(["mean", "std", "count"]))
    results = {}
    for name, work in works.items():
        taken = seconds(work)
        results[name] = {"seconds": round(taken, 2), "passes": round(taken / one_pass, 1)}
    if "--json" in sys.argv:
        print(json.dumps(results, indent=2))
    else:
        print(f"{len(found.frame):,} answers; one pass: {one_pass:.2f} s")
        for name, each in results.items():
            print(f"{name:38} {each['seconds']:7.2f} s {each['passes']:7.1f} passes of {LIMITS[name]}")
    return int(any(each["passes"] > LIMITS[name] for name, each in results.items()))


if __name__ == "__main__":
    sys.exit(main())
