"""From a formula and a frame to outcome and design: complete rows, reference categories, what was left out.

The formula language is that of statsmodels, limited to columns, `C(column, "reference")`, interactions and a
few functions: a formula comes from a file and may not run code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import RegressionError
from quant.tables import as_numbers, cell_text

INTERCEPT = "Intercept"
FUNCTIONS = ("log", "exp", "sqrt")
_WORDS = frozenset({"C", "Q", "I", "Treatment", "reference", *FUNCTIONS})
_TEXT = re.compile(r'"[^"\\]*"|' + r"'[^'\\]*'")
_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\b\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+")
_ALLOWED = re.compile(r"[\s\w~+\-*/:(),=\"']*")
_REFERENCE = re.compile(
    r"C\(\s*(?P<column>Q\((?:\"[^\"]*\"|'[^']*')\)|[^\W\d]\w*)\s*,\s*"
    r"(?:ref(?:erence)?\s*=\s*)?(?P<value>\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?)\s*\)"
)

_CATEGORY = re.compile(r"\bC\(\s*(?:Q\(\s*[\"']([^\"']*)[\"']\s*\)|([^\W\d]\w*))")


@dataclass(frozen=True)
class Design:
    """Rows that lack nothing: outcome (n,), design (n, k) with its terms, and codes of groups and clusters.

    dropped : `(column, rows)` that lack a value; n_dropped : rows left out.
    rows : index labels of the rows used.
    written : (k,) places of the columns of x in the order in which the formula names their terms.
    factor_variables : whether a term is a category or an interaction, as Stata calls them.
    """

    outcome: str
    terms: tuple[str, ...]
    y: np.ndarray
    x: np.ndarray
    weights: np.ndarray | None
    groups: np.ndarray | None
    clusters: np.ndarray | None
    dropped: tuple[tuple[str, int], ...]
    n_dropped: int
    rows: pd.Index
    written: tuple[int, ...]
    factor_variables: bool


def design_matrices(
    formula: str, data: pd.DataFrame, *, absorb: str | None, cluster: str | None, weights: str | None
) -> Design:
    """The design of a formula in the rows of `data` that lack no value used.

    Categories are those of the rows used.
    Raises RegressionError for a formula that cannot be read, an unknown column, a reference that does not
    occur, or no rows.
    """
    formula = formula.replace("np.", "")
    used = formula_columns(formula, data)
    further = [name for name in (absorb, cluster, weights) if name is not None]
    for name in further:
        _require(name, data)
    columns = list(dict.fromkeys([*used, *further]))
    _require_one_each(columns, data)
    frame = data[columns].copy()
    for name in set(used) - _category_columns(formula):
        frame[name] = _read_numbers(frame[name])
    for name in columns:
        if isinstance(frame[name].dtype, (pd.StringDtype, pd.CategoricalDtype)):
            frame[name] = frame[name].astype(object)
        elif pd.api.types.is_bool_dtype(frame[name]) or pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = frame[name].astype(float).replace([np.inf, -np.inf], np.nan)
    if weights is not None:
        frame[weights] = pd.to_numeric(frame[weights], errors="coerce")
        if (frame[weights] < 0).any():
            raise RegressionError(
                "weights in '{column}' are below 0; expected 0 or more",
                reason="regression_negative_weights",
                column=weights,
            )
        frame.loc[frame[weights] == 0, weights] = np.nan
    lacking = frame.isna()
    complete = frame[~lacking.any(axis=1)]
    if complete.empty:
        raise RegressionError(
            "no row holds all of: {columns}; most are lacking in '{worst}'",
            reason="regression_no_rows",
            columns=", ".join(columns),
            worst=str(lacking.sum().idxmax()) if len(frame) else columns[0],
        )
    left, right, written = _matrices(formula, complete)
    terms = tuple(_plain(str(name)) for name in right.design_info.column_names)
    x = np.asarray(right, float)
    return Design(
        outcome=_plain(str(left.design_info.column_names[0])),
        terms=terms,
        y=np.asarray(left, float)[:, 0],
        x=_with_constant(x, terms) if absorb is not None else x,
        weights=complete[weights].to_numpy(float) if weights is not None else None,
        groups=_codes(complete[absorb]) if absorb is not None else None,
        clusters=_codes(complete[cluster]) if cluster is not None else None,
        dropped=tuple((str(name), int(count)) for name, count in lacking.sum().items() if count),
        n_dropped=int(lacking.any(axis=1).sum()),
        rows=complete.index,
        written=written,
        factor_variables=_has_factor_variables(right.design_info),
    )


def formula_columns(formula: str, data: pd.DataFrame) -> list[str]:
    """The columns of `data` that a formula names, in order. Raises RegressionError for anything else."""
    bare = _TEXT.sub('""', formula)
    if formula.count("~") != 1 or not _ALLOWED.fullmatch(_NUMBER.sub("0", bare)) or "__" in bare:
        raise RegressionError(
            "the formula '{formula}' cannot be read; write it as: outcome ~ term + C(group, \"reference\")",
            reason="regression_formula",
            formula=formula,
        )
    quoted = re.findall(r"Q\(\s*(?:\"([^\"]*)\"|'([^']*)')\s*\)", formula)
    names = [a or b for a, b in quoted]
    words = _NAME.findall(_NUMBER.sub("0", bare))
    names += [word for word in words if word not in _WORDS or word in data.columns]
    for name in names:
        _require(name, data)
    return list(dict.fromkeys(names))


def quoted(column: str) -> str:
    """A column's name as a formula writes it: as it is, or in Q("...") where it is no plain word."""
    plain = _NAME.fullmatch(column) and column not in _WORDS and "__" not in column
    if '"' in column or "\\" in column:
        raise RegressionError(
            "the column name '{column}' holds a quotation mark or backslash; rename it",
            reason="regression_column_name",
            column=column,
        )
    return column if plain else f'Q("{column}")'


