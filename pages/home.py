"""The open study at a glance, or the ways to one."""

from __future__ import annotations

from workbench.navigation import page
from workbench.ui import home_overview, home_welcome, session

study = session.current_study()
if study is None:
    home_welcome.show()
else:
    home_overview.show(study, page=page)
