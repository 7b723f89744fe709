"""Replacing the scheme of a study: codes in use stay, the rest goes, and the study can be read afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coding_schemes import load_scheme
from workbench.services import coding, importing, studies
from workbench.services.files import GivenFile
from workbench.services.linking import list_links
from workbench.services.schemes import code_uses, set_scheme, study_scheme


def test_a_linked_theme_that_the_new_scheme_lacks_is_kept_and_the_scheme_still_reads(tmp_path: Path) -> None:
    study = studies.create_study(tmp_path / "s", title="S", scheme="immi", actor="Ida")
    importing.import_transcripts(study, [GivenFile("a.txt", b"Leder: Helbredet driller.\n")], actor="Ida")
    coding.add_coding(study, "a", start=0, end=9, code="health", actor="Ida")
    immi = load_scheme("immi")
    language = tuple(code for code in immi.codes if code.theme == "language")
    change = set_scheme(study, replace(immi, codes=language, crosswalk=()), actor="Ida")
    assert change.retired == ("health",)
    assert "women" in change.removed
    scheme = study_scheme(study)
    assert scheme is not None
    assert {link.theme for link in scheme.crosswalk} == {"language"}
    assert "health" in {link.theme for link in list_links(study)}
    assert {use.code.path: use.codings for use in code_uses(study) if use.retired} == {"health": 1}
