"""Talks with known turns, written down in every style of labels and times that we know of."""

from __future__ import annotations

from collections.abc import Callable

from interviews.source import Emphasis, Paragraph

Talk = list[tuple[str, str]]

DANISH = [
    (0, "Så, skal vi begynde? Klokken er 10:30, og vi har en time."),
    (1, "Ja. Jeg hedder altså noget andet, men det må du ikke skrive."),
    (0, "Hvordan kom du i gang med IGU-forløbet?"),
    (1, "Jeg startede i august 2019. Min sagsbehandler sagde: nu skal du ud. Og så kom jeg i Netto."),
    (0, "Mm."),
    (1, "Der er tre ting: sproget, pengene og tiden. Det er forholdet 2:1, hvis du forstår."),
    (0, "Okay, kan du give et eksempel på det?"),
    (1, 'Eksempel: man siger "kom kl. 8:00", og så er der ingen. Jf. § 14, stk. 2, nr. 3 – det står der.'),
    (0, "Og hvad gjorde du så?"),
    (1, "Jeg ringede. Svaret var: nej. Se selv på https://eksempel.dk/svar: der står det."),
    (0, "[griner] Det lyder ikke sjovt..."),
    (1, "Nej! (pause) Men altså, f.eks. min mor, hun sagde: Giv ikke op."),
    (0, "Tak, fordi du ville være med?"),
    (1, "Selv tak."),
]  # fmt: skip
ENGLISH = [
    (0, "Shall we start? It is 10:30 and we've got an hour."),
    (1, "Sure. I'm not really called that, by the way."),
    (0, "How did you hear about the programme?"),
    (1, "From my caseworker. She said: you have to work now. So I did, at 7:15 every day."),
    (0, "Right."),
    (1, "There are three things: language, money, time. It's a 2:1 ratio, if you see what I mean."),
    (0, "Could you give me an example of that?"),
    (1, 'Example: they say "come at 8:00" and nobody is there. See Matthew 7:7 – ask and it shall be given.'),
    (0, "And what did you do?"),
    (1, "I called. The answer was: no. Look at https://example.org/answer: it says so."),
    (0, "[laughs] That doesn't sound like fun..."),
    (1, "No! (pause) But e.g. my mother, she said: Don't give up."),
    (0, "Thank you for taking part, will you send it back?"),
    (1, "You're welcome."),
]
PAIRS = {
    "roles": ("Interviewer", "Informant"),
    "letters": ("I", "R"),
    "codes": ("INT", "IP1"),
    "dashed": ("M-1", "P-01"),
    "names": ("Mette", "Bo Jensen"),
    "long": ("Anne Sofie Holm-Jensen", "Abu Bakr el-Hassan"),
    "titles": ("Dr. Lund", "Fru Al-Sayed"),
    "somali": ("Hodan", "Fadumo Xasan Cali"),
    "initials": ("J.K.", "A.M."),
    "particles": ("Ursula von der Heide", "Ali bin Omar"),
    "place": ("Konsulent (Odense)", "Leder (Aarhus)"),
    "upper": ("SPØRGER", "SVARER"),
}


def talk(speakers: tuple[str, str], said: list[tuple[int, str]]) -> Talk:
    return [(speakers[who], words) for who, words in said]


def clock(i: int) -> str:
    return f"00:{i * 2 // 60:02d}:{i * 2 % 60 + 3:02d}"


def short(i: int) -> str:
    return f"{i // 3:02d}:{(i * 17) % 60:02d}"


def _each(form: Callable[[int, str, str], str], between: str = "\n") -> Callable[[Talk], str]:
    return lambda turns: between.join(form(i, who, words) for i, (who, words) in enumerate(turns)) + "\n"


