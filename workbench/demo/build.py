"""Builds the demonstration study through the same services that the page and the command line use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from interviews.transcript import Role
from workbench.demo.effects import add_effects
from workbench.demo.fip import build_fip_frame
from workbench.demo.marked_text import FIRST, SECOND, MarkedInterview, parse_marked
from workbench.demo.register import register_csv
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services import (
    coding,
    effects,
    goals,
    importing,
    panel_files,
    reporting,
    studies,
    surveys,
    triangulating,
)
from workbench.services.files import GivenFile
from workbench.services.studies import Study
from workbench.services.transcripts import get_transcript

HERE = Path(__file__).parent
NAME = "demonstration"
CODERS = {FIRST: "Karen", SECOND: "Mikkel"}
ESTIMATES_SOURCE = "Thuesen, Rotger, Jakobsen & Liversage (2020), VIVE"
# What an interview is called in the study, by the first word of its file.
NAMES = {
    "leader": "Leder",
    "caseworker": "Sagsbehandlergruppe",
    "citizen": "Borger",
    "company": "Virksomhed",
}
# An interpreter is neither interviewer nor respondent.
READER_ROLES: dict[str, Role] = {
    "interviewer": "interviewer",
    "respondent": "respondent",
    "interpreter": "unknown",
}
OnStep = Callable[[int, int], None]

TITLE = "Demonstration: integrationsindsats i 17 kommuner"
# What every screen and report of the study says of its material.
NATURE = [
    {
        "da": "Interviewene er opdigtede og skrevet til demonstrationen. Ingen af personerne, kommunerne "
        "eller virksomhederne findes, og de to kodere, Karen og Mikkel, er også opdigtede.",
        "en": "The interviews are invented and written for the demonstration. None of the persons, "
        "municipalities or companies exist, and the two coders, Karen and Mikkel, are invented too.",
    },
    {
        "da": "FIP-svarene er simulerede, så de passer til offentliggjorte faktorladninger, gennemsnit "
        "efter køn og svarantal (VIVE 2020). Ingen virkelige borgere har afgivet dem. "
        "Målene er opdigtede, og registerugerne er simulerede uden sammenhæng med svarene.",
        "en": "The FIP answers are simulated to match published loadings, means by gender and response "
        "counts (VIVE 2020). No real citizens gave them. "
        "The goals are invented, and the register weeks are simulated, unrelated to the answers.",
    },
    {
        "da": "Effektestimaterne er offentliggjorte tal fra evalueringen af indsatsen "
        "(VIVE 2020, tabel 5.1-5.3). Panelet, som der beregnes effekter på her, er simuleret; personerne og "
        "kommunerne i det er opdigtede.",
        "en": "The effect estimates are published figures from the evaluation (VIVE 2020, tables 5.1-5.3). "
        "The panel that effects are computed from here is simulated; its persons and municipalities are "
        "invented.",
    },
]


@dataclass(frozen=True)
class Demonstration:
    """Where the demonstration study and its report are."""

    study: Path
    report: Path


def build_demo(folder: Path, *, on_step: OnStep | None = None) -> Demonstration:
    """Build the demonstration study and its report in `folder` (made if needed).

    on_step : called with (done, total) as the work goes on; what it raises ends the building.
    Raises StudyExistsError if the folder holds one already; it stays as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted((HERE / "interviews").glob("*.txt"), key=_place)
    step = _Steps(on_step, total=len(files) + 6)
    study = studies.create_study(
        folder / NAME, title=TITLE, language="da", scheme="immi", instrument="fip", actor=CODERS[FIRST]
    )
    try:
        studies.update_study(study, actor=CODERS[FIRST], settings={"nature": NATURE})
        for file in files:
            _add_interview(study, file)
            step()
        _add_answers(study)
        step()
        _add_goals(study)
        step()
        _add_estimates(study)
        step()
        add_effects(study, actor=CODERS[FIRST])
        step()
        _confirm_verdicts(study)
        step()
        report = folder / f"{NAME}.docx"
        report.write_bytes(reporting.build_report(study, language="da"))
        step()
    except BaseException:
        # A study that stopped half-way would pass for the demonstration.
        studies.delete_study_file(study)
        shutil.rmtree(panel_files.panel_folder(study), ignore_errors=True)
        raise
    path = study.path
    assert path is not None
    return Demonstration(path, report)


def _place(file: Path) -> tuple[int, str]:
    """Interviews come group by group, as the study names them."""
    return list(NAMES).index(file.stem.partition("_")[0]), file.stem


class _Steps:
    """Counts the steps done and tells the caller."""

    def __init__(self, on_step: OnStep | None, *, total: int) -> None:
        self._on_step, self._total, self._done = on_step, total, 0

    def __call__(self) -> None:
        self._done += 1
        if self._on_step is not None:
            self._on_step(self._done, self._total)


