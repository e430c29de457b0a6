"""Errors as RFC 9457 `application/problem+json`: a stable `code` and a sentence a person can act on."""

import json
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inbox_app.api.incoming import UnstorableText
from inbox_app.domain.errors import DatabaseUnavailable, DomainError, InvalidInput, NotAllowed, TooManyRequests
from inbox_app.texts.catalogue import closest_language, translate

HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 400: "broken_json", 413: "too_large"}
log = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """One problem document, in ASCII: it may name what no encoding can hold."""
    body = {"type": "about:blank", "title": detail, "status": status, "code": code, "detail": detail, **more}
    return Response(json.dumps(body), status, headers=headers, media_type="application/problem+json")


def of_domain(error: DomainError, language: str = "en") -> Response:
    """A rule said no, in a sentence of this language; the code is the same in each."""
    message = translate(error.sentence, language, **error.gaps)
    if isinstance(error, InvalidInput):
        return problem(error.status, error.code, message, errors=[{"field": error.field, "message": message}])
    if isinstance(error, TooManyRequests):
        return problem(error.status, error.code, message, headers={"Retry-After": str(error.retry_after)})
    if isinstance(error, DatabaseUnavailable):
        return problem(error.status, error.code, message, headers={"Retry-After": str(error.retry_after)})
    code = error.narrow_code or error.code if isinstance(error, NotAllowed) else error.code
    return problem(error.status, code, message, **error.more)


def refusal(request: Request, error: DomainError) -> Response:
    """A browser says which languages its user reads; programs say nothing, and get English."""
    return of_domain(error, closest_language(request.headers.get("Accept-Language")))


async def _domain(request: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError):
        raise error
    return refusal(request, error)


async def _validation(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem(400, "broken_json", "The body is not JSON.")
    fields = [
        {"field": ".".join(str(part) for part in item["loc"][1:]) or "body", "message": item["msg"]} for item in found
    ]
    detail = f"{fields[0]['field']}: {fields[0]['message']}" if fields else "The request is not right."
    return problem(422, InvalidInput.code, detail, errors=fields)


async def _http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = HTTP_CODES.get(error.status_code, "error")
    return problem(error.status_code, code, str(error.detail), headers=dict(error.headers or {}))


async def _unstorable(request: Request, error: Exception) -> Response:
    if not isinstance(error, UnstorableText):
        raise error
    return await _domain(request, error.error)


async def unexpected(request: Request, error: Exception) -> Response:
    """Log what nobody foresaw. The caller learns only that nothing was half written."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "internal_error", "Something went wrong here. Nothing was half written. Try again.")


def install(api: FastAPI) -> None:
    """Make every error of the API a problem document."""
    api.add_exception_handler(DomainError, _domain)
    api.add_exception_handler(RequestValidationError, _validation)
    api.add_exception_handler(UnstorableText, _unstorable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, unexpected)
