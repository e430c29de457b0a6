"""How settings are parsed from text and how a wrong one is explained: pure helpers of `settings.py`."""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from dotenv import dotenv_values
from pydantic import ValidationError

DEFAULT_PORTS = {"http": 80, "https": 443}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsInvalid(Exception):
    """A setting is unknown or not accepted; the message is for the operator."""


def url_of(*schemes: str) -> Callable[[str], str]:
    """A validator for addresses of these schemes; a driver behind a plus sign is dropped."""

    def checked(value: str) -> str:
        scheme, separator, rest = value.partition("://")
        plain = {"postgres": "postgresql"}.get(scheme.partition("+")[0], scheme.partition("+")[0])
        if not separator or not rest or plain not in schemes:
            raise ValueError("not such an address")
        return f"{plain}://{rest}"

    return checked


def redis_address(value: str) -> str:
    """A validator for what the Redis client opens: it would take a scheme or a database that it can't read as none."""
    parts = urlsplit(value)
    is_address = parts.path if parts.scheme == "unix" else parts.scheme in {"redis", "rediss"} and parts.hostname
    database = "" if parts.scheme == "unix" else parts.path.strip("/")
    if not is_address or parts.port == 0 or not (database.isdecimal() or not database):
        raise ValueError("not such an address")
    return value


def origin(value: str) -> str:
    """A validator for the origin of a web site, written as browsers send it: punycode, no default port, no slash."""
    parts = urlsplit(value.strip().rstrip("/"))
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("not an origin")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("an origin has no path")
    is_ipv6 = ":" in parts.hostname
    host = f"[{parts.hostname}]" if is_ipv6 else parts.hostname.encode("idna").decode()
    port = "" if parts.port in {None, DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def origin_or_any(value: str) -> str:
    """A validator for an origin, or `*` for all of them."""
    return value if value == "*" else origin(value)


def sender(value: str) -> str:
    """A validator for `Name <name@example.com>` or the address alone."""
    name, address = parseaddr(value)
    local, _, domain = address.partition("@")
    if not local or not domain or not address.isascii() or not (address + name).isprintable() or " " in address:
        raise ValueError("not a sender")
    return value


def split_commas(value: object) -> object:
    """`a, b` as in the environment becomes a tuple; anything else is left as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def masked_url(value: str) -> str:
    """The same address with `***` in place of its password."""
    value = re.sub(r"(?<=[?&]password=)[^&#]+", "***", value)
    parts = urlsplit(value) if "://" in value else None
    if parts is None or not parts.password:
        return value
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:***@{where}"))


def unknown_names(environment: Mapping[str, str], env_file: Path, prefix: str, known: Iterable[str]) -> str | None:
    """The sentence about the first variable with our prefix that no setting has, or None."""
    for name in sorted({*environment, *dotenv_values(env_file)}):
        if name.upper().startswith(prefix) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}."
            return f"{name} is not a setting: {hint}"
    return None


def explain(invalid: ValidationError, prefix: str, allowed: Mapping[str, str]) -> str:
    """One sentence a wrong setting. A value is not repeated, since it may hold a password."""
    sentences = []
    for error in invalid.errors(include_url=False):
        if error["type"] == "default_factory_not_called":
            continue  # a follow-up of the error that is already told
        if not error["loc"]:
            sentences.append(error["msg"].removeprefix("Value error, "))
            continue
        name = str(error["loc"][0])
        variable = prefix + name.upper().removeprefix(prefix)
        sentences.append(f"{variable} is not accepted: it must be {allowed_for(name, prefix, allowed)}.")
    return "\n".join(dict.fromkeys(sentences))


def allowed_for(name: str, prefix: str, allowed: Mapping[str, str]) -> str:
    """What a setting allows, whether it is named as a field or as a variable."""
    return allowed[name.lower().removeprefix(prefix.lower())]