TEXT_STYLES: dict[str, Callable[[Talk], str]] = {
    "colon": _each(lambda i, s, t: f"{s}: {t}"),
    "colon, blank lines": _each(lambda i, s, t: f"{s}: {t}", "\n\n"),
    "colon and tab": _each(lambda i, s, t: f"{s}:\t{t}"),
    "colon and three blanks": _each(lambda i, s, t: f"{s}:   {t}"),
    "blank before colon": _each(lambda i, s, t: f"{s} : {t}"),
    "upper case": _each(lambda i, s, t: f"{s.upper()}: {t}"),
    "markdown": _each(lambda i, s, t: f"**{s}:** {t}", "\n\n"),
    "brackets": _each(lambda i, s, t: f"[{s}] {t}"),
    "brackets and colon": _each(lambda i, s, t: f"[{s}]: {t}"),
    "angles": _each(lambda i, s, t: f"<{s}> {t}"),
    "tab": _each(lambda i, s, t: f"{s}\t{t}"),
    "dash": _each(lambda i, s, t: f"{s} – {t}"),
    "pipe": _each(lambda i, s, t: f"{s} | {t}"),
    "[12]": _each(lambda i, s, t: f"[{i + 1}] {s}: {t}"),
    "12.": _each(lambda i, s, t: f"{i + 1}. {s}: {t}"),
    "0012": _each(lambda i, s, t: f"{i + 1:04d} {s}: {t}"),
    "(12)": _each(lambda i, s, t: f"({i + 1}) {s}: {t}"),
    "12 tab": _each(lambda i, s, t: f"{i + 1}\t{s}:\t{t}"),
    "own line": _each(lambda i, s, t: f"{s}\n{t}\n"),
    "own line, colon": _each(lambda i, s, t: f"{s}:\n{t}\n"),
    "own line, blank line": _each(lambda i, s, t: f"{s}\n\n{t}\n"),
    "own line, no blank lines": _each(lambda i, s, t: f"{s}:\n{t}"),
    "[h:m:s] first": _each(lambda i, s, t: f"[{clock(i)}] {s}: {t}"),
    "(h:m:s) first": _each(lambda i, s, t: f"({clock(i)}) {s}: {t}"),
    "h:m:s first": _each(lambda i, s, t: f"{clock(i)} {s}: {t}"),
    "m:s first": _each(lambda i, s, t: f"{short(i)} {s}: {t}"),
    "m:s first, no colon": _each(lambda i, s, t: f"{short(i)} {s} {t}"),
    "m:s.f first": _each(lambda i, s, t: f"{short(i)}.4 {s}: {t}"),
    "milliseconds": _each(lambda i, s, t: f"[{clock(i)}.123] {s}: {t}"),
    "range": _each(lambda i, s, t: f"[{clock(i)} --> {clock(i + 1)}] {s}: {t}"),
    "spoken time": _each(lambda i, s, t: f"[0t {i}m 3s] {s}: {t}"),
    "dotted time": _each(lambda i, s, t: f"[{clock(i).replace(':', '.')}] {s}: {t}"),
    "name (time):": _each(lambda i, s, t: f"{s} ({short(i)}): {t}"),
    "name [time]:": _each(lambda i, s, t: f"{s} [{clock(i)}]: {t}"),
    "name: [time]": _each(lambda i, s, t: f"{s}: [{clock(i)}] {t}"),
    "name: (time)": _each(lambda i, s, t: f"{s}: ({short(i)}) {t}"),
    "name time own line": _each(lambda i, s, t: f"{s} {short(i)}\n{t}\n"),
    "name, time own line": _each(lambda i, s, t: f"{s}, {clock(i)}\n{t}\n"),
    "name two blanks time": _each(lambda i, s, t: f"{s}  {short(i)}\n{t}\n"),
    "name (time) own line": _each(lambda i, s, t: f"{s} ({short(i)}):\n{t}\n"),
    "time name own line": _each(lambda i, s, t: f"{clock(i)} {s}\n{t}\n"),
    "[time] name own line": _each(lambda i, s, t: f"[{short(i)}] {s}\n{t}\n"),
    "name / time / words": _each(lambda i, s, t: f"{s}\n{clock(i)}\n{t}\n"),
    "time / name: words": _each(lambda i, s, t: f"{clock(i)}\n{s}: {t}\n"),
    "[time] / name: words": _each(lambda i, s, t: f"[{short(i)}]\n{s}: {t}\n"),
    "f4, time last": _each(lambda i, s, t: f"{s}: {t} #{clock(i)}-4#"),
    "f4, time first": _each(lambda i, s, t: f"#{clock(i)}-4# {s}: {t}"),
    "time last": _each(lambda i, s, t: f"{s}: {t} [{clock(i)}]"),
    "table with head": lambda turns: "Taler\tTekst\tTid\n"
    + _each(lambda i, s, t: f"{s}\t{t}\t{clock(i)}")(turns),
    "table": _each(lambda i, s, t: f"{i + 1}\t{clock(i)}\t{s}\t{t}"),
    "markdown table": lambda turns: "| Speaker | Text |\n|---|---|\n"
    + _each(lambda i, s, t: f"| {s} | {t} |")(turns),
    "list of labels": _each(lambda i, s, t: f"- {s}: {t}"),
    ">>": _each(lambda i, s, t: f">> {s}: {t}"),
    "header": lambda turns: (
        "Interview nr. 7\nDato: 3. maj 2019\nSted: Jobcenteret\nLængde: 43 min.\n\n"
        + TEXT_STYLES["colon"](turns)
    ),
    "header, who took part": lambda turns: (
        f"Transskription\nDato: 3/5-2019\nTil stede: {turns[0][0]} og {turns[1][0]}\nTegn: (...) = pause\n\n"
        + TEXT_STYLES["colon"](turns)
    ),
    "closing lines": lambda turns: TEXT_STYLES["colon"](turns) + "\n[Optagelsen slutter]\n",
    "page marks": lambda turns: (
        TEXT_STYLES["colon"](turns[:7]) + "Side 1 af 2\n" + TEXT_STYLES["colon"](turns[7:]) + "Side 2 af 2\n"
    ),
    "times between words": _each(lambda i, s, t: f"{s}: {t.replace('. ', f'. [{clock(i)}] ', 1)}"),
    "inside a paragraph": lambda turns: "\n".join(
        f"{a}: {t} {b}: {u}" for (a, t), (b, u) in zip(turns[::2], turns[1::2], strict=True)
    ),
}  # fmt: skip


