"""The API as one ASGI app: routes, errors, gates."""

from fastapi import FastAPI

from inbox_app.api import (
    account,
    admin,
    agent,
    auth,
    calendars,
    deliveries,
    gate,
    meeting_settings,
    meetings_agent,
    meetings_visitor,
    member_links,
    messages_agent,
    operations,
    problems,
    transcripts,
    visitor,
    visitor_events,
)


def build_api() -> FastAPI:
    """Everything under /api and the operator's routes."""
    api = FastAPI(
        title="Agent Inbox", version="1", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        strict_content_type=False,
    )  # fmt: skip
    visitors = (visitor, visitor_events, meetings_visitor)
    own = (account, agent, messages_agent, meeting_settings, calendars, meetings_agent)
    for module in (auth, member_links, *visitors, *own, admin, deliveries, transcripts, operations):
        api.include_router(module.router)
    problems.install(api)
    api.add_middleware(gate.BodyLimit)
    api.add_middleware(gate.NoNul)
    api.add_middleware(gate.VisitorCors)  # around the others: a site must be able to read a refusal
    return api
