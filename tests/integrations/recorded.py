"""Answers in the shapes that the public references of Google and Microsoft show, and the requests they got."""

import json
from collections.abc import Callable
from typing import Any

import httpx

Route = Callable[[httpx.Request], httpx.Response]


def answer(status: int, body: Any = None) -> Route:
    """In ASCII, so that a body can hold half characters as real JSON does."""
    return lambda _: httpx.Response(status, content=b"" if body is None else json.dumps(body).encode())


class Recorded:
    """`Recorded({("GET", "/path"): answer(200, {...})})`; a list of routes is answered in order."""

    def __init__(self, routes: dict[tuple[str, str], Route | list[Route]]) -> None:
        self.routes, self.requests = routes, []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        route = self.routes[request.method, request.url.path]
        return (route.pop(0) if isinstance(route, list) else route)(request)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(request.method, request.url.path) for request in self.requests]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)

    def form(self, number: int = -1) -> dict[str, str]:
        return dict(httpx.QueryParams(self.requests[number].content.decode()))
