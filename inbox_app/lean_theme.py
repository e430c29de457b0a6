"""Radix Themes with only what our pages use: 90 KB less to load at first than Reflex's own plugin sends.

Its plugin bundles the whole library for components that a server makes up at run time, which we have none of, and
the styles of all 30 colours.
"""

from typing import Any

import reflex as rx

COLORS = (
    "gray",
    "slate",
    "iris",  # the accent
    "grass",  # online
    "amber",  # waiting, notes
    "tomato",  # danger
    "blue",
    "cyan",
    "orange",
    "pink",
    "plum",
    "teal",
    "violet",
)
"""Every colour that a component may name (tests/architecture holds them to it)."""


class LeanThemesPlugin(rx.plugins.RadixThemesPlugin):
    """Leaves it to the components' own imports which parts of Radix Themes are bundled."""

    def get_frontend_dependencies(self, **_context: Any) -> tuple[str, ...]:
        """None: whatever is named here is bundled whole."""
        return ()

    def get_stylesheet_paths(self, **_context: Any) -> tuple[str, ...]:
        """The parts of styles.css, with our colours instead of all."""
        colors = (f"tokens/colors/{name}.css" for name in COLORS)
        parts = ("tokens/base.css", *colors, "components.css", "utilities.css")
        return tuple(f"@radix-ui/themes/{part}" for part in parts)
