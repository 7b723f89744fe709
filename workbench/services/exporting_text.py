"""A transcript as plain text: the words with their speakers, for programs that take nothing else."""

from __future__ import annotations

from itertools import groupby

from workbench.services.exporting_parts import ExportedLine, ExportedTranscript


def text_of(exported: ExportedTranscript) -> str:
    """`Speaker: words`, a blank line between turns; a time stands in brackets behind the speaker."""
    turns: list[list[ExportedLine]] = []
    for opens, lines in groupby(exported.lines, key=lambda line: line.turn >= 0):
        for line in lines:
            if opens or not turns:
                turns.append([line])
            else:
                turns[-1].append(line)
    return "\n\n".join(_turn(lines) for lines in turns) + "\n"


def _turn(lines: list[ExportedLine]) -> str:
    label = "".join(part.text for part in lines[0].label)
    said = "\n".join(line.text for line in lines)
    return f"{label} {said}" if label else said
