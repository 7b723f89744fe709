"""The flags are ones that the installed Streamlit knows, and its values are what they say."""

from __future__ import annotations

import pytest
import streamlit.config

from workbench.streamlit_options import DARK, LIGHT, OPTIONS, THEME, streamlit_flags


def test_every_flag_is_an_option_of_the_installed_streamlit() -> None:
    streamlit.config.get_config_options()
    known = set(streamlit.config._config_options_template)
    names = {flag.removeprefix("--").partition("=")[0] for flag in streamlit_flags(port=8601)}
    assert names - known == set()


def test_no_statistics_leave_the_computer_and_only_it_may_connect() -> None:
    flags = streamlit_flags()
    assert "--browser.gatherUsageStats=false" in flags
    assert "--server.address=127.0.0.1" in flags
    assert not any(flag.startswith("--server.port") for flag in flags)


def test_port_address_and_headless_are_passed_on() -> None:
    flags = streamlit_flags(port=8601, headless=True, address="0.0.0.0")
    assert {"--server.port=8601", "--server.headless=true", "--server.address=0.0.0.0"} <= set(flags)


def test_no_option_is_set_twice() -> None:
    names = [flag.partition("=")[0] for flag in streamlit_flags(port=1)]
    assert len(names) == len(set(names)) == len(OPTIONS) + len(THEME) + len(LIGHT) + len(DARK) + 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("foreground", ["textColor", "linkColor"])
def test_text_has_the_contrast_of_wcag_aa(theme: dict[str, str], foreground: str, background: str) -> None:
    # Contrast (L1 + 0.05) / (L2 + 0.05) of at least 4.5: WCAG 2.2, success criterion 1.4.3.
    assert _contrast(theme[foreground], theme[background]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_primary_buttons_white_text_has_that_contrast_too(theme: dict[str, str]) -> None:
    assert _contrast("#ffffff", theme["primaryColor"]) >= 4.5


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG 2.2 defines it."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
