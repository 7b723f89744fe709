"""The surface's Python side: what it refuses, what it sends, and that the built frontend is current."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from workbench.i18n import LANGUAGES, Language, catalogue
from workbench.ui.coding_surface import KINDS, SurfaceFilter, validate_operation
from workbench.ui.coding_surface.assets import BUILD, COMPONENT, DISTRIBUTION, PACKAGE, SOURCES

TEXT = "Hun sagde 🙂 «مرحبا» på dansk."


def add(start: int, end: int, quote: str, **fields: Any) -> dict[str, Any]:
    """An operation that codes a span."""
    return {
        "op_id": "o1",
        "kind": "add",
        "document": "d1",
        "version": "1",
        "coding_id": "k1",
        "code": "language",
        "memo": "",
        "start": start,
        "end": end,
        "quote": quote,
        **fields,
    }


def test_a_quote_that_reads_as_the_text_does_passes() -> None:
    validate_operation(add(10, 19, "🙂 «مرحبا»"), TEXT)


@given(st.text(min_size=1), st.data())
def test_every_span_with_its_own_words_passes(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    validate_operation(add(start, end, text[start:end]), text)


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (add(11, 20, "🙂 «مرحبا»"), "quotes '🙂 «مرحبا»' but 11-20 reads"),
        (add(5, 5, ""), "span 5-5; the text has 29 characters"),
        (add(-1, 3, "Hun"), "span -1-3"),
        (add(0, 99, TEXT), "span 0-99"),
        (add(0, True, "H"), "needs whole numbers"),
        (add(0, 3, "Hun", coding_id=None), "needs the text 'coding_id'"),
        (add(0, 3, "Hun", kind="paint"), "has kind 'paint'; expected one of add, remove"),
        ({"op_id": "o2", "kind": "memo", "document": "d1", "coding_id": "k1"}, "needs the text 'memo'"),
    ],
)
def test_an_operation_that_does_not_fit_is_refused_with_the_reason(op: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="operation") as refused:
        validate_operation(op, TEXT)
    assert message in str(refused.value)


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_undo_and_redo_need_nothing_but_their_document(kind: str) -> None:
    assert kind in KINDS
    validate_operation({"op_id": "o3", "kind": kind, "document": "d1"}, "")


def test_a_filter_is_made_of_any_iterables() -> None:
    assert SurfaceFilter.of(codes=["a", "a"]) == SurfaceFilter(codes=frozenset({"a"}), coders=None)


def test_the_built_frontend_is_made_of_the_sources_as_they_are() -> None:
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    remedy = "run `npm ci && npm run build` in workbench/ui/coding_surface/frontend"
    assert manifest["sources"] == hashes(SOURCES, "*"), remedy
    assert manifest["outputs"] == hashes(BUILD, "surface-*"), remedy


def hashes(folder: Path, pattern: str) -> dict[str, str]:
    """SHA-256 of the files of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(pattern)}


def test_the_lock_of_the_build_names_no_place_to_download_from() -> None:
    lock = json.loads((BUILD.parent / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert (
        lock["packages"]["node_modules/esbuild"]["version"]
        == lock["packages"][""]["devDependencies"]["esbuild"]
    )


def test_the_manifest_in_the_package_names_the_component_that_is_mounted() -> None:
    manifest = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    [component] = manifest["tool"]["streamlit"]["component"]["components"]
    assert f"{manifest['project']['name']}.{component['name']}" == COMPONENT
    assert manifest["project"]["name"] == DISTRIBUTION
    assert (PACKAGE / component["asset_dir"]) == BUILD


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frontend_asks_for_the_texts_of_the_catalogue_and_for_no_others(language: Language) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js"))
    asked = set(re.findall(r'texts\("(\w+)"', source))
    keys = [key.removeprefix("surface.") for key in catalogue(language) if key.startswith("surface.")]
    names = {re.sub(r"\.(one|other)$", "", key) for key in keys}
    assert asked <= names
    assert [name for name in names if not re.search(rf"\b{name.removeprefix('key.')}\b", source)] == []


def test_a_page_drains_the_outbox_of_an_app_test() -> None:
    app = AppTest.from_function(page_with_surface)
    app.session_state["surface"] = {"outbox": [add(0, 3, "Hun")]}
    app.run()
    assert not app.exception
    assert [element.value for element in app.caption] == ["o1", "1"]


def test_a_page_without_an_outbox_runs() -> None:
    app = AppTest.from_function(page_with_surface).run()
    assert not app.exception
    assert [element.value for element in app.caption] == ["", "0"]


def page_with_surface() -> None:
    """The smallest page around the surface."""
    import streamlit as st

    from workbench.ui.coding_surface import (
        SurfaceChange,
        SurfaceCode,
        SurfaceCoding,
        SurfaceDocument,
        SurfaceFilter,
        SurfaceSnapshot,
        SurfaceTurn,
        drain,
        mount,
    )

    ops = drain("surface")
    st.caption(" ".join(op["op_id"] for op in ops))
    coding = SurfaceCoding("k0", 0, 3, "language", "Anna")
    state = mount(
        key="surface",
        document=SurfaceDocument("d1", "1", "Hun sagde", (SurfaceTurn(0, 9, "Hun", 61.0, "respondent"),)),
        codes=[SurfaceCode("language", "Sprog", "#112233")],
        codings=SurfaceSnapshot(3, (coding,)),
        operations=[SurfaceChange.put(coding), SurfaceChange.remove("k9")],
        acknowledged=[op["op_id"] for op in ops],
        focus=2,
        filter=SurfaceFilter.of(coders=["Anna"]),
    )
    st.caption(str(len(state.outbox)))


def test_the_component_stays_known_to_a_second_runtime() -> None:
    for _ in range(2):
        assert not AppTest.from_function(page_with_surface).run().exception
