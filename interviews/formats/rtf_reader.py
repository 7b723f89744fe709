"""The walk through an RTF file: groups, control words, letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from interviews.formats.docx_fields import symbol_field
from interviews.formats.docx_styles import is_heading_name
from interviews.formats.flow import Flow, Key
from interviews.formats.list_marks import list_mark
from interviews.formats.looks import Look
from interviews.formats.rtf_codes import (
    BRACE,
    CHARACTERS,
    ENTERED,
    SIGNS,
    SKIPPED,
    TOKEN,
    written_at,
)
from interviews.formats.rtf_letters import Letters
from interviews.formats.rtf_state import CHARACTER_WORDS, Note, State
from interviews.formats.rtf_story import Story
from interviews.formats.symbols import symbol
from interviews.source import NoteKind, refusal
from interviews.stated import FAMILY

_COLLECTED = {
    "listtext": "mark", "pntext": "mark", "fldinst": "instruction", "atnauthor": "author", "atrfstart":
    "start", "atrfend": "end", "atnref": "reference", "atndate": "date",
}  # fmt: skip
_MAX_DEPTH = 10_000
_MOST_COLLECTED = 2_000
_HALF = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(slots=True)
class RtfReader:
    """One way through one file, from its first brace to its last."""

    text: str
    file: str
    body: Story = field(init=False)
    hidden: int = 0
    cut_off: bool = False
    _state: State = field(default_factory=State)
    _groups: list[State] = field(default_factory=list)
    _stories: list[Story] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _open_notes: list[Note] = field(default_factory=list)
    _letters: Letters = field(init=False)
    _colours: list[str] = field(default_factory=list)
    _colour: list[int] = field(default_factory=list)
    _styles: dict[tuple[str, int], str] = field(default_factory=dict)
    _style: tuple[str, int] = ("s", 0)
    _collected: dict[str, str] = field(default_factory=dict)
    _bytes: bytearray = field(default_factory=bytearray)
    _half: str = ""
    _row_open: bool = False
    _hiding: bool = False
    _star: bool = False
    _left: int = 0

    def __post_init__(self) -> None:
        self.body = Story(self.file)
        self._stories.append(self.body)
        self._letters = Letters(self.text)

    def read(self) -> None:
        """Go through the file once."""
        position, length = 0, len(self.text)
        while position < length:
            token = TOKEN.match(self.text, position)
            if token is None:
                break
            position = token.end()
            word, number, code, character, brace, plain = token.groups()
            if code is not None:
                self._code(int(code, 16))
                continue
            if self._bytes:
                self._decode()
            if plain is not None:
                self._plain(plain)
            elif brace == "{":
                self._open()
            elif brace == "}":
                if not self._close():
                    return
            elif word is not None:
                position = self._word(word, number, position)
            elif character is not None:
                position = self._character(character, position)
            if self._state.goes == "nowhere":
                position = self._past_group(position)
        self._decode()
        self.cut_off = bool(self._groups)

    # groups

    def _open(self) -> None:
        if len(self._groups) >= _MAX_DEPTH:
            raise refusal(
                self.file,
                reason="unsafe",
                detail="nested_too_deeply",
                found="the file is nested deeper than any transcript",
                remedy="open it in the program it comes from and save a copy",
            )
        self._groups.append(self._state)
        self._state = replace(self._state, closes="")
        self._star, self._left = False, 0

    def _close(self) -> bool:
        self._left = 0
        closed = self._state
        if not self._groups:
            return False
        self._state = self._groups.pop()
        if closed.closes:
            self._closed(closed)
        return bool(self._groups)

    def _past_group(self, position: int) -> int:
        """Return the position of the brace that closes this group."""
        depth = 0
        while True:
            found = BRACE.search(self.text, position)
            if found is None:
                return len(self.text)
            position = found.end()
            if found.group(1):
                position += int(found.group(1))
            elif found.group() == "{":
                depth += 1
            elif found.group() == "}":
                if not depth:
                    return found.start()
                depth -= 1

    def _closed(self, closed: State) -> None:
        what = closed.closes
        collected = self._collected.get(what, "")
        if what in {"start", "end"}:
            self._collected[what] = ""
            self._mark((what, f"comment:{collected.strip()}"))
        elif what == "note":
            self._stories.pop()
            self._open_notes.pop()
        elif what == "box":
            self._stories.pop()
        elif what == "field":
            sign = symbol_field(self._collected.pop("instruction", ""))
            if sign:
                self._out(sign)
        elif what == "reference" and self._open_notes:
            self._open_notes[-1].identity = f"comment:{collected.strip()}"
            self._collected[what] = ""
        elif what == "date" and self._open_notes:
            number = collected.strip()
            self._open_notes[-1].date = written_at(int(number)) if number.lstrip("-").isdigit() else ""
            self._collected[what] = ""

    # words

    def _word(self, word: str, argument: str | None, position: int) -> int:
        starred, self._star = self._star, False
        if self._left and word in SIGNS:
            self._left -= 1  # stands for a letter written as \\u
            return position
        number = int(argument) if argument else None
        if word == "bin":
            return position + max(number or 0, 0)
        if word == "u":
            self._unicode(number or 0)
        elif (starred and word not in ENTERED) or word in SKIPPED:
            self._state.goes = "nowhere"
        elif word in SIGNS:
            self._out(SIGNS[word])
        elif word in CHARACTER_WORDS:
            CHARACTER_WORDS[word](self._state, number)
        elif not self._group_word(word) and not self._paragraph_word(word, number):
            self._header_word(word, number)
        return position

    def _group_word(self, word: str) -> bool:
        state = self._state
        if word in _COLLECTED:
            state.goes = state.closes = _COLLECTED[word]
            self._collected[state.goes] = ""
        elif word in {"fonttbl", "colortbl", "stylesheet"}:
            state.goes = word
        elif word in {"footnote", "annotation"}:
            self._begin_note(word)
        elif word in {"shptxt", "dptxbxtext"}:
            box = Story(self.file)
            self._stories[-1].boxes.append(box)
            self._stories.append(box)
            self._state = State(closes="box", font=state.font, skip=state.skip)
        elif word in {"shpinst", "do", "upr"}:
            state.goes = "drawing"
        elif word == "ud":
            state.goes = "text"
        elif word == "field":
            state.closes = "field"
            self._collected.pop("instruction", None)
        elif word == "fldrslt":
            self._collected.pop("instruction", None)
        elif word == "nesttableprops":
            state.goes = "drawing"
        else:
            return False
        return True

    def _begin_note(self, word: str) -> None:
        kind: NoteKind = "comment" if word == "annotation" else "footnote"
        identity = f"{kind}:#{len(self.notes)}"
        self._mark(("note", identity))
        note = Note(kind, identity, Story(self.file), self._collected.pop("author", ""))
        self.notes.append(note)
        self._open_notes.append(note)
        self._stories.append(note.story)
        self._state = State(closes="note", font=self._state.font, skip=self._state.skip)

    def _paragraph_word(self, word: str, number: int | None) -> bool:
        state, story = self._state, self._stories[-1]
        if word in {"par", "sect"}:
            self._end_paragraph()
        elif word == "pard":
            state.in_table, state.depth, state.style, state.outline = False, 1, 0, False
        elif word == "intbl":
            state.in_table = True
        elif word == "itap":
            state.in_table, state.depth = bool(number), min(max(number or 1, 1), 50)
        elif word == "trowd":
            self._row_open = True
        elif word in {"cell", "nestcell"}:
            self._end_paragraph(cell=True)
            story.end_cell(state.depth if word == "nestcell" else 1)
        elif word in {"row", "nestrow"}:
            story.end_row(max(state.depth, 2) if word == "nestrow" else 1)
            self._row_open = False
        elif word == "s":
            state.style, self._style = number or 0, ("s", number or 0)
        elif word == "outlinelevel":
            state.outline = number is not None and number < 9
        elif word == "ftnalt" and self._open_notes:
            self._open_notes[-1].kind = "endnote"
        else:
            return False
        return True

    def _header_word(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "f" and number is not None:
            state.font = number
            if state.goes == "fonttbl":
                self._letters.begin_font(number)
        elif word in {"red", "green", "blue"} and state.goes == "colortbl":
            self._colour.append(number or 0)
        elif word == "uc":
            state.skip = min(max(number if number is not None else 1, 0), 16)
        elif word == "cs":
            state.run_style, self._style = number or 0, ("cs", number or 0)
        else:
            self._letters.header_word(word, number)

    def _character(self, character: str, position: int) -> int:
        if character == "*":
            self._star = True
        elif character in {"\n", "\r"}:
            self._end_paragraph()
            if character == "\r" and self.text[position : position + 1] == "\n":
                return position + 1
        elif self._left:
            self._left -= 1
        elif character in CHARACTERS:
            self._out(CHARACTERS[character])
        return position

    # letters

    def _code(self, value: int) -> None:
        if self._left:
            self._left -= 1
        elif self._state.goes != "nowhere":
            self._bytes.append(value)

    def _decode(self) -> None:
        if self._bytes:
            found = bytes(self._bytes)
            self._bytes.clear()
            self._out(self._letters.decoded(found, self._state.font, signs=self._state.goes == "text"))

    def _plain(self, text: str) -> None:
        if self._left:
            taken = min(self._left, len(text))
            self._left -= taken
            text = text[taken:]
        if text:
            self._out(self._letters.written(text, self._state.font, signs=self._state.goes == "text"))

    def _unicode(self, number: int) -> None:
        value = number + 0x10000 if number < 0 else number
        self._left = self._state.skip
        if 0xD800 <= value < 0xDC00:
            self._half = chr(value)
            return
        if 0xDC00 <= value < 0xE000:
            pair = self._half + chr(value)
            self._half = ""
            whole = _HALF.fullmatch(pair)
            self._out(pair.encode("utf-16", "surrogatepass").decode("utf-16") if whole else "\ufffd")
            return
        if 0xF000 <= value <= 0xF0FF:
            self._out(symbol(value, self._letters.name(self._state.font)))
        elif 0 < value < 0x110000:
            self._out(chr(value))

    def _out(self, text: str) -> None:
        state = self._state
        if state.goes == "text":
            if state.deleted:
                return
            if state.hidden:
                self.hidden += 0 if self._hiding else 1
                self._hiding = True
                return
            self._hiding = False
            self._flow().add(text, self._look())
        elif state.goes == "fonttbl":
            self._letters.name_font(text)
        elif state.goes == "colortbl":
            for _ in range(text.count(";")):
                self._end_colour()
        elif state.goes == "stylesheet":
            self._styles[self._style] = (self._styles.get(self._style, "") + text)[:_MOST_COLLECTED]
        elif state.goes not in {"nowhere", "drawing"}:
            self._collected[state.goes] = (self._collected.get(state.goes, "") + text)[:_MOST_COLLECTED]

    def _end_colour(self) -> None:
        colour = "".join(f"{min(max(one, 0), 255):02x}" for one in self._colour)
        self._colours.append("" if colour == "000000" else colour)
        self._colour = []

    def _look(self) -> Look:
        state = self._state
        colour = self._colours[state.colour] if 0 <= state.colour < len(self._colours) else ""
        stated = self._style_name("cs", state.run_style)
        return Look(
            state.bold,
            state.italic,
            state.underline,
            colour,
            stated if stated.startswith(f"{FAMILY} ") else "",
        )

    # paragraphs

    def _depth(self) -> int:
        inside = self._state.in_table or (self._row_open and len(self._stories) == 1)
        return self._state.depth if inside else 0

    def _style_name(self, kind: str, number: int) -> str:
        return self._styles.get((kind, number), "").split(";")[0].strip() if number else ""

    def _flow(self) -> Flow:
        return self._stories[-1].at(self._depth())

    def _mark(self, key: Key) -> None:
        self._stories[-1].mark(key, self._depth())

    def _end_paragraph(self, *, cell: bool = False) -> None:
        state = self._state
        if state.goes != "text" or (state.deleted and not cell):
            return
        flow = self._flow()
        mark = list_mark(self._collected.pop("mark", ""))
        if cell and not flow.open:
            return
        name = self._style_name("s", state.style)
        stated = name if name.startswith(f"{FAMILY} ") else ""
        heading = state.outline or is_heading_name(name)
        flow.end(kind="heading" if heading else "body", number=mark.number, prefix=mark.prefix, style=stated)
        self._hiding = False
        self._stories[-1].boxes_out(flow)
