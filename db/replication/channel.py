"""TLS between nodes: a private authority, its certificates, and contexts that pin it.

Chain and host are checked, dates are not: a counter whose battery died says 2002 and must still
send its day. Another authority, or another host, is refused as ever.
"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which the ssl module has no name for."""
VALID = timedelta(days=365 * 40)
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


class Pair(NamedTuple):
    """A certificate and its private key, PEM."""

    certificate: bytes
    key: bytes


_COUNTER = ".counter.hoso"


def door_name(device: str) -> str:
    """The host name in the certificate of a counter's own door."""
    return f"{device}{_COUNTER}"


def device_named(certificate: Mapping[str, Any]) -> str:
    """The counter whose door has this certificate (as ``ssl`` tells it); empty: no counter's."""
    names = [str(name) for kind, name in certificate.get("subjectAltName", ()) if kind == "DNS"]
    return next((n.removesuffix(_COUNTER) for n in names if n.endswith(_COUNTER)), "")


def make_authority(name: str) -> Pair:
    """A private certificate authority, made once by a district server."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(subject, subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pair(certificate, key)


def certificate_for(
    authority: Pair,
    names: Iterable[str],
    public_key: bytes | None = None,
    not_before: datetime = BEFORE,
    not_after: datetime | None = None,
) -> Pair:
    """A certificate of the authority for host names and IP addresses.

    With ``public_key`` (DER) it is for a key that lies elsewhere, and ``key`` of the pair is empty.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    signer = serialization.load_pem_private_key(authority.key, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    public = serialization.load_der_public_key(public_key) if public_key else own.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    named = [_general_name(name) for name in names]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hoso")])
    certificate = (
        _builder(subject, issuer.subject, public, not_before, not_after)
        .add_extension(x509.SubjectAlternativeName(named), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
    if public_key is not None:
        return Pair(certificate.public_bytes(serialization.Encoding.PEM), b"")
    return _pair(certificate, own)


def new_door_key() -> tuple[bytes, bytes]:
    """A counter's own TLS key: PEM, and its public half as DER for the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _private(key), public


def is_door_key(der: bytes) -> bool:
    """Whether these bytes are the public half of a door's key."""
    try:
        return isinstance(serialization.load_der_public_key(der), ec.EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def client_context(authority: bytes) -> ssl.SSLContext:
    """Trusts this authority (PEM) alone; checks chain and host, not the dates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=authority.decode())
    context.verify_flags |= NO_CHECK_TIME
    return context


def server_context(pair: Pair) -> ssl.SSLContext:
    """For a door. ``ssl`` takes keys from files only: the key goes there under a passphrase that
    lives in this call, so that it never lies on a disk in the clear."""
    passphrase = secrets.token_hex(32).encode()
    key = serialization.load_pem_private_key(pair.key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        files = write_pair(Pair(pair.certificate, key), Path(folder), "door")
        context.load_cert_chain(*files, password=passphrase)
    return context


def first_meeting() -> ssl.SSLContext:
    """For enrolment only, when the authority is not known yet: the one-time code proves both
    sides to each other instead (enrolment.py)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def write_pair(pair: Pair, folder: Path, name: str) -> tuple[Path, Path]:
    """Certificate and key as files, as a TLS server wants them; only the account reads them."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(pair.certificate)
    key.touch(mode=0o600, exist_ok=True)
    key.write_bytes(pair.key)
    return certificate, key


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    not_before: datetime = BEFORE,
    not_after: datetime | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after or not_before + VALID)
    )


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _private(key))


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
