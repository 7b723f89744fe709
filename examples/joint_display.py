"""A joint display of the demonstration without Streamlit: themes, counts of interviews, numbers, verdicts.

Run: python examples/joint_display.py [STUDY]   (without a study the demonstration is built first)
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.demo.build import build_demo
from workbench.display import to_frame
from workbench.services import schemes, studies, theme_tables, triangulating
from workbench.services.studies import Study


def show(study: Study) -> None:
    """Print the display as a table, and what each verdict rests on."""
    scheme = schemes.require_scheme(study)
    display = triangulating.joint_display(study, language="en")
    print(
        to_frame(theme_tables.presence_table(display.presence, scheme, language="en")).to_string(index=False)
    )
    for row in display.rows:
        reading = row.reading
        print(
            f"\n{row.label['en']}: {reading.interviews_with} of {reading.interviews_asked} interviews, "
            f"{len(row.evidence)} numbers, proposed: {row.proposal.verdict.id}"
        )
        if row.quotation is not None:
            print(f"  {row.quotation.quote} ({row.quotation.attribution})")
        for item in row.evidence[:3]:
            print(f"  {item.label['en']}: {', '.join(f'{value.value:.3f}' for value in item.values)}")


if len(sys.argv) > 1:
    show(studies.open_study(sys.argv[1]))
else:
    with TemporaryDirectory() as folder:
        show(studies.open_study(build_demo(Path(folder)).study))
