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
    messages_in,
    operations,
    problems,
    transcripts,
    visitor,
    visitor_events,
)
from inbox_app.api.message_door import Api


def build_api() -> FastAPI:
    """Everything under /api and the operator's routes."""
    api = Api(
        title="Agent Inbox", version="1", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        strict_content_type=False,
    )  # fmt: skip
    visitors = (visitor, visitor_events, meetings_visitor)
    own = (account, agent, messages_agent, meeting_settings, calendars, meetings_agent)
    modules = (auth, member_links, *visitors, *own, admin, deliveries, transcripts, operations)
    for router in (messages_in.of_visitors, messages_in.of_agents, *(module.router for module in modules)):
        # Not include_router: it makes each request look through the routes of every router twice.
        api.router.routes.extend(router.routes)
    problems.install(api)
    api.add_middleware(gate.BodyLimit)
    api.add_middleware(gate.NoNul)
    api.add_middleware(gate.VisitorCors)  # around the others: a site must be able to read a refusal
    return api
