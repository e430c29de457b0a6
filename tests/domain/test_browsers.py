"""A person recognises a sign-in by the names of the browser and the system."""

import pytest

from inbox_app.domain.browsers import browser_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"{WINDOWS} {CHROME}", ("Chrome", "Windows")),
        (f"{WINDOWS} {CHROME} Edg/131.0.0.0", ("Edge", "Windows")),
        (f"{WINDOWS} {CHROME} OPR/116.0.0.0", ("Opera", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", ("Firefox", "Linux")),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + CHROME, ("Chrome", "ChromeOS")),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15", ("Safari", "macOS")),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) {WEBKIT} CriOS/131.0 Mobile/15E148 Safari/604.1",
            ("Chrome", "iPhone"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WEBKIT} SamsungBrowser/27.0 Chrome/125.0",
            ("Samsung Internet", "Android"),
        ),
        ("curl/8.5.0", ("curl", "")),
        ("", ("", "")),
        ("\x00<b>", ("", "")),
    ],
)
def test_a_user_agent_names_its_browser_and_system(user_agent: str, expected: tuple[str, str]) -> None:
    assert browser_of(user_agent) == expected
