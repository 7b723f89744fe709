"""Two wordings side by side: what is gone struck out, what is new underlined; also without colour."""

from __future__ import annotations

from html import escape

from interviews import differences

AROUND = 90

STYLE = """<style>
.wb-diff{max-width:52rem;line-height:1.55;font-size:.95rem;margin:0 0 .35rem}
.wb-diff{container-type:inline-size}
.wb-diff dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem .7rem;margin:0!important;
  padding:0!important}
.wb-diff dt{opacity:.72;font-size:.85rem;padding-top:.1rem}
.wb-diff dd{margin:0;white-space:pre-line;overflow-wrap:anywhere}
.wb-diff span{opacity:.62}
.wb-diff del{text-decoration:line-through;background:rgba(214,69,65,.17);border-radius:2px}
.wb-diff ins{text-decoration:underline;text-underline-offset:3px;
  background:rgba(46,150,90,.2);border-radius:2px}
.wb-diff mark{background:none;color:inherit;border-bottom:2px solid currentColor}
.wb-diff i.wb-chip{display:inline-block;width:.7rem;height:.7rem;border-radius:.2rem;margin-right:.4rem}
.wb-diff header{margin-bottom:.3rem}
@container (max-width:24rem){.wb-diff dl{display:block}.wb-diff dd{margin-bottom:.3rem}}
</style>"""


def marked(old: str, new: str) -> tuple[str, str]:
    """Both wordings as HTML, with the words that only one of them has marked."""
    before, after = [], []
    for piece in differences(old, new):
        if piece.same:
            before.append(escape(piece.old))
            after.append(escape(piece.new))
            continue
        if piece.old:
            before.append(f"<del>{escape(piece.old)}</del>")
        if piece.new:
            after.append(f"<ins>{escape(piece.new)}</ins>")
    return "".join(before), "".join(after)


def merged(old: str, new: str) -> str:
    """One running text as HTML: words that are gone and words that are new, each where it stands."""
    parts = []
    for piece in differences(old, new):
        if piece.same:
            parts.append(escape(piece.new))
            continue
        if piece.old:
            parts.append(f"<del>{escape(piece.old)}</del>")
        if piece.old and piece.new and not piece.old[-1].isspace():
            parts.append(" ")
        if piece.new:
            parts.append(f"<ins>{escape(piece.new)}</ins>")
    return "".join(parts)


def before_words(text: str, most: int = AROUND) -> str:
    """The last words of what stands before a passage, faint, from a whole word on."""
    shown = text[-most:]
    if len(text) > most:
        shown = "… " + shown.partition(" ")[2]
    return f"<span>{escape(shown)}</span>" if shown else ""


def after_words(text: str, most: int = AROUND) -> str:
    """The first words of what stands after a passage, faint, up to a whole word."""
    shown = text[:most]
    if len(text) > most:
        shown = shown.rpartition(" ")[0] + " …"
    return f"<span>{escape(shown)}</span>" if shown else ""


def in_context(text: str, start: int, end: int, words: str | None = None) -> str:
    """A passage of a text with the words around it; `words` is its HTML if it is to be marked."""
    said = f"<mark>{escape(text[start:end])}</mark>" if words is None else words
    before, after = text[max(0, start - 3 * AROUND) : start], text[end : end + 3 * AROUND]
    return f"{before_words(before)}{said}{after_words(after)}"


def lines_html(*lines: tuple[str, str], head: str = "") -> str:
    """Titled lines, each (title, HTML of the words), below a heading given as HTML."""
    rows = "".join(f'<dt>{escape(title)}</dt><dd dir="auto">{words}</dd>' for title, words in lines)
    header = f"<header>{head}</header>" if head else ""
    return f'{STYLE}<div class="wb-diff">{header}<dl>{rows}</dl></div>'


def code_head(color: str, label: str, *facts: str) -> str:
    """A code with its colour, and what else is known of a coding, as HTML."""
    rest = "".join(f" · {escape(fact)}" for fact in facts if fact)
    return f'<i class="wb-chip" style="background:{escape(color)}"></i><b>{escape(label)}</b>{rest}'
