"""Composition root: the agents' pages, the API beside them, and what runs as long as the process."""

import reflex as rx

from inbox_app.api.application import build_api
from inbox_app.lifetime import lifetime
from inbox_app.pages import add_pages
from inbox_app.pages_visitor.router import router as visitor_pages

app = rx.App()
add_pages(app)
app.register_lifespan_task(lifetime)
api = build_api()
api.include_router(visitor_pages)
