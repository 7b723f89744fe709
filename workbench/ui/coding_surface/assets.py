"""Where the built frontend lives and how Streamlit learns of it.

A wheel is found by Streamlit itself through the pyproject.toml beside this file. An editable install or a
bare source tree is not (Streamlit looks for a module named like the distribution): there the same manifest
is handed over.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

PACKAGE = Path(__file__).parent
SOURCES = PACKAGE / "frontend" / "src"
BUILD = PACKAGE / "frontend" / "build"
DISTRIBUTION = "mixed-methods-workbench"
COMPONENT = f"{DISTRIBUTION}.coding_surface"


def renderer() -> ComponentRenderer:
    """The command that mounts the component, registered with the runtime that is running now."""
    _make_known()
    return _component()


def _make_known() -> None:
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(COMPONENT) is None:
        config = ComponentConfig(name="coding_surface", asset_dir="frontend/build")
        manager.register_from_manifest(ComponentManifest(DISTRIBUTION, "0", [config]), PACKAGE)


@cache
def _component() -> ComponentRenderer:
    # No shadow root: a selection inside one is hidden from document.getSelection.
    return st.components.v2.component(COMPONENT, js="surface-*.js", isolate_styles=False)
