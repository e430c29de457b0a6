"""One Radicale for all of these tests; each has a calendar of its own."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from inbox_app import clock
from tests.calendar_servers import Radicale, running_radicale


@pytest.fixture(scope="package")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """Of a server, signed by itself."""
    return serving_with(self_signed(tmp_path))


@pytest.fixture
def named_certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """Of calendar.example, with the file that makes a client trust it."""
    made = self_signed(tmp_path, dns_name="calendar.example")
    return serving_with(made), made


def serving_with(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def self_signed(directory: Path, dns_name: str = "") -> Path:
    """A key and its certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, dns_name or "127.0.0.1")])
    day = timedelta(days=1)
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(clock.now() - day).not_valid_after(clock.now() + day)
    )  # fmt: skip
    if dns_name:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(dns_name)]), critical=False)
    made = builder.sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    path = directory / "server.pem"
    path.write_bytes(pem)
    return path
