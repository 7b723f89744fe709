"""What went wrong with a file of numbers, in the language of the screen.

The quant package knows no catalogue and speaks English; what it says is known again here by its wording.
"""

from __future__ import annotations

import re

from workbench.i18n import t

# In the order tried; a named group fills the place of that name in the text.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("too_large", r"the file is over (?P<limit>\d+) MB"),
    ("empty_file", r"the file is empty"),
    ("no_rows", r"there are column names and no rows below"),
    ("empty_table", r"the table is empty"),
    ("unpacks", r"unpacks to far more than its size"),
    ("protected", r"the workbook cannot be opened .*remove its password"),
    ("damaged", r"the workbook (?:is damaged|cannot be opened)"),
    ("not_a_table", r"this is not a text table or workbook"),
    ("encoding", r"the text encoding cannot be read"),
    ("broken_csv", r"the csv cannot be read"),
    ("too_many_cells", r"row (?P<row>\d+): (?P<cells>\d+) cells under (?P<names>\d+) column names"),
    ("same_name", r"two columns are called '(?P<column>.*)';"),
    ("no_answers", r"no valid answer was found"),
    ("no_estimates", r"no valid estimate was found"),
    ("lacks_column", r"the mapping names the column '(?P<column>.*)', which the file lacks"),
    ("wrong_item", r"the mapping names the item '(?P<item>.*)', which instrument"),
    ("bad_mapping", r"(?:^|: )mapping: |the mapping cannot be read|expected a mapping of names"),
    ("too_few_rows", r"(?P<n>\d+) complete rows .* for (?P<items>\d+) items"),
    ("too_many_factors", r"(?P<n>\d+) factors from (?P<items>\d+) items"),
    ("too_few_items", r"(?P<items>\d+) item\(s\); a factor analysis needs 3"),
    ("constant", r"column '(?P<column>.*)' has the same value in every row"),
    ("dependent", r"the items are linearly dependent \(correlation of '(?P<first>.*)' and '(?P<second>.*)':"),
)


def problem_text(message: object) -> str:
    """The message in the language of the screen; one that is not known stands as it is."""
    text = str(message)
    for key, pattern in _PATTERNS:
        found = re.search(pattern, text)
        if found is not None:
            return t(f"surveys.problem.{key}").format(**found.groupdict())
    return text
