"""Texts, subtitles, JSON, web pages, RTF and tables built to hurt."""

from __future__ import annotations

import json

from tests.interviews.hostile import LAUGHS, PARAGRAPHS, Hostile


def text_files() -> list[Hostile]:
    def lines(of: str, extension: str) -> Hostile:
        return Hostile(
            f"{extension}: 5 MB of {of!r}",
            f"a.{extension}",
            lambda: (of * (5_000_000 // len(of.encode()))).encode(),
            "either",
        )

    units = (
        "ord ",
        " ",
        "a",
        ":",
        "Anna: ",
        "[",
        "(((",
        "*",
        "**a",
        "_",
        "-",
        "1",
        "1:",
        "00:00:01 ",
        "<",
        "&",
        "|",
        "\t",
        "\\",
        "#",
        "Q",
        "æ",
        "a-\n",
        "\n",
        "Anna: ja\n",
        "A:\n",
        "[00:00:01] ",
        "<v A>",
        "I: ",
        "Interviewer ",
        "#00:00:01-0# ",
        "a:b:",
        "\u202e",
        "e\u0301",
        "1\n",
        "- ",
    )

    def many() -> bytes:
        return "".join(f"{'AB'[n % 2]}: svar {n}\n" for n in range(PARAGRAPHS)).encode()

    def cues(count: int) -> bytes:
        times = (f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000 --> 99:00:00.000" for n in range(count))
        return ("WEBVTT\n\n" + "".join(f"{time}\n<v A>ja\n\n" for time in times)).encode()

    def srt(count: int) -> bytes:
        return b"1\n00:00:01,000 --> 00:00:02,000\nA: ja\n\n" * count

    return [
        *(lines(unit, extension) for unit in units for extension in ("txt", "md")),
        *(
            Hostile(
                f"vtt: 5 MB of {unit!r}",
                "a.vtt",
                lambda unit=unit: (
                    b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + (unit * (5_000_000 // len(unit))).encode()
                ),
                "either",
            )
            for unit in ("ord ", "<v A>", "<", "&", "-", "00:01.000 --> 00:02.000\n", "\n", "A: b\n")
        ),
        *(
            Hostile(
                f"srt: 5 MB of {unit!r}",
                "a.srt",
                lambda unit=unit: (
                    b"1\n00:00:01,000 --> 00:00:02,000\n" + (unit * (5_000_000 // len(unit))).encode()
                ),
                "either",
            )
            for unit in ("ord ", "1\n", "<", "00:00:01,000 --> 00:00:02,000\n", "\n", "A: b\n")
        ),
        Hostile("txt: 100,000 paragraphs", "a.txt", many, "read"),
        Hostile("md: 100,000 paragraphs", "a.md", lambda: many().replace(b"\n", b"\n\n"), "read"),
        Hostile(
            "txt: a table of 1,000,000 cells",
            "a.txt",
            lambda: ("\t".join(["x"] * 10) + "\n").encode() * 100_000,
            "either",
        ),
        Hostile(
            "txt: a row of 1,000,000 cells",
            "a.txt",
            lambda: b"x\t" * 1_000_000 + b"\n" + b"x\t" * 9,
            "either",
        ),
        Hostile(
            "txt: 100,000 speakers",
            "a.txt",
            lambda: "".join(f"Person {n}: ja, det var nummer {n}\n" for n in range(PARAGRAPHS)).encode(),
            "either",
        ),
        Hostile(
            "txt: 90 MB of words",
            "a.txt",
            lambda: b"Anna: ja, det er det\n" * 4_300_000,
            "refused",
            ("too_large",),
        ),
        Hostile("txt: nothing but NUL", "a.txt", lambda: bytes(5_000_000), "refused"),
        Hostile("vtt: 1,000,000 cues", "a.vtt", lambda: cues(1_000_000), "refused", ("too_large",)),
        Hostile("srt: 1,000,000 cues", "a.srt", lambda: srt(1_000_000), "refused", ("too_large",)),
        Hostile("vtt: 100,000 cues", "a.vtt", lambda: cues(100_000), "read"),
        Hostile("srt: 100,000 cues", "a.srt", lambda: srt(100_000), "read"),
        Hostile(
            "vtt: a time of 4,000 digits",
            "a.vtt",
            lambda: (
                f"WEBVTT\n\n{'9' * 4000}:00:01.000 --> {'9' * 4000}:00:02.000\n<v A>ja\n\n"
                "00:01.000 --> 00:02.000\nB: ja\n"
            ).encode(),
            "either",
        ),
        Hostile(
            "srt: a time of 5,000 digits",
            "a.srt",
            lambda: (
                f"1\n{'9' * 5000}:00:01,000 --> {'9' * 5000}:00:02,000\nA: ja\n\n"
                "2\n00:00:01,000 --> 00:00:02,000\nB: ja\n"
            ).encode(),
            "either",
        ),
    ]


def other_files() -> list[Hostile]:
    def segments(n: int) -> bytes:
        one = json.dumps({"start": 1.0, "end": 2.0, "speaker": "A", "text": " ja"})
        return ('{"segments":[' + ",".join([one] * n) + "]}").encode()

    odd = (
        '{"segments":[{"start":1e999,"end":NaN,"text":"ja","speaker":"A"},{"start":-Infinity,"end":1,'
        '"text":"nej","speaker":"B"},{"start":"x","end":null,"text":null},{"start":-5,"text":"\\ud800 æ"}]}'
    )
    return [
        Hostile("json: lists 200,000 deep", "a.json", lambda: b"[" * 200_000 + b"]" * 200_000, "refused"),
        Hostile(
            "json: objects 200,000 deep",
            "a.json",
            lambda: b'{"segments":' * 200_000 + b"1" + b"}" * 200_000,
            "refused",
        ),
        Hostile(
            "json: a number of 5,000 digits",
            "a.json",
            lambda: (
                '{"segments":[{"start":' + "9" * 5000 + ',"end":1,"text":"ja","speaker":"A"}]}'
            ).encode(),
            "either",
        ),
        Hostile("json: numbers that are none", "a.json", odd.encode, "either"),
        Hostile("json: 1,000,000 segments", "a.json", lambda: segments(1_000_000), "refused"),
        Hostile("json: 100,000 segments", "a.json", lambda: segments(100_000), "either"),
        Hostile(
            "json: one key a million times",
            "a.json",
            lambda: b'{"text":"ja",' + b'"a":1,' * 1_000_000 + b'"b":1}',
            "either",
        ),
        Hostile(
            "html: 1,000,000 unclosed divs",
            "a.html",
            lambda: b"<html><body>" + b"<div>" * 1_000_000 + b"ja",
            "either",
        ),
        Hostile(
            "html: 1,000,000 unclosed spans",
            "a.html",
            lambda: b"<html><body><p>" + b"<b>" * 1_000_000 + b"ja",
            "either",
        ),
        Hostile(
            "html: tables 10,000 deep",
            "a.html",
            lambda: b"<html><body>" + b"<table><tr><td>" * 10_000 + b"ja",
            "either",
        ),
        Hostile(
            "html: billion laughs",
            "a.html",
            lambda: (
                LAUGHS.replace("DOCTYPE x", "DOCTYPE html")
                + "<html><body><p>Anna: ja &a11;</p></body></html>"
            ).encode(),
            "either",
        ),
        Hostile(
            "html: 5 MB of attributes",
            "a.html",
            lambda: b"<html><body><p " + b"a='1' " * 800_000 + b">ja</p>",
            "either",
        ),
        Hostile(
            "html: 5 MB of ampersands", "a.html", lambda: b"<html><body><p>" + b"&" * 5_000_000, "either"
        ),
        Hostile("html: 5 MB of <", "a.html", lambda: b"<html><body><p>" + b"<" * 5_000_000, "either"),
        Hostile(
            "html: 100,000 paragraphs",
            "a.html",
            lambda: (
                b"<html><body>"
                + b"".join(f"<p><b>{'AB'[n % 2]}:</b> svar {n}</p>".encode() for n in range(PARAGRAPHS))
            ),
            "either",
        ),
        Hostile(
            "html: 1,000,000 cells",
            "a.html",
            lambda: (
                b"<html><body><table>" + (b"<tr>" + b"<td>x</td>" * 10 + b"</tr>") * 100_000 + b"</table>"
            ),
            "either",
        ),
        Hostile("rtf: groups 1,000,000 deep", "a.rtf", lambda: b"{\\rtf1 ja " + b"{" * 1_000_000, "either"),
        Hostile(
            "rtf: 4 GB of binary stated",
            "a.rtf",
            lambda: b"{\\rtf1 Anna: ja {\\pict\\bin4294967295 xx}\\par}",
            "either",
        ),
        Hostile(
            "rtf: a number of 5,000 digits",
            "a.rtf",
            lambda: b"{\\rtf1 Anna: ja \\u" + b"9" * 5000 + b"?\\par}",
            "either",
        ),
        Hostile(
            "rtf: 5 MB of backslashes", "a.rtf", lambda: b"{\\rtf1 " + b"\\" * 5_000_000 + b"}", "either"
        ),
        Hostile("rtf: 5 MB of \\'e6", "a.rtf", lambda: b"{\\rtf1 " + b"\\'e6" * 1_250_000 + b"}", "either"),
        Hostile(
            "rtf: 100,000 paragraphs",
            "a.rtf",
            lambda: (
                b"{\\rtf1\\ansi "
                + b"".join(f"{'AB'[n % 2]}: svar {n}\\par\n".encode() for n in range(PARAGRAPHS))
                + b"}"
            ),
            "either",
        ),
        Hostile(
            "csv: a table of 1,000,000 cells",
            "a.csv",
            lambda: b"Speaker;Text\n" + b";".join([b"x"] * 10) + b"\n" * 100_000,
            "either",
        ),
        Hostile(
            "csv: 100,000 rows",
            "a.csv",
            lambda: b"Speaker;Text\n" + b"".join(b"A;svar %d\n" % n for n in range(PARAGRAPHS)),
            "either",
        ),
        Hostile(
            "csv: a quotation mark that never ends",
            "a.csv",
            lambda: b'Speaker;Text\nA;"' + b"ja\n" * 1_500_000,
            "either",
        ),
        Hostile(
            "csv: one field of 5 MB", "a.csv", lambda: b"Speaker;Text\nA;" + b"ja " * 1_600_000, "either"
        ),
    ]
