"""Whatever a file of another program holds, it is read whole or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviews.errors import TranscriptError
from interviews.formats.json_transcripts import read_json
from interviews.formats.pdf import read_here, read_pdf
from interviews.formats.sheets import read_csv
from interviews.formats.subtitles import read_srt, read_vtt
from interviews.layout import lay_out
from interviews.source import Source
from tests.interviews.test_pdf import pdf

KEYS = st.sampled_from(
    [
        "text",
        "segments",
        "speaker",
        "start",
        "end",
        "results",
        "items",
        "alternatives",
        "content",
        "type",
        "offsets",
        "transcription",
        "from",
        "monologues",
        "elements",
        "value",
        "ts",
        "phrases",
        "nBest",
        "words",
        "word",
        "channels",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 10**18) | st.floats() | st.text(max_size=12)
DOCUMENTS = st.recursive(
    SCALARS, lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4)
)
CUE_PARTS = st.sampled_from(
    [
        "WEBVTT\n",
        "\n",
        "1\n",
        "00:00:01.000 --> 00:00:02.000\n",
        "00:00:03,5 --> x\n",
        "<v Anna>Ja</v>\n",
        "Bo: Nej\n",
        "NOTE\n",
        "STYLE\n",
        ">> Tak.\n",
        "-->\n",
        '{"spokenText":\n',
        "<c><00:00:01.500>",
        "&amp;#0;",
        "99:99:99.999 --> 1:1\n",
    ]
)


def refused_or_laid_out(read: Callable[[], Source]) -> None:
    found: Source | TranscriptError
    try:
        found = read()
    except TranscriptError as error:
        found = error
    if isinstance(found, TranscriptError):
        assert found.reason in {"damaged", "unsupported", "characters", "too_large", "no_text", "encrypted"}
        assert found.remedy
        return
    laid = lay_out(found)
    for turn in laid.turns:
        assert 0 <= turn.start < turn.end <= len(laid.text)
        assert turn.time_seconds is None or turn.time_seconds >= 0


@given(DOCUMENTS)
def test_any_json(document: object) -> None:
    refused_or_laid_out(lambda: read_json(json.dumps(document).encode(), file="a"))


@pytest.mark.parametrize("reader", [read_vtt, read_srt])
@given(parts=st.lists(CUE_PARTS | st.text(max_size=8), max_size=20))
def test_any_cues(reader: Callable[..., Source], parts: list[str]) -> None:
    refused_or_laid_out(lambda: reader("".join(parts).encode("utf-8", "ignore"), file="a"))


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Anna", "Bo", "0:01", "500", "Speaker", "Text", "Ja, det gik godt.", '"', ""]),
            max_size=5,
        )
    )
)
def test_any_rows(rows: list[list[str]]) -> None:
    content = "\n".join(";".join(row) for row in rows)
    refused_or_laid_out(lambda: read_csv(content.encode(), file="a"))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-50, 900),
            st.integers(-50, 900),
            st.sampled_from(["Anna: Ja.", "12", "og saa", "Side 3"]),
        ),
        max_size=30,
    )
)
def test_words_anywhere_on_a_page(placed: list[tuple[int, int, str]]) -> None:
    refused_or_laid_out(lambda: read_here(pdf([placed, placed[:5]]), "a"))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(st.data())
def test_a_pdf_with_bytes_changed(data: st.DataObject) -> None:
    whole = bytearray(pdf([[(60, 700 - 20 * n, f"Anna: Svar {n}") for n in range(9)]]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    refused_or_laid_out(lambda: read_pdf(bytes(whole), file="a.pdf"))
