"""Where every body of the API is cleaned: no route, model or service sees text that can't be stored or sent back."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.routing import APIRoute

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.text import storable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class UnstorableText(HTTPException):
    """A body holds half of a character. FastAPI hands on errors of this kind while it reads a body."""

    def __init__(self, error: InvalidInput) -> None:
        super().__init__(error.status, error.message)
        self.error = error


class CleanRequest(Request):
    """Its JSON has no NUL and no lone surrogate, neither in values nor in keys, at any depth."""

    async def json(self) -> Any:
        """The body. Raises UnstorableText naming the field."""
        if not hasattr(self, "_json"):
            try:
                self._json = storable(await super().json())
            except InvalidInput as error:
                raise UnstorableText(error) from error
        return self._json


class CleanRoute(APIRoute):
    """A route whose handler gets a CleanRequest."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def with_clean_body(request: Request) -> Response:
            return await handle(CleanRequest(request.scope, request.receive))

        return with_clean_body


def clean_router(**options: Any) -> APIRouter:
    """A router for this API: a test asserts that no module of the API makes another one."""
    return APIRouter(**{"route_class": CleanRoute, "strict_content_type": False} | options)
