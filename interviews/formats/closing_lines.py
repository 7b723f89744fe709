"""Lines that programs put after a transcript to name themselves: notes of the file, said by nobody."""

from __future__ import annotations

import re
from dataclasses import replace

from interviews.source import Source

_DONE = (
    r"(?:auto[- ]?|automatically )?(?:transcribed|transcript(?:ion)?(?: was)?"
    r"(?: created| generated| powered)?|generated|created|powered|produced|exported|made"
    r"|transskriberet|udskrevet|lavet|oprettet)"
)
_PROGRAM = (
    r"(?:https?://|www\.|\.(?:ai|com|co|io|net|org|dk|app|fm)\b|(?:otter|trint|sonix|descript|happy ?scribe"
    r"|zoom|teams|whisper|rev|temi|amberscript|f4|easytranscript|inqscribe|nvivo|maxqda|good ?tape|veed"
    r"|fireflies|tactiq|notta|turboscribe|express scribe)\b)"
)
_CLOSING = re.compile(
    rf"^\W{{0,3}}{_DONE}\b.{{0,40}}?\b(?:by|with|from|using|in|af|med|fra|i)\b.{{0,60}}?{_PROGRAM}.{{0,80}}$",
    re.IGNORECASE,
)
_LOOKED_AT = 4


def with_closing_notes(source: Source) -> Source:
    """Return the source with such lines among its last paragraphs as notes; nothing is taken away."""
    paragraphs = list(source.paragraphs)
    changed = False
    for index in range(max(0, len(paragraphs) - _LOOKED_AT), len(paragraphs)):
        paragraph = paragraphs[index]
        if paragraph.kind == "body" and len(paragraph.text) <= 200 and _CLOSING.match(paragraph.text.strip()):
            paragraphs[index] = replace(
                paragraph, kind="note", continues=False, speaker=None, time_seconds=None
            )
            changed = True
    return replace(source, paragraphs=tuple(paragraphs)) if changed else source
