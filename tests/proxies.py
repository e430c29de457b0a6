"""nginx and Caddy with TLS, started from the very files of deploy/, so that what they document is what works."""

import ipaddress
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inbox_app import clock
from inbox_app.settings import ROOT
from tests.programs import START_SECONDS, accepts, free_port, wait_until

Kind = Literal["nginx", "caddy"]
DEPLOY = ROOT / "deploy"
NAME = "chat.example.com"
BEHIND = "127.0.0.1:3000"
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
"""Debian keeps nginx off the path of most people."""
NGINX_AROUND = """daemon off;
user root;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 1024; }}
http {{
access_log off;
client_body_temp_path {directory}/body;
proxy_temp_path {directory}/proxy;
fastcgi_temp_path {directory}/fastcgi;
uwsgi_temp_path {directory}/uwsgi;
scgi_temp_path {directory}/scgi;
{site}
}}
"""
"""`user`: started by root, nginx would store large bodies as nobody, who can't reach a test's directory."""
CADDY_BEFORE = "{{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}}\n{site}"
CADDY_TLS = "{{\n\tbind 127.0.0.1\n\ttls {certificate} {key}\n"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for localhost."""

    certificate: Path
    key: Path

    @property
    def trusted(self) -> ssl.SSLContext:
        """For a client that believes this certificate and no other."""
        return ssl.create_default_context(cafile=str(self.certificate))


def make_certificate(directory: Path) -> Certificate:
    """A new key and a certificate for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = clock.now()
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(directory / "localhost.pem", directory / "localhost.key")
    made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def why_no(kind: Kind) -> str | None:
    """The reason to skip, or None."""
    return None if shutil.which(kind, path=PATH) else f"{kind} is not on this machine"


def replaced(text: str, changes: dict[str, str]) -> str:
    """The text with all of these changed. A line that deploy/ no longer has is an error."""
    for old, new in changes.items():
        assert old in text, f"deploy/ has no {old!r} any more"
        text = text.replace(old, new)
    return text


def nginx_configuration(directory: Path, port: int, upstream: str, tls: Certificate) -> str:
    """deploy/nginx.conf for another name, ports and files, inside the least that nginx needs around it."""
    site = replaced(
        (DEPLOY / "nginx.conf").read_text(),
        {
            BEHIND: upstream,
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
            f"/etc/ssl/certs/{NAME}.pem": str(tls.certificate),
            f"/etc/ssl/private/{NAME}.key": str(tls.key),
            NAME: "localhost",
        },
    )
    return NGINX_AROUND.format(directory=directory, site=site)


def caddy_configuration(port: int, upstream: str, tls: Certificate) -> str:
    """deploy/Caddyfile for another name and port, with a certificate instead of one from an authority."""
    with_tls = CADDY_TLS.format(certificate=tls.certificate, key=tls.key)
    site = replaced(
        (DEPLOY / "Caddyfile").read_text(), {f"{NAME} {{\n": f"localhost:{port} {with_tls}", BEHIND: upstream}
    )
    return CADDY_BEFORE.format(site=site)


@contextmanager
def running_proxy(kind: Kind, directory: Path, port: int, upstream: str, tls: Certificate) -> Iterator[None]:
    """The proxy on this port for the length of the block."""
    directory.mkdir()
    file = directory / "configuration"
    if kind == "nginx":
        file.write_text(nginx_configuration(directory, port, upstream, tls))
        command = ["nginx", "-c", str(file), "-p", str(directory), "-e", str(directory / "error.log")]
    else:
        file.write_text(caddy_configuration(port, upstream, tls))
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
    environment = {"HOME": str(directory), "PATH": PATH}  # no setting of this machine
    with (directory / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: process.poll() is not None or accepts(port), f"{kind} answers")
            assert process.poll() is None, f"{kind} ended by itself:\n{(directory / 'log').read_text()}"
            yield
        finally:
            process.terminate()
            process.wait(START_SECONDS)
