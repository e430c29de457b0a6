"""Values for the fields of a described body: right ones, so that a request gets inside, and hostile ones."""

import random
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fuzz.sending import UNANSWERED

STRINGS: Final = (
    "", " ", "\x00", "a\x00b", "\ud83d", "half \udc00", "\ud83d\ude00", "\u202eabc", "\u200b", "\u3164", "\ufeff",
    "\x1b[31m", "\r\nBcc: a@b.c", "=?utf-8?q?a=0D=0Ab?=", "=1+1;=2", "＝1", "'; DROP TABLE setting; --", "%", "_", "\\",
    "{name}", "{0.__class__}", "%s%n", "<script>", "null", "undefined", "NaN", "-1", "1e309", "９", "x" * 121,
    "x" * 4_001, "é" * 2_000, "🎉" * 999, "\n" * 50, "../../etc/passwd", "https://[", "http://[::1", "//x",
    "javascript:alert(1)", "2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "2026-01-01T00:00:00",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "24:00", "25:61", "٠٩:٠٠", "../UTC", "Europe/../UTC",
    "Factory", "a@b", "a@b.c", "=?a?q?b?=@example.com", "вера@пример.рф", "a@xn--.com", "a@" + "x" * 64 + ".com",
    "eyJhIjoxfQ", "////", "====", "MTIz", "-", "a;b", "a,b\nc", '"', "company,domain,owner\n\x00,,",
    'company,domain,owner\n"a',
)  # fmt: skip
ANYTHING: Final[Sequence[Any]] = (
    None, True, False, 0, -1, 1, 2**31 - 1, 2**31, 2**53, 2**63, -(2**63) - 1, 2**64, 10**40, 1.5, -0.0, 1e308,
    float("nan"), float("inf"), [], {}, [None], [[]], [{}], {"": ""}, {"\x00": 1}, {"\ud800": 1},
    {"a": {"b": ["\udfff"]}}, [[[[[[[[[["deep"]]]]]]]]]], ["\x00"], ["a"] * 200,
)  # fmt: skip
BEGINNINGS: Final = (
    b"",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0",
    b"RIFF\xff\0\0\0WEBPVP8 ",
    b"GIF89a",
    b"<svg>",
)
FITTING: Final[Mapping[str, Sequence[Any]]] = {
    "email": ("vera@example.com", "vera@münchen.example", "new@example.com"),
    "name": ("Vera", "Вера Ж.", "👩‍👩‍👧"),
    "role": ("agent", "manager", "admin"),
    "password": ("correct horse battery", "demo-demo-1"),
    "time_zone": ("Europe/Paris", "UTC", "America/St_Johns", "Pacific/Apia"),
    "day": ("mon", "tue", "sun"),
    "from": ("09:00", "00:00", "22:30", "2026-03-01"),
    "to": ("17:00", "24:00", "02:00", "2026-03-28"),
    "date": ("2126-12-24", "2126-02-29", "2126-12-25"),
    "start": ("2126-12-24T09:00:00Z", "2026-12-24T09:00:00+01:00"),
    "attribute": ("email", "language", "page_url", "company"),
    "operator": ("is", "is_not", "contains", "starts_with", "one_of", "is_known"),
    "csv": ("company,domain,owner\nAcme,acme.example,ana@example.com\n", "company;domain;owner\nA;;b\n"),
    "url": UNANSWERED, "address": UNANSWERED, "video_link": ("https://meet.example.com/a", ""),
    "page_url": ("https://shop.example/a?b=c#d",), "referrer": ("https://search.example/",),
    "ask_name": ("required", "optional", "off"), "ask_email": ("required", "optional", "off"),
    "when_broken": ("keep", "stop"), "provider": ("google", "microsoft"), "filter": ("active", "all"),
    "status": ("upcoming", "passed", "cancelled"), "outcome": ("ended", "missed", "cancelled"), "score": (0, 3, None),
    "user_id": ("u-1",), "csrf": ("x",),
}  # fmt: skip


class Values:
    """From one seed always the same. `real`: ids that exist, by the name of the field.

    `hostility`: the share of hostile values among all.
    """

    def __init__(self, chance: random.Random, schemas: Mapping[str, Any], real: Mapping[str, Sequence[str]]) -> None:
        self.chance, self.schemas, self.real = chance, schemas, real
        self.hostility = 0.25

    def of(self, schema: Mapping[str, Any], key: str = "", depth: int = 0) -> Any:
        """A value for a field of this schema."""
        schema = self._resolved(schema)
        if depth > 0 and self.chance.random() < self.hostility:
            return self.hostile()
        if known := [*self.real.get(key, ()), *FITTING.get(key, ())]:
            return self.chance.choice(known)
        if "enum" in schema or "const" in schema:
            return self.chance.choice(schema.get("enum") or [schema["const"]])
        return self._of_type(schema, key, depth)

    def _of_type(self, schema: Mapping[str, Any], key: str, depth: int) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                items = schema.get("items", {})
                return [self.of(items, key, depth + 1) for _ in range(self.chance.choice((0, 1, 1, 2, 5)))]
            case "integer" | "number":
                low, high = schema.get("minimum", -3), schema.get("maximum", 100)
                return self.chance.choice((low, high, low - 1, high + 1, self.chance.randint(int(low), int(high))))
            case "boolean":
                return self.chance.random() < 0.5
            case "null":
                return None
        if schema.get("format") == "uuid":
            return str(uuid.UUID(int=self.chance.getrandbits(128)))
        return self.chance.choice(("a", "Hello", "Grüße 🎉", str(self.chance.getrandbits(40)), *STRINGS[:12]))

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        value = {
            name: self.of(field, name, depth + 1)
            for name, field in schema.get("properties", {}).items()
            if self.chance.random() < (0.95 if name in required else 0.5)
        }
        if self.chance.random() < 0.03:
            value[self.chance.choice(STRINGS)] = self.hostile()
        return value

    def hostile(self) -> Any:
        """A text in two of three cases."""
        return self.chance.choice(STRINGS) if self.chance.random() < 0.66 else self.chance.choice(ANYTHING)

    def file(self) -> bytes:
        """Like a picture at its start, at most."""
        return self.chance.choice(BEGINNINGS) + self.chance.randbytes(self.chance.choice((0, 1, 40, 3_000)))

    def text(self, key: str, schema: Mapping[str, Any]) -> str:
        """For a path or a query."""
        if (known := self.real.get(key)) and self.chance.random() < 0.75:
            return self.chance.choice(known)
        value = self.of(schema, key, depth=1)
        return value if isinstance(value, str) else str(value)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rpartition("/")[2]]
            else:
                schema = self.chance.choice(schema.get("anyOf") or schema["allOf"])
        return schema
