"""Broken lines on real sockets: nothing counts as sent but what the server itself signed for."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import stamina
from loopback import listening
from two_counters import codes_of

from db.district.app import district_app
from db.identity import new_device
from db.replication import night
from db.replication.channel import certificate_for, make_authority, write_pair
from db.replication.night import NoLine, Patience, Peer
from desk_app.messages import sentence_for
from desk_app.services.replicate import replicate, round_with_peer
from desk_app.services.sending import sending

QUICK = Patience(connect=2.0, silent=0.5, attempts=1)
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<h1>Wi-Fi mi\xe1\xbb\x85n ph\xc3\xad</h1>"


class Played:
    """A server that plays one part with every connection; counts them."""

    def __init__(self, part, files=None):
        self.part, self.times = part, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._context = None
        if files:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*files)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._socket.getsockname()[1]

    @property
    def url(self):
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}"

    def _run(self):
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            self.times += 1
            with plain, contextlib.suppress(OSError):
                if self._context is None:
                    self.part(plain)
                    continue
                with self._context.wrap_socket(plain, server_side=True) as wrapped:
                    self.part(wrapped)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._socket.close()
        self._thread.join(10)


@pytest.fixture
def played():
    made = []

    def play(part, files=None):
        made.append(Played(part, files))
        return made[-1]

    yield play
    for each in made:
        each.close()


def asked(connection):
    """Read a whole request."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(h.split(b":")[1]) for h in head.lower().split(b"\r\n") if b"content-length" in h), 0
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head, body


def says(reply):
    def part(connection):
        asked(connection)
        connection.sendall(reply)

    return part


@pytest.fixture
def counter(counter_of):
    """A counter with one dossier the server has not seen."""
    desk = counter_of("one")
    replicate(desk)
    codes_of(desk)
    return desk


def at(desk, url, authority=b"", host=""):
    """A round with whatever listens there, in the server's name."""
    facts = _facts(desk)
    keys = tuple(map(bytes.fromhex, facts.keys))
    peer = Peer(
        "S", url, keys, authority or (b"" if url.startswith("http:") else _own(facts)), host
    )
    return round_with_peer(desk, peer, patience=QUICK)


def _facts(desk):
    from db.trust import read_server

    with desk.reading() as connection:
        return read_server(connection)


def _own(facts):
    return facts.authority.encode()


def refused(desk, ended, why):
    """The round came to nothing, and nothing counts as sent."""
    assert (ended.why, ended.sent, ended.in_step) == (why, 0, False)
    assert sending(desk).unsent == 1 and sending(desk).server.why == why
    assert sentence_for(ended.refusal)


def tls(district, tmp_path, names=("127.0.0.1",), authority=None, **dates):
    pair = certificate_for(authority or district.server.authority, names, **dates)
    return write_pair(pair, tmp_path, "played")


# ---------------------------------------------------------------- somebody else answers


@pytest.mark.parametrize(
    "reply",
    [
        PORTAL,
        b"HTTP/1.1 302 Found\r\nLocation: http://login.wifi/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nsorry",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["portal", "redirect", "empty", "bad gateway", "500"],
)
def test_what_the_server_did_not_sign_is_no_answer(counter, played, reply):
    refused(counter, at(counter, played(says(reply)).url), "not-the-server")
    assert "chưa tới máy chủ" in sentence_for(NoLine(why="not-the-server"))


def test_a_portal_with_tls_of_its_own_is_not_the_server(counter, played, tmp_path, district):
    files = tls(district, tmp_path, authority=make_authority("Wi-Fi"))
    refused(counter, at(counter, played(says(PORTAL), files).url), "certificate")


def test_another_host_of_the_same_authority_is_not_the_server(counter, played, tmp_path, district):
    files = tls(district, tmp_path, names=("10.1.2.3", "khac.example"))
    refused(counter, at(counter, played(says(PORTAL), files).url), "certificate")


def test_the_right_certificate_with_another_signing_key_is_not_believed(
    counter, district, tmp_path
):
    """Who stole the TLS key still cannot acknowledge anything."""
    from dataclasses import replace

    from db.identity import Device
    from db.journal import Journal

    server = district.server
    thief = Device(new_device()._key, "S")
    stolen = replace(server, journal=Journal(server.engine, thief, "*", server.now))
    with listening(district_app(stolen), tls(district, tmp_path)) as port:
        refused(counter, at(counter, f"https://127.0.0.1:{port}"), "not-the-server")


@pytest.mark.parametrize("years", [-21, 19])
def test_dates_of_a_certificate_are_not_looked_at(counter, district, tmp_path, years):
    """A PC with a dead battery says 2002; the chain and the host are what counts."""
    begin = datetime.now(UTC) + timedelta(days=365 * years)
    files = tls(district, tmp_path, not_before=begin, not_after=begin + timedelta(days=30))
    with listening(district_app(district.server), files) as port:
        assert at(counter, f"https://127.0.0.1:{port}").in_step


@pytest.mark.parametrize("years", [-20, 10])
def test_a_wrong_clock_keeps_nobody_from_sending(counter, district, years):
    district.clock.forward(days=365 * years)
    assert replicate(counter).in_step


# ---------------------------------------------------------------- nobody answers


def test_nothing_listens(counter):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused(counter, at(counter, f"http://127.0.0.1:{port}"), "refused")


def test_no_such_name(counter):
    refused(counter, at(counter, "https://no-such-host.invalid"), "network")


def test_a_line_that_is_half_open_is_given_up(counter, played):
    hold = threading.Event()
    server = played(lambda connection: hold.wait(5))
    refused(counter, at(counter, server.url), "silent")
    hold.set()


def test_plain_http_goes_to_no_other_machine(counter):
    refused(counter, at(counter, "http://192.0.2.1:80"), "plain-http")


# ---------------------------------------------------------------- cut, bent, repeated


def through(district, bend):
    """A transport to the real server that bends what comes back."""
    real = httpx.HTTPTransport(verify=False)

    class Bent(httpx.BaseTransport):
        def handle_request(self, request):
            answer = real.handle_request(request)
            body = answer.read()
            headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
            return bend(request, httpx.Response(answer.status_code, headers=headers, content=body))

        def close(self):
            real.close()

    return Bent()


@pytest.mark.parametrize("at_byte", [0, 1, 17, -1])
def test_a_flipped_bit_in_an_answer_is_no_answer(counter, district, at_byte):
    def bend(request, answer):
        body = bytearray(answer.content)
        body[at_byte] ^= 4
        return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(body))

    ended = replicate(counter, transport=through(district, bend))
    refused(counter, ended, "not-the-server")


