"""Letters of symbol fonts as characters: Word files write a smiley as letter J in Wingdings."""

from __future__ import annotations


def _pairs(spelled: str) -> dict[int, str]:
    return {int(pair[:2], 16): pair[2:] for pair in spelled.split()}


_SYMBOL = {
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **{code: chr(code) for code in (*range(0x30, 0x3A), *b" !#%&()+,./:;<=>?[]_{|}")},
    **_pairs(
        "22∀ 24∃ 27∋ 2A∗ 2D− 40≅ 5C∴ 5E⊥ 7E∼ A2′ A3≤ A4⁄ A5∞ A6ƒ A7♣ A8♦ A9♥ AA♠ AB↔ AC← AD↑ AE→ AF↓ B0° B1±"
        " B2″ B3≥ B4× B5∝ B6∂ B7• B8÷ B9≠ BA≡ BB≈ BC… C5⊕ C6∅ C7∩ C8∪ CC⊂ CD⊆ CE∈ CF∉ D0∠ D1∇ D2® D3© D4™ D5∏"
        " D6√ D7⋅ D8¬ D9∧ DA∨ DB⇔ DC⇐ DD⇑ DE⇒ DF⇓ E5∑ F2∫"
    ),
}
_WINGDINGS = _pairs(
    "21✏ 22✂ 23✁ 28☎ 29✆ 2A✉ 43👍 44👎 45☜ 46☞ 4A☺ 4B😐 4C☹ 6C● 6D❍ 6E■ 6F□ 71❑ 72❒ 74⬧ 75◆ 76❖ 77⬥ 7B❀ A7▪"
    " A8◻ AB★ D8➢ DF← E0→ E1↑ E2↓ E8➔ EF⇦ F0⇨ FB✗ FC✓ FD☒ FE☑"
)
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def is_symbol_font(font: str) -> bool:
    """Say whether the letters of a font are signs."""
    return font.strip().casefold() in _FONTS


def symbol(code: int, font: str) -> str:
    """Return the character that `code` shows in a symbol font, or the code's own character where the font is
    not known. Codes may be shifted to the private area (0xF000), as Word writes them."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    found = _FONTS.get(font.strip().casefold(), {}).get(low)
    if found:
        return found
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF else "\ufffd"
