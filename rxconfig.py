"""Reflex's configuration. What an operator may change is in `inbox_app/settings.py`, never here."""

import reflex as rx

from inbox_app.lean_theme import LeanThemesPlugin
from inbox_app.lost_connection import LostConnectionPlugin
from inbox_app.same_origin import SameOriginPlugin
from inbox_app.settings import get_settings

THEME = rx.theme(accent_color="iris", gray_color="slate", radius="medium", scaling="95%", appearance="inherit")

config = rx.Config(
    app_name="inbox_app",
    backend_host=get_settings().host,
    cors_allowed_origins=[get_settings().public_url],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_compression_formats=["gzip"],
    frontend_lazy_bundled_libraries=True,
    plugins=[LeanThemesPlugin(theme=THEME), SameOriginPlugin(), LostConnectionPlugin()],
    show_built_with_reflex=False,
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
)
