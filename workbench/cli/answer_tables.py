"""Printing tables of answers: each says where answers were mapped from a simplified scale."""

from __future__ import annotations

from workbench.cli.output import language_of, print_table
from workbench.display import TableSpec
from workbench.services.mapped_answers import mapped_remark, with_remark
from workbench.services.studies import Study


def print_answers(study: Study, *tables: TableSpec) -> None:
    """The tables, with the remark that answers were mapped where they were."""
    remark = mapped_remark(study, language=language_of(study))
    for table in tables:
        print_table(with_remark(table, remark))