def _require(name: str, data: pd.DataFrame) -> None:
    if name not in data.columns:
        known = ", ".join(str(column) for column in list(data.columns)[:40])
        raise RegressionError(
            "there is no column '{column}'; the columns are: {known}",
            reason="regression_unknown_column",
            column=name,
            known=known,
        )


def _require_one_each(columns: list[str], data: pd.DataFrame) -> None:
    repeated = data.columns[data.columns.duplicated()].intersection(columns)
    if len(repeated):
        raise RegressionError(
            "two columns are called '{column}'; give each its own name",
            reason="regression_repeated_column",
            column=repeated[0],
        )


def _matrices(formula: str, frame: pd.DataFrame) -> tuple[Any, Any, tuple[int, ...]]:
    """Outcome and design as patsy's matrices, which know their columns, and `Design.written`."""
    import patsy

    # Whole numbers that serve as categories are named without a decimal point.
    shown = frame.copy()
    for name in _category_columns(formula):
        shown[name] = _categories(shown[name])
    written = _REFERENCE.sub(lambda found: _treatment(found, shown), formula)
    functions = {name: getattr(np, name) for name in FUNCTIONS}
    environment = patsy.EvalEnvironment([functions])
    try:
        with np.errstate(all="ignore"):
            left, right = patsy.dmatrices(
                written,
                shown,
                eval_env=environment,
                NA_action=patsy.NAAction(NA_types=[]),
                return_type="matrix",
            )
    except RegressionError:
        raise
    except Exception as error:  # patsy raises many kinds for what a user may write
        raise RegressionError(
            "the formula '{formula}' does not fit the data: {detail}",
            reason="regression_formula_fit",
            formula=formula,
            detail=str(error).splitlines()[0],
        ) from error
    y, x = np.asarray(left, float), np.asarray(right, float)
    kinds = {info.type for info in left.design_info.factor_infos.values()}
    if y.shape[1] != 1 or "categorical" in kinds:
        raise RegressionError(
            "the outcome '{outcome}' is not a number; expected a numeric column",
            reason="regression_outcome_not_numeric",
            outcome=formula.split("~")[0].strip(),
        )
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise RegressionError(
            "the formula '{formula}' gives values that are no numbers, such as the log of 0",
            reason="regression_not_finite",
            formula=formula,
        )
    return left, right, _written_order(written, right.design_info)


def _written_order(formula: str, info: Any) -> tuple[int, ...]:
    """Places of the columns in the order of the terms in the formula; patsy puts categories first."""
    import patsy

    slices = info.term_slices
    terms = [term for term in patsy.ModelDesc.from_formula(formula).rhs_termlist if term in slices]
    return tuple(place for term in terms for place in range(slices[term].start, slices[term].stop))


def _has_factor_variables(info: Any) -> bool:
    kinds = {factor.type for factor in info.factor_infos.values()}
    return "categorical" in kinds or any(len(term.factors) > 1 for term in info.terms)


def _category_columns(formula: str) -> set[str]:
    """The columns that a formula puts in C()."""
    return {quoted or plain for quoted, plain in _CATEGORY.findall(formula)}


def _read_numbers(column: pd.Series) -> pd.Series:
    """Texts that are numbers (decimal point or comma) as numbers; other columns as they are.

    Raises RegressionError where most texts are numbers and some are not.
    """
    if pd.api.types.is_numeric_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return column
    text = cell_text(column)
    numbers, written = as_numbers(text), text != ""
    words = text[written & numbers.isna()]
    if not written.any() or len(words) > written.sum() / 2:
        return column
    if len(words):
        raise RegressionError(
            "'{column}' holds '{found}' among numbers; recode it or leave the rows out (as categories: "
            "C({column}))",
            reason="regression_text_in_numbers",
            column=column.name,
            found=words.iloc[0],
        )
    return numbers


def _categories(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) and (column == column.round()).all():
        return column.astype(int)
    return column


def _treatment(found: re.Match[str], frame: pd.DataFrame) -> str:
    column, value = found.group("column"), found.group("value")
    name = column[3:-2] if column.startswith("Q(") else column
    text = value.strip("\"'")
    levels = {str(level): level for level in pd.unique(frame[name])}
    if text not in levels:
        raise RegressionError(
            "the reference '{value}' does not occur in '{column}'; its values are: {known}",
            reason="regression_unknown_reference",
            value=text,
            column=name,
            known=", ".join(sorted(levels)[:20]),
        )
    level = levels[text]
    return f"C({column}, Treatment({level if isinstance(level, (int, float, np.number)) else repr(text)}))"


def _plain(term: str) -> str:
    """`C(g, Treatment('a'))[T.b]` as `C(g)[b]`, `Q("x y")` as `x y`."""
    term = re.sub(r"Q\(\s*[\"']([^\"']*)[\"']\s*\)", r"\1", term)
    term = re.sub(r", Treatment\((?:'[^']*'|\"[^\"]*\"|[^)]*)\)\)", ")", term)
    return term.replace("[T.", "[")


def _codes(column: pd.Series) -> np.ndarray:
    codes: np.ndarray = pd.factorize(column, sort=False)[0]
    return codes


def _with_constant(x: np.ndarray, terms: tuple[str, ...]) -> np.ndarray:
    if INTERCEPT in terms:
        return x
    raise RegressionError(
        "an absorbed model has a constant; leave '- 1' or '0 +' out of the formula",
        reason="regression_no_constant",
    )
