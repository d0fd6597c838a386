"""What the server's interface is, in the words of OpenAPI 3.1, made from the messages."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from db.replication.blobs import PATH as BLOB
from db.replication.enrolment import PATH, PROOF, Apply, Enrolled
from db.replication.messages import (
    AskIds,
    Declined,
    Hello,
    Ids,
    NotMyHistory,
    Page,
    Proof,
    Pull,
    Push,
    Pushed,
    Stored,
    Welcome,
)
from db.replication.wire import BODY_TYPE, DEVICE, NONCE, SIGNATURE

MESSAGES: dict[str, tuple[type[Struct], type[Struct], str]] = {
    "/v1/hello": (Hello, Welcome, "Who asks and what it holds; what is held of it here."),
    "/v1/ids": (AskIds, Ids, "Ids held, in ascending order."),
    "/v1/push": (Push, Pushed, "Lines; what of them is durable, said after the commit."),
    "/v1/pull": (Pull, Page, "Lines after a cursor, below a place, or by their ids."),
    "/v1/proof": (Proof, Pushed, "The server's own lines about a device it does not know (again)."),
    PATH: (Apply, Enrolled, "A machine with a one-time code becomes a counter."),
}
STATUSES = {
    "400": "The body is no such message.",
    "401": "Unknown device, wrong signature, or a nonce that ran out.",
    "403": "Revoked, or the code is not in order.",
    "409": "The cursor is not of this feed.",
    "413": "The body is too large.",
    "429": "Too many wrong codes from this address.",
    "503": "The database cannot take it now.",
}


def openapi() -> dict[str, Any]:
    """The document served at ``/v1/openapi.json``."""
    kinds = [kind for asked, said, _ in MESSAGES.values() for kind in (asked, said)]
    _, schemas = msgspec.json.schema_components(
        [*kinds, Declined, NotMyHistory, Stored], ref_template="#/components/schemas/{name}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "District server",
            "version": "1",
            "description": "Bodies are zstd over one line of JSON as described here and, after it,"
            " what the message carries: lines as they are, or ids of 32 bytes each.",
        },
        "paths": {
            **{path: {"post": _operation(path, *what)} for path, what in MESSAGES.items()},
            f"{BLOB}{{sha}}": {
                "parameters": _BLOB_PARAMETERS,
                "put": _blob("A piece of a file that an entry names; how much of it is here.", PUT),
                "get": _blob("A piece of a file of the asker's commune.", GET),
            },
        },
        "components": {"schemas": schemas},
    }


def _operation(path: str, asked: type[Struct], said: type[Struct], summary: str) -> dict[str, Any]:
    names = (SIGNATURE, PROOF) if path == PATH else (DEVICE, SIGNATURE, NONCE)
    return {
        "summary": summary,
        "operationId": path.rsplit("/", 1)[-1],
        "parameters": _headers(*names),
        "requestBody": {"required": True, "content": {BODY_TYPE: _schema(asked)}},
        "responses": {
            "200": {"description": summary, "content": {BODY_TYPE: _schema(said)}},
            **{
                status: {"description": what, "content": {BODY_TYPE: _schema(Declined)}}
                for status, what in STATUSES.items()
            },
        },
    }


PIECE = {"schema": {"type": "string", "format": "binary"}}
RAW = "application/octet-stream"
PUT: dict[str, Any] = {
    "requestBody": {"required": False, "content": {RAW: PIECE}},
    "answers": ("200", "409"),
}
GET: dict[str, Any] = {"answers": ()}
_BLOB_PARAMETERS = [
    {
        "name": "sha",
        "in": "path",
        "required": True,
        "description": "SHA-256 of the whole file.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    {
        "name": "off",
        "in": "query",
        "required": False,
        "description": "Where the piece begins, in bytes.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 99_999_999},
    },
]


def _blob(summary: str, how: dict[str, Any]) -> dict[str, Any]:
    statuses = {**STATUSES, "404": "No entry names this file, or it is not here (any more)."}
    answers = {
        status: {"description": what, "content": {BODY_TYPE: _schema(Declined)}}
        for status, what in statuses.items()
    }
    stored = {"description": summary, "content": {BODY_TYPE: _schema(Stored)}}
    piece = {"description": summary, "content": {RAW: PIECE}}
    return {
        "summary": summary,
        "operationId": "putBlob" if how["answers"] else "getBlob",
        "parameters": _headers(DEVICE, SIGNATURE, NONCE),
        **{name: value for name, value in how.items() if name != "answers"},
        "responses": {"200": piece, **answers, **dict.fromkeys(how["answers"], stored)},
    }


def _headers(*names: str) -> list[dict[str, Any]]:
    return [
        {"name": n, "in": "header", "required": False, "schema": {"type": "string"}} for n in names
    ]


def _schema(kind: type[Struct]) -> dict[str, Any]:
    # The body is compressed: its schema says what is found inside.
    return {"schema": {"type": "string", "format": "binary", "x-holds": kind.__name__}}