def _add_interview(study: Study, file: Path) -> None:
    marked = parse_marked(file.read_text(encoding="utf-8"), name=file.name)
    given = GivenFile(file.name, marked.text.encode())
    [draft] = importing.draft_transcripts(study, [given], actor_group=marked.header["actor_group"])
    roles = {label: READER_ROLES[role] for label, role in marked.roles.items()}
    draft = importing.correct_draft(draft, roles=roles)
    group, _, number = file.stem.partition("_")
    draft = replace(
        draft,
        name=f"{NAMES[group]} {int(number)}",
        kind="group" if sum(role == "respondent" for role in roles.values()) > 1 else "individual",
        held_on=marked.held_on,
        attributes={"municipality": marked.header["municipality"]},
        person_attributes={name: marked.header[name] for name in ("gender", "age") if name in marked.header},
    )
    [stored] = importing.save_transcripts(study, [draft], actor=CODERS[FIRST])
    if stored.id is None:
        raise InvalidRequestError(t("errors.in_file", file=file.name, problem=stored.message))
    coding.add_codings(
        study, _codings(study, stored.id, marked, file.name), actor=CODERS[FIRST], origin="hand"
    )


def _codings(study: Study, transcript: str, marked: MarkedInterview, name: str) -> list[dict[str, object]]:
    """The marked passages at their positions in the stored text, in which labels are left out."""
    text = get_transcript(study, transcript).text
    shifts, position = [], 0
    lines = text.split("\n")
    if len(lines) != len(marked.paragraphs):
        raise InvalidRequestError(
            t("errors.demo_paragraphs", file=name, written=len(marked.paragraphs), read=len(lines))
        )
    for line, paragraph in zip(lines, marked.paragraphs, strict=True):
        if not paragraph.endswith(line):
            raise InvalidRequestError(
                t("errors.demo_read_otherwise", file=name, written=paragraph[:40], read=line[:40])
            )
        shifts.append(position - (len(paragraph) - len(line)))
        position += len(line) + 1
    return [
        {
            "transcript": transcript,
            "start": shifts[passage.paragraph] + passage.start,
            "end": shifts[passage.paragraph] + passage.end,
            "quote": marked.paragraphs[passage.paragraph][passage.start : passage.end],
            "code": passage.code,
            "coder": CODERS[passage.coder],
            "memo": passage.memo,
        }
        for passage in marked.passages
    ]


def _add_answers(study: Study) -> None:
    content = build_fip_frame().to_csv(index=False, date_format="%Y-%m-%d").encode()
    draft = surveys.draft_answers(study, GivenFile("fip_simulated.csv", content))
    surveys.save_answers(
        study,
        draft,
        actor=CODERS[FIRST],
        nature="simulated",
        label="FIP-svar (simulerede til demonstrationen)",
    )


def _add_goals(study: Study) -> None:
    people = surveys.require_answers(study).persons.index.to_series().astype(str)
    goals.import_goals(
        study,
        GivenFile.from_path(HERE / "data" / "goals.toml"),
        GivenFile("register_simulated.csv", register_csv(people)),
        actor=CODERS[FIRST],
        nature="simulated",
        label="Registeruger (simulerede til demonstrationen)",
    )


def _add_estimates(study: Study) -> None:
    file = GivenFile.from_path(HERE / "data" / "effect_estimates.csv")
    draft = effects.draft_estimates(file, label=ESTIMATES_SOURCE)
    effects.save_estimates(study, draft, actor=CODERS[FIRST], nature="published", label=ESTIMATES_SOURCE)


def _confirm_verdicts(study: Study) -> None:
    for theme, words in VERDICTS.items():
        triangulating.confirm_verdict(study, theme, actor=CODERS[FIRST], **words)


# Two of five are confirmed, one as proposed and one overruled; all of it is part of the demonstration.
VERDICTS: dict[str, dict[str, Any]] = {
    "language": {
        "rationale": "Både borgere og sagsbehandlere vurderer danskkundskaberne under skalaens midte, og det "
        "svarer til de mange interviews, hvor manglende dansk er en barriere. Men næsten lige så "
        "mange interviews fortæller om dansk, der bliver bedre, især når det læres på en "
        "arbejdsplads. Den side kan et gennemsnit fra én runde ikke vise.",
        "interpretation": "Sproget er både et vilkår og noget, der flytter sig: De simulerede svar viser "
        "udgangspunktet, de opdigtede interviews viser vejen derfra. Det offentliggjorte estimat for "
        "uddannelse er uafklaret og afgør ikke, om bedre dansk også fører til uddannelse.",
    },
    "health": {
        "meaning": "different",
        "prominence": "different",
        "handling": "initiation",
        "rationale": "Interviewene handler mest om helbred som en barriere, mens både sagsbehandlernes og "
        "borgernes svar i gennemsnit ligger over skalaens midte. Vægten er heller ikke den samme: Når "
        "helbredet nævnes i et interview, fylder det meget; i svarene er det for de fleste ikke en "
        "hindring.",
        "interpretation": "Forskellen kan skyldes, hvem der tales om: Ledere og sagsbehandlere vender "
        "tilbage til de borgere, der har været længst i systemet, mens de simulerede svar dækker alle. Det "
        "nye spørgsmål er, om helbredet hænger sammen med, hvor længe en borger har været i indsatsen. "
        "Interviewene er opdigtede, så svaret findes ikke her.",
    },
}
