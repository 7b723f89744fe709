"""A study of 90 persons measured twice, with caseworkers, and a register extract in which a score matters."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quant import load_instrument
from workbench.services import outcomes, surveys
from workbench.services.files import GivenFile
from workbench.services.studies import Study, create_study

RULES = b"""unit = "month"
[[outcomes]]
id = "employment_rate"
codes = ["111", "112"]
statistic = "mean"
[[outcomes]]
id = "employed"
codes = ["111", "112"]
statistic = "any"
"""
ITEM = "b_job_belief"


def answers_and_register() -> tuple[bytes, bytes]:
    """Answers in rounds 1 (January) and 2 (February 2017), and status codes by month of 2017."""
    draw = np.random.default_rng(5)
    items = load_instrument("fip").item_ids()
    answers = [",".join(["person", "round", "date", "gender", "age", "caseworker", *items])]
    register = ["person,month,status"]
    for number in range(90):
        person, gender = f"P{number:02d}", "women" if number % 3 else "men"
        last = 0
        for this in (1, 2):
            scores = draw.integers(1, 8, len(items))
            last = int(scores[items.index(ITEM)])
            head = [person, str(this), f"2017-0{this}-10", gender, str(20 + number % 30), f"C{number % 9}"]
            answers.append(",".join([*head, *map(str, scores)]))
        for month in range(1, 13):
            if number == 89 and month == 6:
                continue  # one person lacks a month of the window
            works = draw.random() < 0.05 + 0.1 * last
            register.append(f"{person},2017-{month:02d},{111 if works else 700}")
    return "\n".join(answers).encode(), "\n".join(register).encode()


def study_with_outcomes(folder: Path) -> Study:
    """The study with its answers and outcomes stored."""
    study = create_study(
        folder / "regressions", title="R", language="da", scheme="immi", instrument="fip", actor="anna"
    )
    answers, register = answers_and_register()
    draft = surveys.draft_answers(study, GivenFile("answers.csv", answers))
    surveys.save_answers(study, draft, actor="anna", nature="simulated", label="Answers")
    records = GivenFile("register.csv", register)
    made = outcomes.draft_outcomes(study, records, GivenFile("rules.toml", RULES))
    outcomes.save_outcomes(study, records, made, actor="anna", nature="simulated", label="Register")
    return study
