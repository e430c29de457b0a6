"""The short way for a well-formed message (docs/decisions/0012).

FastAPI's dependencies and serialisation cost three times what storing a message does. Its routes are kept for
everything else: they document the endpoint, and they answer whatever isn't well formed.
"""

from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.responses import JSONResponse

from inbox_app.api.incoming import CleanRoute, Handler, cleaned
from inbox_app.api.shapes import MessageIn


class MessageRoute(CleanRoute):
    """A route whose endpoint takes `conversation_id, body, <caller>, response`.

    A refusal is the ordinary route's, so there's one of each.
    """

    def get_route_handler(self) -> Handler:
        ordinary = super().get_route_handler()
        (caller,) = self.dependant.dependencies

        async def handle(request: Request) -> Response:
            request = cleaned(request)
            message = await _well_formed(request)
            if message is None:
                return await ordinary(request)
            values = request.path_params | {caller.name: await _resolved(caller, request)}
            response = Response(status_code=self.status_code or 200)
            content = await self.endpoint(body=message, response=response, **values)
            return JSONResponse(content, response.status_code)

        return handle


async def _well_formed(request: Request) -> MessageIn | None:
    """The message of this request, or None for the ordinary route to say what is wrong with it."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return None
    try:
        return MessageIn.model_validate(await request.json())
    except HTTPException:
        raise
    except Exception:  # no JSON, no message, too deep, client gone: FastAPI tells which
        return None


async def _resolved(dependant: Dependant, request: Request) -> Any:
    """What this dependency gives: ours take the request, or what another one gives."""
    values = {one.name: await _resolved(one, request) for one in dependant.dependencies}
    if dependant.request_param_name:
        values[dependant.request_param_name] = request
    return await dependant.call(**values)  # type: ignore[misc]
