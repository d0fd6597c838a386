"""The keys a machine has beside the one it signs with, and those it has applied with."""

from __future__ import annotations

import json
from typing import NamedTuple

import pyrage
from sqlalchemy import Connection

from db.identity import Device, device_from
from db.projection import read_meta, write_meta
from db.replication.channel import new_door_key

MACHINE, APPLIED = "machine", "applied"


class Machine(NamedTuple):
    """The keys of a machine beside the one it signs with."""

    door_key: bytes
    """PEM."""
    door_public: bytes
    """DER."""
    age: str
    """age identity."""
    recipient: str


class Keys(NamedTuple):
    """What a machine applies with; kept before it does, so that a lost answer can be asked for
    again and one that comes days later on a stick still finds its keys."""

    device: Device
    machine: Machine


def new_machine() -> Machine:
    """Keys nobody has."""
    door_key, door_public = new_door_key()
    age = pyrage.x25519.Identity.generate()
    return Machine(door_key, door_public, str(age), str(age.to_public()))


def machine_of(connection: Connection) -> Machine | None:
    """The keys this machine made for its enrolment."""
    stored = read_meta(connection, MACHINE)
    if stored is None:
        return None
    return _machine(json.loads(stored))


def _machine(plain: dict[str, str]) -> Machine:
    return Machine(
        bytes.fromhex(plain["door_key"]),
        bytes.fromhex(plain["door_public"]),
        plain["age"],
        plain["recipient"],
    )


def plain_of(machine: Machine) -> dict[str, str]:
    """As it lies in the database."""
    kept = machine._asdict()
    return {k: v.hex() if isinstance(v, bytes) else v for k, v in kept.items()}


def read_applied(connection: Connection) -> Keys | None:
    """What this machine has applied with and was not answered to yet."""
    stored = read_meta(connection, APPLIED)
    if not stored:
        return None
    plain = json.loads(stored)
    return Keys(device_from(bytes.fromhex(plain.pop("device"))), _machine(plain))


def write_applied(connection: Connection, keys: Keys) -> None:
    """Keep what it applies with, before it does."""
    plain = {**plain_of(keys.machine), "device": keys.device.private_bytes().hex()}
    write_meta(connection, APPLIED, json.dumps(plain).encode())
