"""Every setting of the installation: one frozen class, read from `INBOX_*` variables and `.env`.

Nothing else in the project reads the environment. A value that is not accepted, or a variable that does not
exist, becomes `SettingsInvalid`: one sentence that names the variable and what is allowed.
"""

import functools
import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from inbox_app.private_files import private_directory, private_file
from inbox_app.settings_text import (
    Network,
    SettingsInvalid,
    explain,
    masked_url,
    origin,
    origin_or_any,
    redis_address,
    sender,
    split_commas,
    unknown_names,
    url_of,
)

PREFIX = "INBOX_"
ROOT = Path(__file__).resolve().parent.parent
"""The project's directory: relative paths start here, so that a command means the same wherever it is called."""
ENV_FILE = ROOT / ".env"
KEY_FILE = "signing.key"

SQLITE = "sqlite:///"


def _with_whole_path(url: str) -> str:
    return SQLITE + str(ROOT / url.removeprefix(SQLITE)) if url.startswith(SQLITE) else url


DatabaseUrl = Annotated[str, AfterValidator(url_of("sqlite", "postgresql")), AfterValidator(_with_whole_path)]
RedisUrl = Annotated[str, AfterValidator(redis_address)]
Origin = Annotated[str, AfterValidator(origin)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(origin_or_any)], ...], NoDecode, BeforeValidator(split_commas)]
SmtpUrl = Annotated[str, AfterValidator(url_of("smtp", "smtps"))]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(split_commas)]


def _database_in(values: dict[str, Any]) -> str:
    """A demo has a file of its own, so that trying the product never touches the real one."""
    return f"{SQLITE}{values['data_dir'] / ('demo.db' if values['env'] == 'demo' else 'inbox.db')}"


def _own_url(values: dict[str, Any]) -> str:
    host = values["host"]
    return f"http://{f'[{host}]' if ':' in host else host}:{values['port']}"


def _any_origin_outside_production(values: dict[str, Any]) -> tuple[str, ...]:
    return () if values["env"] == "production" else ("*",)


class Settings(BaseSettings):
    """The installation as its operator set it up. The description of a field says what it allows."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    env: Literal["production", "demo", "test"] = Field(
        default="production", description="one of production, demo, test"
    )
    data_dir: Annotated[Path, AfterValidator(lambda path: (ROOT / path.expanduser()).resolve())] = Field(
        default=Path("var"), description="a directory that the server may write to"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="an address of this machine to listen on")
    port: int = Field(default=3000, ge=1, le=65535, description="a whole number from 1 to 65535")
    workers: int = Field(default=1, ge=1, le=64, description="a whole number from 1 to 64")
    database_url: DatabaseUrl = Field(
        default_factory=_database_in, description="sqlite:///path/to/file or postgresql://user:password@host/name"
    )
    redis_url: RedisUrl | None = Field(
        default=None, description="redis://host, rediss://host or unix:///path/to/socket"
    )
    public_url: Origin = Field(default_factory=_own_url, description="http:// or https:// and the public host, no path")
    allowed_origins: Origins = Field(
        default_factory=_any_origin_outside_production,
        description="origins such as https://www.example.com, separated by commas, or * for every site",
    )
    secret_key: SecretStr | None = Field(default=None, min_length=16, description="at least 16 characters")
    smtp_url: SmtpUrl | None = Field(default=None, description="smtp:// or smtps:// with user, password and host")
    mail_from: Annotated[str, AfterValidator(sender)] = Field(
        default="Agent Inbox <inbox@localhost>", description="a sender, as Name <name@example.com>"
    )
    google_client_id: str | None = Field(default=None, description="the id of an OAuth client of Google")
    google_client_secret: SecretStr | None = Field(default=None, description="the secret of that client")
    microsoft_client_id: str | None = Field(
        default=None, description="the id of an app registration of Microsoft Entra"
    )
    microsoft_client_secret: SecretStr | None = Field(default=None, description="the secret of that app")
    microsoft_tenant: str = Field(
        default="common", pattern=r"^[\w.-]+$", description="a tenant's id or domain, or common"
    )
    calendar_networks: Networks = Field(
        default=(),
        description="private networks with calendar servers of agents, as 10.0.0.0/8, separated by commas",
    )
    trusted_proxies: Networks = Field(
        default=(), description="addresses or networks, as 10.0.0.0/8, separated by commas"
    )
    metrics_token: SecretStr | None = Field(default=None, min_length=16, description="at least 16 characters")
    rate_limits: bool = Field(default_factory=lambda values: values["env"] != "test", description="on or off")
    sockets_per_member: int = Field(default=50, ge=1, description="a whole number from 1")
    sockets_per_address: int = Field(default=500, ge=1, description="a whole number from 1")
    clock_offset: float = Field(default=0.0, description="a number of seconds, only with INBOX_ENV=test")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.clock_offset and self.env != "test":
            raise ValueError("INBOX_CLOCK_OFFSET moves the clock and is accepted only with INBOX_ENV=test.")
        if self.workers > 1 and (self.redis_url is None or not self.is_postgresql):
            raise ValueError(
                f"INBOX_WORKERS={self.workers} needs INBOX_REDIS_URL and a postgresql:// INBOX_DATABASE_URL, "
                "because several processes share both; set them, or run one worker."
            )
        return self

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; if not, it is the embedded SQLite file."""
        return self.database_url.startswith("postgresql")

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation by https, so that cookies are marked Secure."""
        return self.public_url.startswith("https://")

    def signing_key(self) -> bytes:
        """`INBOX_SECRET_KEY`, or else a key that is made once and kept in the data directory."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        kept = self.data_dir / KEY_FILE
        try:
            return kept.read_bytes()
        except FileNotFoundError:
            return _keep_new_key(kept)

    def masked(self) -> dict[str, str]:
        """Variable name to value for people to read: passwords and keys are replaced by `***`."""
        return {PREFIX + name.upper(): _shown(getattr(self, name)) for name in type(self).model_fields}


def _keep_new_key(kept: Path) -> bytes:
    """Several processes may start at once: the first to link its file wins, and all of them use that one."""
    draft = private_directory(kept.parent) / f"{kept.stem}.{os.getpid()}"
    private_file(draft)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        kept.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return kept.read_bytes()


def _shown(value: object) -> str:
    match value:
        case None | ():
            return "-"
        case SecretStr():
            return "***"
        case bool():
            return "on" if value else "off"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return masked_url(str(value))


def enter_demo() -> Settings:
    """Make this process, and the workers that it starts, a demo; a test installation stays one."""
    if get_settings().env == "production":
        os.environ[f"{PREFIX}ENV"] = "demo"
        get_settings.cache_clear()
    return get_settings()


@functools.cache
def get_settings() -> Settings:
    """The settings of this process, read once. Raises `SettingsInvalid`."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    if unknown := unknown_names(os.environ, ENV_FILE, PREFIX, known):
        raise SettingsInvalid(unknown)
    try:
        return Settings()
    except ValidationError as invalid:
        allowed = {name: field.description or "" for name, field in Settings.model_fields.items()}
        raise SettingsInvalid(explain(invalid, PREFIX, allowed)) from None
