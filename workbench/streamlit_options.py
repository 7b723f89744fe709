"""Streamlit's options and the look of the application, as command-line flags.

Flags and no `.streamlit/config.toml`: Streamlit looks for that file in the working folder, and the
application starts from anywhere.
"""

from __future__ import annotations

LOOPBACK = "127.0.0.1"
LARGEST_UPLOAD_MB = 100  # the largest file that `interviews` reads

OPTIONS: dict[str, str] = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "type",
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": "true",
    "runner.magicEnabled": "false",
    "server.enableStaticServing": "false",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": str(LARGEST_UPLOAD_MB),
    "server.runOnSave": "false",
    "server.showEmailPrompt": "false",
}

THEME: dict[str, str] = {
    "theme.font": "sans-serif",  # the face that Streamlit ships: no font is fetched from elsewhere
    "theme.headingFontSizes": "1.9rem,1.5rem,1.25rem,1.1rem,1rem,1rem",
    "theme.paddingTop": "2.5rem",
    "theme.sidebar.paddingTop": "0.5rem",
    "theme.baseRadius": "0.375rem",
    "theme.showSidebarBorder": "true",
}

LIGHT: dict[str, str] = {
    "primaryColor": "#1f5f7a",
    "backgroundColor": "#fdfdfb",
    "secondaryBackgroundColor": "#f2f3ef",
    "textColor": "#22282b",
    "linkColor": "#1f5f7a",
    "borderColor": "#d9dcd6",
    "dataframeHeaderBackgroundColor": "#eef0eb",
    "sidebar.backgroundColor": "#f2f3ef",
    "sidebar.secondaryBackgroundColor": "#e6e9e3",
}

DARK: dict[str, str] = {
    "primaryColor": "#357a96",
    "backgroundColor": "#171b1d",
    "secondaryBackgroundColor": "#20262a",
    "textColor": "#e4e6e3",
    "linkColor": "#8fc4d9",
    "borderColor": "#384045",
    "dataframeHeaderBackgroundColor": "#242b2f",
    "sidebar.backgroundColor": "#1c2124",
    "sidebar.secondaryBackgroundColor": "#2a3136",
}


def streamlit_flags(*, port: int | None = None, headless: bool = False, address: str = LOOPBACK) -> list[str]:
    """Flags for `streamlit run SCRIPT`, for a look that follows the browser's light or dark mode.

    port : where to listen, or None for Streamlit's own choice.
    headless : do not open a browser.
    address : the loopback address unless a team is to reach the server.
    """
    options = {**OPTIONS, **THEME, "server.address": address, "server.headless": str(headless).lower()}
    options |= {f"theme.light.{name}": value for name, value in LIGHT.items()}
    options |= {f"theme.dark.{name}": value for name, value in DARK.items()}
    if port is not None:
        options["server.port"] = str(port)
    return [f"--{name}={value}" for name, value in options.items()]
