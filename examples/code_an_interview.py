"""Code an interview from Python: what the page Transcripts and the coding surface do, without a browser.

Run: python examples/code_an_interview.py
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import interviews
from workbench.services import coding, importing, studies
from workbench.services.checking import check_study
from workbench.services.files import GivenFile

INTERVIEW = """Interviewer: Hvordan går det med sproget?
Borger: Jeg forstår det meste, men jeg tør ikke ringe til nogen 📞.
Interviewer: Og helbredet?
Borger: Min ryg gør ondt, når jeg står op hele dagen.
"""

with TemporaryDirectory() as folder:
    study = studies.create_study(Path(folder) / "example", title="Example", scheme="immi", actor="Karen")

    # Look at what is recognised first; a draft can be corrected before it is stored.
    [draft] = importing.draft_transcripts(study, [GivenFile("borger_01.txt", INTERVIEW.encode())])
    print("guessed:", draft.actor_group, draft.respondents)
    [stored] = importing.save_transcripts(study, [draft], actor="Karen")
    assert stored.id is not None

    # Positions are code points of the stored text, which holds the words without the speakers' labels.
    text = interviews.read_bytes(INTERVIEW.encode(), "borger_01.txt").text
    for words, code in (
        ("jeg tør ikke ringe til nogen 📞", "language/lack_of_danish"),
        ("Min ryg gør ondt", "health"),
    ):
        start = text.index(words)
        coding.add_coding(
            study, stored.id, start=start, end=start + len(words), code=code, quote=words, actor="Karen"
        )

    coding.undo(study, actor="Karen")
    coding.redo(study, actor="Karen")
    for each in coding.list_codings(study):
        print(f"{each.transcript} {each.start}-{each.end} {each.code}: {each.quote}")
    print("all quotes equal their texts:", check_study(study).ok)
    study.engine.dispose()
