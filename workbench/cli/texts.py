"""Commands about texts that change after coding: edit, versions, review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import interviews
from workbench.cli.output import (
    CoderOption,
    Json,
    StudyArgument,
    actor,
    headings,
    opened,
    print_json,
    print_rows,
    say,
)
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services import coding, editing
from workbench.services.files import GivenFile
from workbench.services.studies import Study

TranscriptArgument = Annotated[str, typer.Argument(metavar="TRANSCRIPT", help="Id, number or name.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(edit)
    app.command()(versions)
    app.command()(review)


def edit(
    study: StudyArgument,
    transcript: TranscriptArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The corrected transcript.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """Take in a corrected file as a new version of a coded text, and say what became of each coding."""
    open_study, given = opened(study), GivenFile.from_path(file)
    new = interviews.read_bytes(given.content, given.name)
    if dry_run:
        change = editing.preview_text(open_study, transcript, new)
    else:
        change = editing.replace_text(open_study, transcript, new, actor=actor(coder), source=given)
    if json:
        print_json(change.as_dict())
        return
    if not change.changed:
        print(t("texts.same", transcript=change.transcript, version=change.version))
        return
    name = "texts.would_be" if dry_run else "texts.stored"
    print(_told(name, change))
    print_rows(
        headings("status", "start", "end", "code", "coder", "was", "is"),
        (
            (
                fate.status,
                fate.start,
                fate.end,
                fate.code,
                fate.coder,
                *_around_the_change(fate.old_quote, fate.new_quote or ""),
            )
            for fate in change.fates
            if fate.status != "kept"
        ),
    )
    if change.annotations_lost:
        say(t("texts.annotations_lost", n=change.annotations_lost, version=change.previous_version))


def _around_the_change(old: str, new: str) -> tuple[str, str]:
    """What fits a table of two quotations: where they first differ, with some words before."""
    pairs = zip(old, new, strict=False)
    first = next((at for at, (was, now) in enumerate(pairs) if was != now), min(len(old), len(new)))
    start = max(0, first - 20) if new and first > 30 else 0
    before = "…" if start else ""

    def shown(words: str) -> str:
        after = "…" if len(words) > start + 50 else ""
        return before + words[start : start + 50].replace("\n", " ") + after

    return shown(old), shown(new)


def versions(
    study: StudyArgument,
    transcript: TranscriptArgument,
    show: Annotated[int | None, typer.Option("--show", help="Print this version as it was.")] = None,
    restore: Annotated[
        int | None, typer.Option("--restore", help="Take the text of this version as a new version.")
    ] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """List the versions of a text, print one as it was, or go back to one."""
    open_study = opened(study)
    if show is not None and restore is not None:
        raise typer.BadParameter(t("cli.usage.show_or_restore"))
    if show is not None:
        _show(open_study, transcript, show, json)
        return
    if restore is not None:
        change = editing.restore_version(open_study, transcript, restore, actor=actor(coder))
        if json:
            print_json(change.as_dict())
            return
        name = "texts.stored" if change.changed else "texts.same"
        print(_told(name, change))
        return
    listed = editing.list_versions(open_study, transcript)
    if json:
        print_json([facts.as_dict() for facts in listed])
        return
    print_rows(
        headings(
            "version", "when", "who", "origin", "file", "words", "kept", "moved", "changed", "lost", "state"
        ),
        (
            (
                facts.version,
                f"{facts.at.astimezone():%Y-%m-%d %H:%M}",
                facts.author,
                f"{facts.origin} {facts.restored_version or ''}".strip(),
                facts.source_name,
                facts.words,
                *(facts.counts.get(status) for status in editing.STATUSES),
                "in use" if facts.current else "taken back" if facts.taken_back else "",
            )
            for facts in listed
        ),
    )


def _told(name: str, change: editing.TextChange) -> str:
    counts: dict[str, Any] = {**change.counts}
    return t(name, transcript=change.transcript, version=change.version, **counts)


def _show(study: Study, transcript: str, version: int, json: bool) -> None:
    found = editing.version_transcript(study, transcript, version)
    if json:
        print_json(found.as_dict())
        return
    for turn in found.turns:
        head = f"{turn.speaker}: " if turn.speaker else ""
        print(f"[{turn.start}-{turn.end}] {head}{found.text[turn.start : turn.end]}\n")
    print_rows(
        headings("start", "end", "code", "coder", "quote"),
        ((each.start, each.end, each.code, each.coder, each.quote[:70]) for each in found.codings),
    )


def review(
    study: StudyArgument,
    transcript: Annotated[
        str | None, typer.Argument(metavar="[TRANSCRIPT]", help="Id, number or name; all if left out.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="ID", help="Take its changed words; repeatable.")
    ] = None,
    place: Annotated[
        tuple[str, int, int] | None,
        typer.Option("--place", metavar="ID START END", help="Put a coding on other characters."),
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", metavar="ID", help="Let a coding go; repeatable.")
    ] = None,
    coder: CoderOption = "",
    json: Json = False,
) -> None:
    """List the codings that an edit of the text changed or lost, and answer for them."""
    open_study = opened(study)
    _answer(open_study, accept or [], place, drop or [], actor(coder))
    waiting = editing.codings_to_review(open_study, transcript)
    if json:
        print_json([each.as_dict() for each in waiting])
        return
    if not waiting:
        print(t("texts.nothing_to_review"))
        return
    for each in waiting:
        print(f"{each.status:8} {each.transcript}  {each.coding_id}  {each.code}  ({each.coder})")
        print(f"  {t('texts.was')}: {_one_line(each.old_quote)}")
        if each.status == "changed":
            print(f"  {t('texts.now')}: {_one_line(each.quote)}  [{each.start}-{each.end}]")
        for proposal in each.proposals:
            print(f"  {t('texts.perhaps')}: {_one_line(proposal.quote)}  [{proposal.start}-{proposal.end}]")
        if each.memo:
            print(f"  memo: {_one_line(each.memo)}")


def _answer(
    study: Study, accept: list[str], place: tuple[str, int, int] | None, drop: list[str], who: str
) -> None:
    doubled = sorted({*accept} & {*drop})
    if doubled:
        raise InvalidRequestError(t("errors.accept_and_drop", coding=doubled[0]))
    if accept:
        editing.accept_changes(study, accept, actor=who)
    if place is not None:
        editing.place_again(study, *place, actor=who)
    for coding_id in drop:
        coding.remove_coding(study, coding_id, actor=who)


def _one_line(words: str, most: int = 100) -> str:
    said = " ".join(words.split())
    return said if len(said) <= most else f"{said[: most - 1]}…"
