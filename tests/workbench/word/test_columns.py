"""Column widths add up, numbers stay whole, words too where there is room."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.display import Column, EstimateCell, TableSpec
from workbench.word.columns import (
    CELL_MARGIN,
    SMALL_TYPE,
    decimal_parts,
    estimated_points,
    table_layout,
    text_twips,
)


def spec(*columns: Column, rows=()) -> TableSpec:
    return TableSpec("k", "T", columns, rows)


def test_weights_share_the_width():
    layout = table_layout(spec(Column("a", "A", weight=1), Column("b", "B", weight=3)), 8000)
    assert layout.widths == (2000, 6000)
    assert layout.scale == 1.0


def test_weighted_column_still_holds_its_longest_word():
    word = "integrationsgrunduddannelse"
    columns = (Column("a", "A", weight=1), Column("b", "B", weight=20))
    layout = table_layout(spec(*columns, rows=((word, "b"),)), 9070)
    assert layout.inner(0) >= len(word) * 88


def test_table_with_too_many_words_gets_smaller_type_and_whole_numbers():
    columns = tuple(Column(f"c{index}", "Beskæftigelsesgrad", "estimate") for index in range(8))
    rows = ((EstimateCell(-0.012, 0.008, "***"),) * 8,)
    layout = table_layout(spec(*columns, rows=rows), 9070)
    assert layout.scale == SMALL_TYPE
    assert all(layout.inner(index) >= text_twips("−0,012***") for index in range(8))


def test_decimal_parts_of_danish_and_english_numbers():
    assert decimal_parts(["1.234,5*"], "da") == (4 * 95 + 47, 47 + 95 + 66)
    assert decimal_parts(["1,234.5"], "en") == (4 * 95 + 47, 47 + 95)
    assert decimal_parts(["(0,012)"], "da") == (57 + 95, 47 + 3 * 95 + 57)


def test_tall_rows_count_by_their_longest_cell():
    columns = (Column("a", "A", weight=1), Column("b", "B", weight=1))
    short, long = (("x", "y"),), (("x", "y " * 500),)
    layout = table_layout(spec(*columns, rows=long), 9070)
    assert estimated_points(spec(*columns, rows=short), layout) == 14.8
    assert estimated_points(spec(*columns, rows=long), layout) > 200


@given(
    st.lists(st.text(max_size=60), min_size=1, max_size=12),
    st.lists(st.sampled_from(["text", "integer", "decimal"]), min_size=12, max_size=12),
    st.integers(min_value=4000, max_value=16000),
)
def test_widths_always_fill_the_page_exactly(titles, kinds, total):
    columns = tuple(
        Column(f"c{index}", title, kind)
        for index, (title, kind) in enumerate(zip(titles, kinds, strict=False))
    )
    layout = table_layout(spec(*columns), total)
    assert sum(layout.widths) == total
    assert all(width > 2 * CELL_MARGIN * 0.8 for width in layout.widths)
