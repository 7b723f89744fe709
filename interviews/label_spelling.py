"""One spelling for each speaker, and what the words in parentheses behind a label are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from interviews.interpreters import is_about_interpreting
from interviews.labels import Candidate, plain_label
from interviews.vocabulary import SOUNDS

_Use = Literal["label", "aside", "dropped"]


class Spellings:
    """One spelling for each speaker: the most frequent one, of two equally frequent the first.

    Words in parentheses behind a label tell who speaks (`Leder (P1)`, `P2 (kvinde, 34 år)`) and stay with it,
    or describe the speaker once and go, or tell how something is said (`Anna (griner)`) and stay in the text.
    """

    def __init__(self, chosen: Sequence[Candidate | None]) -> None:
        labels = [candidate for candidate in chosen if candidate]
        qualifiers: dict[str, list[str]] = {}
        for candidate in labels:
            if not candidate.qualifier or not is_about_interpreting(candidate.qualifier):
                qualifiers.setdefault(candidate.key, []).append(candidate.qualifier)
        self._use = {key: _qualifier_use(found) for key, found in qualifiers.items()}
        if "label" in self._use.values():  # one who speaks once is written as the others are
            once = [
                key for key, found in qualifiers.items() if len(found) == 1 and self._use[key] == "dropped"
            ]
            self._use.update(dict.fromkeys(once, "label"))
        spellings: dict[str, Counter[str]] = {}
        written = Counter((candidate.label, candidate.qualifier) for candidate in labels)
        first = {(candidate.label, candidate.qualifier): candidate for candidate in reversed(labels)}
        for pair, count in written.items():
            candidate = first[pair]
            spellings.setdefault(self._key(candidate), Counter())[self._spelling(candidate)] += count
        self._best = {key: counter.most_common(1)[0][0] for key, counter in spellings.items()}

    def of(self, candidate: Candidate) -> str:
        """Return the speaker label of a chosen candidate."""
        return self._best[self._key(candidate) if candidate.qualifier else candidate.key]

    def aside(self, candidate: Candidate) -> str:
        """Return the words in parentheses that belong to what is said, or nothing."""
        said = candidate.qualifier and self._kind(candidate) == "aside"
        return f"({candidate.qualifier}) " if said else ""

    def _kind(self, candidate: Candidate) -> _Use:
        return "label" if is_about_interpreting(candidate.qualifier) else self._use[candidate.key]

    def _spelling(self, candidate: Candidate) -> str:
        label = plain_label(" ".join(candidate.label.split()).strip(" ,:;*_-–—#>"))
        return f"{label} ({candidate.qualifier})" if self._kind(candidate) == "label" else label

    def _key(self, candidate: Candidate) -> str:
        own = self._kind(candidate) == "label"
        return f"{candidate.key} {candidate.qualifier.casefold()}" if own else candidate.key


def _qualifier_use(found: Sequence[str]) -> _Use:
    different = {qualifier.casefold() for qualifier in found if qualifier}
    sounds = any(SOUNDS.match(qualifier) for qualifier in different)
    if not different or sounds:
        return "aside"
    if all(found) and ((len(different) == 1 and len(found) > 1) or all(map(_is_identity, found))):
        return "label"
    return "dropped" if len(different) == 1 or all(any(map(str.isdigit, q)) for q in different) else "aside"


def _is_identity(qualifier: str) -> bool:
    return len(qualifier.split()) <= 2 and qualifier[0].isupper()
