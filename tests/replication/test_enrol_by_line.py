"""Enrolment over the line: every way it is refused, and that nobody on the way learns the code."""

from __future__ import annotations

import hashlib
import logging
import secrets

import pyrage
import pytest
from loopback import listening
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from db.district.app import FREE_TRIES, district_app
from db.district.counters import TRIES
from db.identity import new_device
from db.replication import enrolment
from db.replication.channel import new_door_key
from db.replication.enrolment import PATH, CodeKeys, CodeWrong, ServerNotProven, enrol, keys_of
from desk_app.messages import sentence_for


def applied(url, code):
    """A fresh machine's application."""
    to = str(pyrage.x25519.Identity.generate().to_public())
    return enrol(url, code, new_device(), new_door_key()[1], to)


def refused(url, code):
    """The word and the sentence an application is refused with."""
    with pytest.raises(CodeWrong) as wrong:
        applied(url, code)
    return wrong.value.facts["why"], sentence_for(wrong.value)


def test_a_code_that_is_none_or_was_never_given_out(district):
    assert refused(district.url, "8F3K2-9TQ7M")[0] == "form"
    assert refused(district.url, "8F3K2-9TQ7M-XA!")[0] == "form"
    why, sentence = refused(district.url, "8F3K2-9TQ7M-XAB")
    assert why == "unknown" and sentence == "Máy chủ không có mã này. Gõ lại, hoặc xin mã mới."


def test_a_code_as_a_person_types_it(district):
    code = district.code()
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert applied(district.url, typed).number == 1


def test_a_code_serves_one_machine_and_seven_days(district):
    code, late = district.code(), district.code(7)
    assert applied(district.url, code).number == 1
    assert refused(district.url, code) == ("used", "Mã đã dùng cho máy khác. Xin mã mới.")
    district.clock.forward(days=7, seconds=1)
    assert refused(district.url, late) == ("expired", "Mã quá 7 ngày. Xin mã mới.")


def test_who_knows_the_slot_and_not_the_key_has_five_tries(district, monkeypatch):
    code, real = district.code(), keys_of
    monkeypatch.setattr(
        enrolment, "keys_of", lambda typed: CodeKeys(real(typed).handle, secrets.token_bytes(16))
    )
    for _ in range(TRIES):
        assert refused(district.url, code)[0] == "unknown"
    assert refused(district.url, code)[0] == "tries"
    monkeypatch.undo()
    # The code is burnt for its owner too, and this address has to wait by now.
    assert refused(district.url, code)[0] == "wait"
    with listening(district_app(district.server)) as port:
        why, sentence = refused(f"http://127.0.0.1:{port}", code)
    assert why == "tries" and "Xin mã mới" in sentence


def test_an_address_that_guesses_waits_and_another_server_of_the_same_office_does_not(district):
    code = district.code()
    for _ in range(FREE_TRIES + 1):
        assert refused(district.url, "8F3K2-9TQ7M-XAB")[0] == "unknown"
    assert refused(district.url, code)[0] == "wait"
    with listening(district_app(district.server)) as port:
        assert applied(f"http://127.0.0.1:{port}", code).number == 1


def test_a_portal_that_answers_enrols_nobody(district):
    async def portal(_):
        return HTMLResponse("<h1>Wi-Fi</h1>")

    with (
        listening(Starlette(routes=[Route(PATH, portal, methods=["POST"])])) as port,
        pytest.raises(ServerNotProven),
    ):
        applied(f"http://127.0.0.1:{port}", district.code())


def test_the_code_is_in_no_log_no_address_and_no_byte_that_travels(district, caplog):
    code, seen, real = district.code(), [], district_app(district.server)

    async def overheard(scope, receive, send):
        async def got():
            seen.append((message := await receive()).get("body", b""))
            return message

        async def said(message):
            seen.append(message.get("body", b"") + repr(message.get("headers")).encode())
            await send(message)

        seen.append(repr((scope["path"], scope["query_string"], scope["headers"])).encode())
        await real(scope, got, said)

    caplog.set_level(logging.DEBUG)
    with listening(overheard) as port:
        applied(f"http://127.0.0.1:{port}", code)
        refused(f"http://127.0.0.1:{port}", code)
    letters, keys = code.replace("-", ""), keys_of(code)
    secret = [code.encode(), letters.encode(), keys.seal, keys.seal.hex().encode()]
    secret += [hashlib.sha256(s).hexdigest().encode() for s in (code.encode(), letters.encode())]
    heard = b"\n".join(seen)
    assert len(seen) >= 6 and caplog.records
    for each in secret:
        assert each not in heard and each not in caplog.text.encode()
