"""The barest Reflex app that a page can be pushed to: what our figures are held against."""

import os

import reflex as rx

config = rx.Config(
    app_name="floor_app",
    backend_port=int(os.environ.get("FLOOR_PORT", "8000")),
    frontend_port=int(os.environ.get("FLOOR_PORT", "3000")),
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
)
