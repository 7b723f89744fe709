"""Every word that the package hands to the shell has a text in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from quant import ESTIMATE_KINDS, KINDS, Extraction, Rotation, Stage
from workbench.i18n import LANGUAGES, Language, catalogue

WORDS = [
    *(f"quant.finding.{kind}" for kind in (*KINDS, *ESTIMATE_KINDS)),
    *(f"quant.stage.{stage}" for stage in get_args(Stage)),
    *(f"quant.extraction.{name}" for name in get_args(Extraction)),
    *(f"quant.rotation.{name}" for name in get_args(Rotation)),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_text(language: Language) -> None:
    assert [word for word in WORDS if word not in catalogue(language)] == []
