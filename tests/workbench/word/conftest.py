"""The sample report, written once for all tests of this folder."""

import pytest

from tests.workbench.word.sample_report import sample_blocks
from workbench.word import render

TITLES = {"da": "Vejen til arbejde", "en": "The road to work"}


@pytest.fixture(scope="session")
def rendered() -> dict[str, bytes]:
    """The sample report in both languages, page numbers estimated."""
    return {
        language: render(sample_blocks(language), language=language, title=title, paginate=False)
        for language, title in TITLES.items()
    }
