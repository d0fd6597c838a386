"""Messages as bytes: what was packed comes back, and nothing else is let in."""

from __future__ import annotations

import os

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from db.identity import new_device
from db.replication.messages import (
    START,
    AskIds,
    Cursor,
    Declined,
    Hello,
    Ids,
    NotMyHistory,
    NotTaken,
    Page,
    Pull,
    Push,
    Pushed,
    Sum,
    Welcome,
)
from db.replication.wire import (
    MAX_BODY,
    MAX_UNPACKED,
    BodyWrong,
    answer_is_by,
    pack,
    request_is_by,
    sign_answer,
    sign_request,
    unpack,
)

A, B = "a" * 64, "b" * 64
MESSAGES = [
    Hello("0" * 16, "11749", Sum(3, A), Sum(9, B), "1" * 16, "2026-11-26T09:41:00+07:00"),
    Welcome("S", Sum(), Sum(9, B), "2026-11-26T09:41:00+07:00", "5.abc", want_blobs=(A,)),
    AskIds("own", A),
    Ids((bytes(32), b"\1" * 32), more=True),
    Push((b"one\n", "hai: Ứng Hòe\n".encode())),
    Pushed(Sum(2, A), Sum(2, A), Sum(2, A), (NotTaken(A, "unknown-device", False),)),
    Pull((Cursor(5, A), START)),
    Page((b"one\n",), Cursor(5, A), Sum(1, B), more=True, before=4),
    NotMyHistory(),
    Declined("nonce"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_message_comes_back_as_it_was_packed(message):
    assert unpack(type(message), pack(message)) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_body_of_one_kind_is_no_other(message):
    for kind in {type(m) for m in MESSAGES} - {type(message)}:
        with pytest.raises(BodyWrong):
            unpack(kind, pack(message))


@given(st.binary(max_size=300))
def test_noise_is_no_message(noise):
    with pytest.raises(BodyWrong):
        unpack(Push, noise)


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_flipped_bit_is_noticed_or_changes_no_line(at, bit):
    body = bytearray(pack(MESSAGES[4]))
    body[at % len(body)] ^= 1 << bit
    try:
        lines = unpack(Push, bytes(body)).lines
    except BodyWrong:
        return
    # zstd has no checksum here: the request's signature is over these very bytes.
    assert all(line.endswith(b"\n") for line in lines)


def test_a_small_body_that_unpacks_to_more_than_a_page_is_refused_unread():
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(200_000_000))
    assert len(bomb) < MAX_BODY
    with pytest.raises(BodyWrong) as refused:
        unpack(Push, bomb)
    assert refused.value.facts["why"] == "size"


def test_a_frame_that_lies_about_its_size_is_refused():
    honest = zstandard.ZstdCompressor(level=3, write_content_size=False).compress(
        bytes(MAX_UNPACKED + 1)
    )
    with pytest.raises(BodyWrong):
        unpack(Push, honest)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "size"),
        (zstandard.ZstdCompressor(write_content_size=False).compress(b"{}\n"), "pack"),
        (os.urandom(MAX_BODY + 1), "size"),
        (b"no zstd at all", "pack"),
        (pack(MESSAGES[4])[:-3], "pack"),
        (zstandard.compress(b"{}"), "form"),
        (zstandard.compress(b'{"type":"push"}\nhalf a line'), "lines"),
        (zstandard.compress(b"[" * 100_000 + b"\n"), "form"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_in_one_word(body, why):
    with pytest.raises(BodyWrong) as refused:
        unpack(Push, body)
    assert refused.value.facts["why"] == why


def test_ids_that_are_no_whole_ids_are_refused():
    body = zstandard.compress(msgspec.json.encode({"type": "ids-are", "more": False}) + b"\nshort")
    with pytest.raises(BodyWrong):
        unpack(Ids, body)


def test_a_request_is_signed_with_everything_that_matters():
    device, other = new_device(), new_device()
    signed = sign_request(device, "POST", "/v1/push", b"body", "nonce")
    keys = (device.public_key,)
    assert request_is_by(keys, signed, "POST", "/v1/push", b"body", "nonce")
    assert not request_is_by((other.public_key,), signed, "POST", "/v1/push", b"body", "nonce")
    for changed in (
        ("PUT", "/v1/push", b"body", "nonce"),
        ("POST", "/v1/pull", b"body", "nonce"),
        ("POST", "/v1/push", b"other", "nonce"),
        ("POST", "/v1/push", b"body", "other"),
    ):
        assert not request_is_by(keys, signed, *changed)
    for junk in ("", "no base64!", "AAAA", "ñ"):
        assert not request_is_by(keys, junk, "POST", "/v1/push", b"body", "nonce")


def test_an_answer_is_to_one_request_only():
    server, spare = new_device(), new_device()
    keys = (server.public_key, spare.public_key)
    signed = sign_answer(server, "question", 200, b"body")
    assert answer_is_by(keys, signed, "question", 200, b"body")
    assert answer_is_by(
        keys, sign_answer(spare, "question", 200, b"body"), "question", 200, b"body"
    )
    assert not answer_is_by(keys, signed, "another", 200, b"body")
    assert not answer_is_by(keys, signed, "question", 409, b"body")
    assert not answer_is_by(keys, signed, "question", 200, b"other")