def _rows(turns: Talk, *columns: Callable[[int, str, str], str]) -> list[Paragraph]:
    return [
        Paragraph("", "row", cells=tuple(column(i, s, t) for column in columns), table=0)
        for i, (s, t) in enumerate(turns)
    ]


def _apart(turns: Talk, emphasis: Emphasis) -> list[Paragraph]:
    asking = turns[0][0]
    return [Paragraph(t, emphasis=emphasis if s == asking else None) for s, t in turns]


PARAGRAPH_STYLES: dict[str, Callable[[Talk], list[Paragraph]]] = {
    "bold label and colon": lambda turns: [Paragraph(f"{s}: {t}", bold=len(s) + 1) for s, t in turns],
    "bold label": lambda turns: [Paragraph(f"{s} {t}", bold=len(s) + 1) for s, t in turns],
    "bold label and tab": lambda turns: [Paragraph(f"{s}\t{t}", bold=len(s)) for s, t in turns],
    "bold label on its line": lambda turns: [
        one for s, t in turns for one in (Paragraph(s, bold=len(s), emphasis="bold"), Paragraph(t))
    ],
    "label on its line in the paragraph": lambda turns: [Paragraph(f"{s}\n{t}") for s, t in turns],
    "table of two": lambda turns: _rows(turns, lambda i, s, t: s, lambda i, s, t: t),
    "table of two with colons": lambda turns: _rows(turns, lambda i, s, t: f"{s}:", lambda i, s, t: t),
    "table, number first": lambda turns: _rows(
        turns, lambda i, s, t: str(i + 1), lambda i, s, t: s, lambda i, s, t: t
    ),
    "table, time last": lambda turns: _rows(
        turns, lambda i, s, t: s, lambda i, s, t: t, lambda i, s, t: clock(i)
    ),
    "table, time under the name": lambda turns: _rows(
        turns, lambda i, s, t: f"{s}\n{clock(i)}", lambda i, s, t: t
    ),
    "table with an empty column": lambda turns: _rows(
        turns, lambda i, s, t: s, lambda i, s, t: t, lambda i, s, t: ""
    ),
    "numbered by the program": lambda turns: [
        Paragraph(f"{s}: {t}", number=i + 1) for i, (s, t) in enumerate(turns)
    ],
}  # fmt: skip
UNNAMED_STYLES: dict[str, Callable[[Talk], list[Paragraph]]] = {
    "questions in bold": lambda turns: _apart(turns, "bold"),
    "questions in italics": lambda turns: _apart(turns, "italic"),
    "questions in a colour": lambda turns: _apart(turns, "colour"),
    "a dash for each turn": lambda turns: [Paragraph(f"- {t}") for _, t in turns],
    "a long dash for each turn": lambda turns: [Paragraph(f"– {t}") for _, t in turns],
}
