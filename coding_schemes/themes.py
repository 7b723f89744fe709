"""What codings say about themes, counted by interview. Frames in, frames out.

The unit is the interview, never the segment: one interview counts once however often a theme occurs in it.
A code stands for itself and everything below it, so sub-codes count for their theme.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Literal

import pandas as pd

from coding_schemes.errors import EmptySampleError, SchemeError
from coding_schemes.scheme import Scheme

CODING_COLUMNS = ("interview", "code", "coder", "start", "end", "weight")
INTERVIEW_COLUMNS = ("interview", "group", "asked", "characters")
BY_GROUP_COLUMNS = (
    "code", "group", "interviews_with", "interviews_asked", "share", "ci_low", "ci_high", "mentioned_unasked",
)  # fmt: skip

Direction = Literal["negative", "positive", "mixed", "none"]


@dataclass(frozen=True)
class ThemeReading:
    """A theme over all interviews that were asked about it.

    interviews_negative, interviews_positive : interviews with at least one barrier (valence -1) or resource
    (valence +1) of the theme; an interview with both counts in both.
    direction : "negative" or "positive" if that side holds at least twice as many interviews as the other,
    "mixed" if neither does, "none" if no passage has a valence.
    codes_negative, codes_positive : the theme's codes with valence -1 and +1.
    """

    theme: str
    label: Mapping[str, str]
    interviews_with: int
    interviews_asked: int
    interviews_negative: int
    interviews_positive: int
    direction: Direction
    codes_negative: tuple[str, ...] = ()
    codes_positive: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self) | {"label": dict(self.label)}


def presence(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    codes: Iterable[str],
    *,
    coders: Collection[str] | None = None,
) -> pd.DataFrame:
    """Whether each code, or one below it, occurs in each interview.

    codings : (n_codings, ...) frame, columns `interview`, `code`, and `coder` if `coders` is given; repeats
        allowed; rows of interviews outside `interviews` are left out.
    interviews : (n_interviews, ...) frame, column `interview`, each once. Optional `asked`: a collection of
        the themes or codes that the interview guide held, None for all.

    Returns (n_interviews, n_codes) frame of nullable booleans, index `interview`; <NA> where not asked.
    Raises EmptySampleError without interviews, SchemeError if a column is missing or an interview repeated.
    Source: docs/methods/quantitizing.md
    """
    wanted = list(codes)
    found = _found(codings, interviews, wanted, coders=coders)
    return found.astype("boolean").mask(~_asked(interviews, wanted))


def presence_by_group(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    codes: Iterable[str],
    *,
    group: str = "group",
    coders: Collection[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """In how many of the interviews asked does each code occur, by group.

    codings, interviews : as for `presence`; `interviews` also has the column named by `group`.

    Returns frame with columns BY_GROUP_COLUMNS, one row a code and group, codes in the order given, groups in
    the order of the frame. `share` is 0-1 with its Wilson interval, NaN if no interview was asked.
    `mentioned_unasked` counts interviews outside the denominator in which the code occurs all the same.
    Raises as `presence`.
    """
    wanted = list(codes)
    _need(interviews, ("interview", group), "interviews")
    found = _found(codings, interviews, wanted, coders=coders)
    asked = _asked(interviews, wanted)
    groups = interviews.set_index("interview")[group]
    rows: list[tuple[object, ...]] = []
    for code in wanted:
        for name in groups.dropna().unique():
            here = groups == name
            n = int(asked.loc[here, code].sum())
            k = int((found[code] & asked[code] & here).sum())
            unasked = int((found[code] & ~asked[code] & here).sum())
            share, low, high = (k / n, *wilson_interval(k, n, level=level)) if n else (math.nan,) * 3
            rows.append((code, name, k, n, share, low, high, unasked))
    return pd.DataFrame(rows, columns=list(BY_GROUP_COLUMNS))


def counts(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    codes: Iterable[str],
    *,
    coders: Collection[str] | None = None,
) -> pd.DataFrame:
    """Number of codings of each code, or one below it, in each interview.

    Returns (n_interviews, n_codes) frame of integers, index `interview`. For description only: a test on
    these would take segments for independent.
    """
    wanted = list(codes)
    used = _used(codings, interviews, coders)
    ids = pd.Index(interviews["interview"], name="interview")
    return pd.DataFrame(
        {
            code: used.loc[_under(used["code"], code), "interview"].value_counts().reindex(ids, fill_value=0)
            for code in wanted
        },
        index=ids,
    ).astype("int64")


def coverage(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    codes: Iterable[str],
    *,
    coders: Collection[str] | None = None,
) -> pd.DataFrame:
    """Share of each interview's characters that each code, or one below it, covers; overlaps count once.

    codings : as for `presence`, also `start` and `end` (code points, half-open).
    interviews : as for `presence`, also `characters`, the length of the transcript.

    Returns (n_interviews, n_codes) frame in 0-1, index `interview`; NaN for a transcript without characters.
    """
    wanted = list(codes)
    _need(interviews, ("interview", "characters"), "interviews")
    _need(codings, ("start", "end"), "codings")
    used = _used(codings, interviews, coders)
    lengths = interviews.set_index("interview")["characters"].astype(float)
    covered = pd.DataFrame(0.0, index=lengths.index, columns=wanted)
    for code in wanted:
        for interview, spans in used[_under(used["code"], code)].groupby("interview"):
            pairs = zip(spans["start"], spans["end"], strict=True)
            covered.loc[interview, code] = _union_length(pairs)
    return covered.div(lengths.where(lengths > 0), axis="index")


def theme_readings(
    scheme: Scheme,
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    *,
    coders: Collection[str] | None = None,
) -> tuple[ThemeReading, ...]:
    """Each theme of the scheme with its interviews and the direction that the valence of its codes gives.

    Source: docs/methods/triangulation.md
    """
    frame = presence(codings, interviews, [code.path for code in scheme.codes], coders=coders)
    used = _used(codings, interviews, coders)
    readings = []
    for theme in scheme.themes:
        asked = frame[theme.path].notna()
        branch = [code for code in scheme.codes if code.theme == theme.path]
        codes = {side: tuple(code.path for code in branch if code.valence == side) for side in (-1, 1)}
        asked_ids = set(frame.index[asked])
        negative, positive = (len(_interviews_with(used, codes[side]) & asked_ids) for side in (-1, 1))
        readings.append(
            ThemeReading(
                theme=theme.path,
                label=theme.label,
                interviews_with=int(frame[theme.path].fillna(False).sum()),
                interviews_asked=int(asked.sum()),
                interviews_negative=negative,
                interviews_positive=positive,
                direction=direction_of(negative=negative, positive=positive),
                codes_negative=codes[-1],
                codes_positive=codes[1],
            )
        )
    return tuple(readings)


def direction_of(*, negative: int, positive: int) -> Direction:
    """The direction of a theme from its interviews with barriers and with resources; see ThemeReading."""
    if negative == positive == 0:
        return "none"
    if negative >= 2 * positive:
        return "negative"
    if positive >= 2 * negative:
        return "positive"
    return "mixed"


def wilson_interval(k: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of a share k of n, both ends in 0-1.

    Raises EmptySampleError if `n` is 0, ValueError if not 0 <= k <= n.
    Source: Wilson (1927); reference values in Newcombe (1998), Statistics in Medicine 17, 857-872.
    """
    if n == 0:
        raise EmptySampleError("a share over no interviews has no interval", reason="no_interval")
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    centre = k + z * z / 2
    spread = z * math.sqrt(k * (n - k) / n + z * z / 4)
    low, high = (centre - spread) / (n + z * z), (centre + spread) / (n + z * z)
    return (0.0 if k == 0 else low, 1.0 if k == n else high)