def test_an_answer_to_another_request_is_no_answer(counter, district):
    kept = []

    def bend(request, answer):
        kept.append(answer)
        return kept[0]

    ended = replicate(counter, transport=through(district, bend))
    refused(counter, ended, "not-the-server")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_an_answer_cut_off_in_the_middle(counter, played, share):
    body = b"x" * 200
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n"
    refused(counter, at(counter, played(says(head + body[: int(200 * share)])).url), "cut-off")


def test_an_acknowledgement_that_was_lost_is_asked_for_again(counter, district):
    """The server has it, the counter does not know; the next round finds out, nothing is doubled."""

    def bend(request, answer):
        if request.url.path == "/v1/push":
            raise httpx.ReadError("gone")
        return answer

    refused(counter, replicate(counter, transport=through(district, bend)), "cut-off")
    again = replicate(counter)
    assert again.in_step and again.sent == 0 and sending(counter).unsent == 0


# ---------------------------------------------------------------- patience


def test_a_broken_line_is_tried_again_and_somebody_elses_page_is_not(counter, played, monkeypatch):
    stamina.set_active(True)
    stamina.set_testing(True, attempts=3)
    try:
        monkeypatch.setitem(globals(), "QUICK", Patience(2.0, 0.3, 3))
        silent = played(lambda connection: None)
        refused(counter, at(counter, silent.url), "cut-off")
        portal = played(says(PORTAL))
        refused(counter, at(counter, portal.url), "not-the-server")
    finally:
        stamina.set_testing(False)
    assert (silent.times, portal.times) == (3, 1)


# ---------------------------------------------------------------- proxies


def _pour(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def abroad(district, tmp_path, monkeypatch):
    """The server under a name that is no loopback, reached through the office's proxy; its port."""
    files = tls(district, tmp_path, names=("may-chu.huyen",))
    monkeypatch.setattr(night, "_is_loopback", lambda url: False)
    with listening(district_app(district.server), files) as port:
        yield port


def test_a_proxy_in_between_is_gone_through(counter, abroad, played, monkeypatch):
    def to_server(connection):
        head, _ = asked(connection)
        assert head.startswith(b"CONNECT may-chu.huyen:443")
        with socket.create_connection(("127.0.0.1", abroad), 5) as beyond:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pour, args=(beyond, connection), daemon=True).start()
            _pour(connection, beyond)

    proxy = played(to_server)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert at(counter, "https://may-chu.huyen").in_step and proxy.times >= 1


def test_a_proxy_that_apologises_is_not_the_server(counter, abroad, played, monkeypatch):
    apology = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    monkeypatch.setenv("HTTPS_PROXY", played(says(apology)).url)
    refused(counter, at(counter, "https://may-chu.huyen"), "not-the-server")


# ---------------------------------------------------------------- the command


def test_the_command_says_that_there_is_no_line(counter, played):
    command = [sys.executable, "-P", "-m", "desk_app", "replicate", "--json", "--data"]
    portal = played(says(PORTAL))
    counter.close()
    ran = subprocess.run(
        [*command, str(counter.data), "--server", portal.url],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 3 and "chưa tới máy chủ" in ran.stderr
    said = json.loads(ran.stdout)
    assert {"sent": 0, "fetched": 0, "parked": 0, "conflicts": 0, "in_step": False}.items() <= (
        said.items()
    )
    assert said["why"] == "not-the-server"
