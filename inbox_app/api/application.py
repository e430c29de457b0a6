"""The API as one ASGI app: routes, errors, gates."""

from fastapi import FastAPI

from inbox_app.api import admin, agent, auth, gate, operations, problems, transcripts, visitor, visitor_events


def build_api() -> FastAPI:
    """Everything under /api and the operator's routes."""
    api = FastAPI(
        title="Agent Inbox", version="1", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        strict_content_type=False,
    )  # fmt: skip
    for module in (auth, visitor, visitor_events, agent, admin, transcripts, operations):
        api.include_router(module.router)
    problems.install(api)
    api.add_middleware(gate.BodyLimit)
    api.add_middleware(gate.NoNul)
    api.add_middleware(gate.VisitorCors)  # around the others: a site must be able to read a refusal
    return api
