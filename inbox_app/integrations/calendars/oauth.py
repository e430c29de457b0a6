"""Consent to a calendar at Google or Microsoft: OAuth 2.0 code with PKCE (RFC 6749, 7636), and refresh."""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import httpx

from inbox_app.domain.text import told, without_halves
from inbox_app.integrations.calendars.http import Answer, Http
from inbox_app.integrations.calendars.troubles import (
    CalendarGone,
    ConsentGone,
    Refused,
    ServerFailed,
    odd_answers_are_trouble,
)
from inbox_app.settings import Settings

EARLY: Final = timedelta(seconds=60)  # a token is renewed so long before it runs out
Keep = Callable[[str], Awaitable[None]]
Kind = TypeVar("Kind", bound=object)


@dataclass(frozen=True)
class Provider:
    """Where consent is asked for, and as whom. `scopes`: the least with which busy times and own events work."""

    name: str
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    client_id: str
    client_secret: str
    more: Mapping[str, str]


@dataclass(frozen=True)
class Tokens:
    """What a consent is worth. `account`: whose calendar it is."""

    access: str
    refresh: str
    expires_at: float
    account: str = ""

    def to_secret(self) -> str:
        return json.dumps(asdict(self))

    def lasts(self, now: datetime) -> bool:
        return datetime.fromtimestamp(self.expires_at, UTC) > now + EARLY


def provider(name: str, settings: Settings) -> Provider | None:
    """None where the operator has not set it up."""
    if name == "google" and settings.google_client_id and settings.google_client_secret:
        return Provider(
            name, "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
            ("openid", "email", "https://www.googleapis.com/auth/calendar.freebusy",
             "https://www.googleapis.com/auth/calendar.events.owned"),
            settings.google_client_id, settings.google_client_secret.get_secret_value(),
            {"access_type": "offline", "prompt": "consent"},
        )  # fmt: skip
    if name == "microsoft" and settings.microsoft_client_id and settings.microsoft_client_secret:
        base = f"https://login.microsoftonline.com/{settings.microsoft_tenant}/oauth2/v2.0"
        return Provider(
            name, f"{base}/authorize", f"{base}/token",
            ("offline_access", "https://graph.microsoft.com/Calendars.ReadWrite"),
            settings.microsoft_client_id, settings.microsoft_client_secret.get_secret_value(), {},
        )  # fmt: skip
    return None


def consent_url(provider: Provider, *, redirect_uri: str, state: str, verifier: str) -> str:
    """Their page that asks."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes), "state": state, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{provider.authorize_url}?{urlencode(query | dict(provider.more), quote_via=quote)}"


async def exchange(
    provider: Provider, *, code: str, verifier: str, redirect_uri: str, now: datetime,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Tokens:  # fmt: skip
    """A code for tokens. Raises CalendarTrouble."""
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
    found = await _tokens(provider, form, transport)
    return _read(found, Tokens("", "", 0), now)


async def refresh(
    provider: Provider, tokens: Tokens, *, now: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> Tokens:
    """A new access token; a new refresh token where one is given. Raises CalendarTrouble."""
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    return _read(await _tokens(provider, form, transport), tokens, now)


async def _tokens(
    provider: Provider, form: dict[str, str], transport: httpx.AsyncBaseTransport | None
) -> dict[str, Any]:
    body = urlencode(form | {"client_id": provider.client_id, "client_secret": provider.client_secret}).encode()
    http = Http(provider.token_url, transport=transport)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await http.request("POST", provider.token_url, content=body, headers=headers)
    finally:
        await http.close()
    if answer.status_code != httpx.codes.OK:
        raise ConsentGone
    return json_of(answer)


def _read(found: dict[str, Any], known: Tokens, now: datetime) -> Tokens:
    with odd_answers_are_trouble(ServerFailed):
        lasts = timedelta(seconds=found.get("expires_in", 3600))
        return replace(
            known, access=text_in(found, "access_token"),
            refresh=text_in(found, "refresh_token", known.refresh) or known.refresh,
            expires_at=(now + lasts).timestamp(), account=_account(found) or known.account,
        )  # fmt: skip


def _account(found: dict[str, Any]) -> str:
    """The email in the ID token; it came from the provider itself over TLS, so its signature adds nothing."""
    parts = str(found.get("id_token", "")).split(".")
    try:
        return told(str(json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))["email"]))
    except (IndexError, ValueError, KeyError, TypeError):
        return ""


def json_of(answer: Answer) -> dict[str, Any]:
    """An object without half characters and NUL, which no database takes. Raises ServerFailed for anything else."""
    with odd_answers_are_trouble(ServerFailed):
        return dict(without_halves(_typed(answer.json(), dict)))


def text_in(found: Any, key: str, default: str | None = None) -> str:
    """A value that must be text; null is the default, where there is one. Raises ServerFailed."""
    value = _typed(found, dict).get(key)
    return _typed(default if value is None else value, str)


def list_in(found: Any, key: str) -> list[Any]:
    """A value that must be a list. Raises ServerFailed."""
    return _typed(_typed(found, dict).get(key), list)


def _typed(value: Any, kind: type[Kind]) -> Kind:
    if not isinstance(value, kind):
        raise ServerFailed
    return value


class Api:
    """Calls with a token that is renewed in time; `keep` is given the renewed one."""

    def __init__(
        self, base: str, provider: Provider | None, secret: str, keep: Keep, now: datetime,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._provider, self._keep, self._now, self._transport = provider, keep, now, transport
        self.tokens = Tokens(**json.loads(secret))
        self._http = Http(base, transport=transport)

    async def close(self) -> None:
        await self._http.close()

    async def call(self, method: str, url: str, body: Any = None, **headers: str) -> Answer:
        """The answer, 404 and 409 too. Raises CalendarTrouble."""
        if not self.tokens.lasts(self._now):
            await self._renew()
        answer = await self._send(method, url, body, headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            await self._renew()
            answer = await self._send(method, url, body, headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise ConsentGone
        if answer.status_code == httpx.codes.FORBIDDEN:
            raise _forbidden(answer)
        return answer

    async def _send(self, method: str, url: str, body: Any, headers: Mapping[str, str]) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        own = {"Authorization": f"Bearer {self.tokens.access}", "Content-Type": "application/json"}
        return await self._http.request(method, url, content=content, headers=own | dict(headers))

    async def _renew(self) -> None:
        if self._provider is None or not self.tokens.refresh:
            raise ConsentGone
        self.tokens = await refresh(self._provider, self.tokens, now=self._now, transport=self._transport)
        await self._keep(self.tokens.to_secret())


def _forbidden(answer: Answer) -> Exception:
    """Google says 403 also for too many calls, and for a consent without this scope."""
    text = answer.text
    if "LimitExceeded" in text:
        return ServerFailed()
    return ConsentGone() if "nsufficient" in text else Refused()


def expect(answer: Answer, *good: int) -> Answer:
    """Raises the trouble that another status tells of."""
    if answer.status_code in good:
        return answer
    raise CalendarGone if answer.status_code in {404, 410} else ServerFailed


def rfc3339(instant: datetime) -> str:
    """In UTC, with Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
