"""The form for typing paper in, in the browser: mounted with an instrument, gives back forms to store."""

from workbench.ui.entry_form.mounting import drain, mount

__all__ = ["drain", "mount"]
