"""Settings: what is accepted, and the sentence for what is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inbox_app.settings import ROOT, Settings
from inbox_app.settings_text import SettingsInvalid

SettingsWith = Callable[..., Settings]


def test_a_database_in_the_data_directory_is_the_default(settings_with: SettingsWith, tmp_path: Path) -> None:
    assert settings_with(data_dir=tmp_path).database_url == f"sqlite:///{tmp_path}/inbox.db"


def test_relative_paths_start_at_the_project(settings_with: SettingsWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    settings = settings_with(data_dir="elsewhere", database_url="sqlite:///some.db")
    assert settings.data_dir == ROOT / "elsewhere"
    assert settings.database_url == f"sqlite:///{ROOT}/some.db"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql://u:p@h/d"),
    ],
)
def test_a_driver_in_the_address_is_dropped(settings_with: SettingsWith, given: str, kept: str) -> None:
    assert settings_with(database_url=given).database_url == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("https://Shop.Example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://café.example", "https://xn--caf-dma.example"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_origins_are_kept_as_browsers_send_them(settings_with: SettingsWith, given: str, kept: str) -> None:
    settings = settings_with(env="production", allowed_origins=f"{given}, https://other.example", public_url=given)
    assert settings.allowed_origins == (kept, "https://other.example")
    assert settings.public_url == kept


@pytest.mark.parametrize(
    "given",
    ["shop.example", "https://shop.example/page", "https://u:p@shop.example", "https://", "ftp://shop.example",
     "https://shop.example:port", "https://shop.example?x=1", "null"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["allowed_origins", "public_url"])
def test_what_no_browser_would_send_as_its_origin_is_refused(
    settings_with: SettingsWith, name: str, given: str
) -> None:
    with pytest.raises(SettingsInvalid, match=f"INBOX_{name.upper()}"):
        settings_with(**{name: given})


def test_every_site_may_embed_the_widget_where_the_operator_says_so(settings_with: SettingsWith) -> None:
    assert settings_with(env="production", allowed_origins="*").allowed_origins == ("*",)


def test_an_ipv6_address_to_listen_on_is_a_public_address_too(settings_with: SettingsWith) -> None:
    assert settings_with(host="::1").public_url == "http://[::1]:3000"


def test_several_workers_need_redis_and_postgresql(settings_with: SettingsWith) -> None:
    with pytest.raises(SettingsInvalid, match="INBOX_WORKERS=2 needs INBOX_REDIS_URL and a postgresql://"):
        settings_with(workers=2)
    assert settings_with(workers=2, redis_url="redis://h", database_url="postgresql://h/d").workers == 2


def test_the_clock_moves_only_in_tests(settings_with: SettingsWith) -> None:
    assert settings_with(clock_offset=-60).clock_offset == -60
    with pytest.raises(SettingsInvalid, match="INBOX_CLOCK_OFFSET moves the clock"):
        settings_with(env="production", clock_offset=1)


def test_rate_limits_and_origins_follow_the_kind_of_installation(settings_with: SettingsWith) -> None:
    in_test = settings_with(env="test")
    assert (in_test.rate_limits, in_test.allowed_origins) == (False, ("*",))
    in_production = settings_with(env="production")
    assert (in_production.rate_limits, in_production.allowed_origins) == (True, ())


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("env", "staging", "one of production, demo, test"),
        ("port", "http", "a whole number from 1 to 65535"),
        ("port", "70000", "a whole number from 1 to 65535"),
        ("database_url", "mysql://h/d", "sqlite:///path/to/file or postgresql://"),
        ("redis_url", "localhost", "redis://"),
        ("redis_url", "redis+unix:///run/redis.sock", "unix:///path/to/socket"),
        ("redis_url", "redis:///0", "redis://host"),
        ("redis_url", "redis://h:70000/0", "redis://host"),
        ("redis_url", "redis://h/first", "redis://host"),
        ("redis_url", "unix://", "unix:///path/to/socket"),
        ("secret_key", "short", "at least 16 characters"),
        ("trusted_proxies", "the-proxy", "addresses or networks"),
        ("rate_limits", "maybe", "on or off"),
        ("microsoft_tenant", "a/b", "a tenant's id or domain"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(
    settings_with: SettingsWith, name: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        settings_with(**{name: value})
    assert str(refused.value).startswith(f"INBOX_{name.upper()} is not accepted: it must be")
    assert allowed in str(refused.value)
    assert value not in str(refused.value).removeprefix(f"INBOX_{name.upper()}") or value in allowed


def test_an_unknown_variable_is_told_with_the_nearest(settings_with: SettingsWith) -> None:
    with pytest.raises(SettingsInvalid, match=r"INBOX_PROT is not a setting: did you mean INBOX_PORT\?"):
        settings_with(prot=1)


@pytest.mark.parametrize(
    "url",
    [
        "redis://h",
        "redis://:p@h:6390/1",
        "rediss://h:6390/2?ssl_ca_certs=/etc/ca.pem",
        "unix:///run/redis.sock",
        "unix://:p@/run/redis.sock?db=1",
    ],
)
def test_redis_is_reached_in_three_ways(settings_with: SettingsWith, url: str) -> None:
    assert settings_with(redis_url=url).redis_url == url


def test_a_password_behind_a_question_mark_is_masked(settings_with: SettingsWith) -> None:
    shown = settings_with(redis_url="unix:///run/redis.sock?password=hush&db=1").masked()["INBOX_REDIS_URL"]
    assert shown == "unix:///run/redis.sock?password=***&db=1"


def test_secrets_are_masked(settings_with: SettingsWith) -> None:
    shown = settings_with(
        database_url="postgresql://ann:hush-1@h:5/d",
        redis_url="redis://:hush-2@h",
        smtp_url="smtp://m:hush-3@h",
        secret_key="hush-4-hush-4-hush-4",
        google_client_secret="hush-5",
        microsoft_client_secret="hush-6",
    ).masked()
    assert "hush" not in str(shown)
    assert shown["INBOX_DATABASE_URL"] == "postgresql://ann:***@h:5/d"


def test_a_signing_key_is_made_once_and_is_private(settings_with: SettingsWith, tmp_path: Path) -> None:
    settings = settings_with(data_dir=tmp_path / "new")
    key = settings.signing_key()
    assert len(key) >= 32
    assert settings.signing_key() == key
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["signing.key"]
    assert (tmp_path / "new" / "signing.key").stat().st_mode & 0o077 == 0
