"""The pages of the application, in the order a study is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.i18n import t

PAGES = Path(__file__).parents[1] / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page: its script in pages/, its icon, and whether it makes sense without a study."""

    name: str
    icon: str
    section: str
    needs_study: bool = True

    @property
    def path(self) -> Path:
        """The page's script."""
        return PAGES / f"{self.name}.py"


# The first page lives at "/": links with a query only reach the default page on a fresh server.
ENTRIES = (
    PageEntry("home", ":material/home:", "study", needs_study=False),
    PageEntry("transcripts", ":material/forum:", "words"),
    PageEntry("scheme", ":material/account_tree:", "words"),
    PageEntry("coding", ":material/edit_note:", "words"),
    PageEntry("questionnaire", ":material/checklist:", "numbers"),
    PageEntry("effects", ":material/query_stats:", "numbers"),
    PageEntry("triangulation", ":material/join_inner:", "together"),
    PageEntry("report", ":material/description:", "together"),
)


def page(name: str) -> Any:
    """The Streamlit page of that name, as `st.switch_page` and `st.page_link` take it."""
    import streamlit as st

    entry = next(entry for entry in ENTRIES if entry.name == name)
    return st.Page(
        entry.path,
        title=t(f"pages.{entry.name}"),
        icon=entry.icon,
        url_path=entry.name,
        default=entry is ENTRIES[0],
    )


def navigation(*, with_study: bool) -> Any:
    """The page to run; pages that need a study are hidden until one is open."""
    import streamlit as st

    sections: dict[str, list[Any]] = {}
    for entry in ENTRIES:
        if with_study or not entry.needs_study:
            sections.setdefault(t(f"pages.section.{entry.section}"), []).append(page(entry.name))
    return st.navigation(sections)