def _found(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    codes: Sequence[str],
    *,
    coders: Collection[str] | None,
) -> pd.DataFrame:
    used = _used(codings, interviews, coders)
    ids = pd.Index(interviews["interview"], name="interview")
    return pd.DataFrame(
        {code: ids.isin(used.loc[_under(used["code"], code), "interview"]) for code in codes}, index=ids
    )


def _asked(interviews: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Which code was asked in which interview: the code itself, one above it or one below it."""
    ids = pd.Index(interviews["interview"], name="interview")
    if "asked" not in interviews.columns:
        return pd.DataFrame(True, index=ids, columns=list(codes))
    rows = [[_is_asked(asked, code) for code in codes] for asked in interviews["asked"]]
    return pd.DataFrame(rows, index=ids, columns=list(codes), dtype=bool)


def _is_asked(asked: object, code: str) -> bool:
    if asked is None or (isinstance(asked, float) and math.isnan(asked)):
        return True
    if isinstance(asked, str) or not isinstance(asked, Collection):
        raise SchemeError(
            "interviews: 'asked' holds {asked!r}; a collection of codes or None was expected",
            reason="asked_not_codes",
            asked=asked,
        )
    return any(f"{code}/".startswith(f"{each}/") or f"{each}/".startswith(f"{code}/") for each in asked)


def _used(codings: pd.DataFrame, interviews: pd.DataFrame, coders: Collection[str] | None) -> pd.DataFrame:
    _need(interviews, ("interview",), "interviews")
    _need(codings, ("interview", "code") if coders is None else ("interview", "code", "coder"), "codings")
    if interviews.empty:
        raise EmptySampleError(
            "no interviews to count; import some or widen the selection", reason="no_interviews"
        )
    repeated = interviews["interview"][interviews["interview"].duplicated()]
    if len(repeated):
        raise SchemeError(
            "interviews: '{interview}' occurs twice; an interview counts once",
            reason="interview_twice",
            interview=repeated.iloc[0],
        )
    used = codings[codings["interview"].isin(interviews["interview"])]
    return used if coders is None else used[used["coder"].isin(list(coders))]


def _under(paths: pd.Series[str], code: str) -> pd.Series[bool]:
    text = paths.astype("string")
    return ((text == code) | text.str.startswith(f"{code}/")).fillna(False).astype(bool)


def _interviews_with(used: pd.DataFrame, paths: Sequence[str]) -> set[object]:
    """Interviews with a coding of exactly these codes: valence belongs to a code, not to those below it."""
    return set(used.loc[used["code"].isin(list(paths)), "interview"])


def _union_length(spans: Iterable[tuple[int, int]]) -> int:
    total, reached = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise SchemeError(
            "{frame}: no column {missing}; found {found}",
            reason="frame_lacks_column",
            frame=name,
            missing=", ".join(missing),
            found=", ".join(map(str, frame.columns)),
        )
