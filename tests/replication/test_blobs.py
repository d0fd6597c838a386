"""Scanned papers on their way: in pieces, checked, going on where the line broke."""

from __future__ import annotations

import secrets

import httpx
import pypdfium2
import pytest
from two_counters import codes_of

from db.blobs import CHUNK, BlobMissing, Blobs, BlobWrong
from db.district.counters import revoke
from desk_app.messages import sentence_for
from desk_app.services.attach import AttachedBefore, FileRefused, attach, content_of, look_at
from desk_app.services.find import the_one
from desk_app.services.replicate import SMALL, replicate

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def scan(tmp_path):
    """A picture of so many bytes."""

    def make(size: int, name: str = "scan.png"):
        file = tmp_path / name
        file.write_bytes(PNG + secrets.token_bytes(size - len(PNG)))
        return file

    return make


def taken(desk):
    [code] = codes_of(desk)
    return bytes.fromhex(the_one(desk, code).id), code


def the_sha(desk):
    from desk_app.services.dossiers import page
    from desk_app.services.find import dossier

    return dossier(desk, page(desk, "all")[0].id).files[0].sha256


def test_the_entry_goes_first_and_the_file_follows(district, counter_of, scan):
    one, two = counter_of("one"), counter_of("two")
    id_, code = taken(one)
    file = scan(700_000)
    sha = attach(one, id_, file, "Tờ khai").sha256
    assert replicate(one).files_sent == 0, "the server hears of it in this round"
    assert replicate(two).in_step and the_one(two, code).files[0].sha256 == sha
    sent = replicate(one)
    assert (sent.files_sent, sent.files_waiting) == (1, 0)
    assert district.server.blobs.get(sha) == file.read_bytes()
    assert replicate(one).files_sent == 0
    # A sibling has it when it is asked for.
    assert content_of(two, the_one(two, code).files[0]) == file.read_bytes()
    assert two.blobs.has(sha)


def test_big_files_wait_for_the_night(counter_of, scan):
    one = counter_of("one")
    id_, _ = taken(one)
    attach(one, id_, scan(SMALL + 1))
    replicate(one)
    day = replicate(one, largest=SMALL)
    assert (day.files_sent, day.files_waiting, day.in_step) == (0, 1, True)
    assert replicate(one).files_sent == 1


class Breaking(httpx.BaseTransport):
    """A line that breaks after so many pieces, before or after the server has one."""

    def __init__(self, pieces: int, after: bool) -> None:
        self.left, self.after = pieces, after
        self._real = httpx.HTTPTransport(verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and request.content:
            self.left -= 1
            if self.left < 0 and not self.after:
                raise httpx.ConnectError("broken")
        answer = self._real.handle_request(request)
        body = answer.read()
        if request.method == "PUT" and self.left < 0:
            raise httpx.ReadError("broken")
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)

    def close(self) -> None:
        self._real.close()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_it_goes_on_where_the_line_broke(district, counter_of, scan, pieces, after):
    one = counter_of("one")
    id_, _ = taken(one)
    file = scan(CHUNK * 3 + 5)
    sha = attach(one, id_, file).sha256
    replicate(one)
    line = Breaking(pieces, after)
    broken = replicate(one, transport=line)
    assert broken.in_step and broken.files_sent == 0
    here = district.server.blobs.begun(sha, one.journal.device.id)
    whole = district.server.blobs.has(sha)
    assert whole or here == CHUNK * (pieces + after)
    replicate(one)
    assert district.server.blobs.get(sha) == file.read_bytes()


def test_two_counters_with_the_same_picture(district, counter_of, scan):
    one, two = counter_of("one"), counter_of("two")
    file = scan(300_000)
    went = 0
    for desk in (one, two):
        attach(desk, taken(desk)[0], file)
        went += replicate(desk).files_sent
    went += sum(replicate(desk).files_sent for desk in (one, two, one))
    assert went == 1
    assert district.server.blobs.get(the_sha(one)) == file.read_bytes()


def test_a_file_that_was_deleted_is_fetched_again_or_said_to_be_missing(district, counter_of, scan):
    one = counter_of("one")
    id_, code = taken(one)
    file = scan(10_000)
    sha = attach(one, id_, file).sha256
    place = one.blobs.folder / sha[:2] / sha
    replicate(one), replicate(one)
    place.unlink()
    [named] = the_one(one, code).files
    assert content_of(one, named) == file.read_bytes() and place.exists()
    place.unlink()
    (district.server.blobs.folder / sha[:2] / sha).write_bytes(b"rotten")
    with pytest.raises(BlobMissing) as missing:
        content_of(one, named)
    assert sentence_for(missing.value).startswith("Thiếu tệp gốc")
    # The server asks for it again, and has it as soon as somebody does.
    (district.server.blobs.folder / sha[:2] / sha).unlink()
    one.blobs.put(file.read_bytes())
    assert replicate(one).files_sent == 1


def test_nobody_fills_the_servers_disk_with_files_of_his_own(district, counter_of, scan):
    from db.replication.blobs import send_blob
    from db.replication.night import Line, PeerDeclined
    from db.trust import read_server
    from desk_app.services.replicate import hello_to, peer_of

    one = counter_of("one")
    replicate(one)
    with one.reading() as connection:
        facts = read_server(connection)
    line = Line(peer_of(facts, district.url), one.journal.device)
    line.ask(hello_to(one, "S"))
    sha = one.blobs.put(PNG * 10)
    with pytest.raises(PeerDeclined):
        send_blob(line, one.blobs, sha)
    line.close()
    assert not district.server.blobs.has(sha)


def test_a_revoked_machines_files_are_not_asked_for(district, counter_of, scan):
    one = counter_of("one")
    id_, _ = taken(one)
    attach(one, id_, scan(9_000))
    replicate(one)
    revoke(district.server, one.journal.device.id, "Mất máy")
    assert replicate(one).files_sent == 0


# ---------------------------------------------------------------- the files themselves


def test_a_file_is_sealed_and_put_away_whole(tmp_path):
    blobs = Blobs(tmp_path / "blobs", bytes(32))
    content = b"Nguyen Thi Thu " * 50_000
    sha = blobs.put(content)
    place = blobs.folder / sha[:2] / sha
    assert blobs.get(sha) == content and b"Nguyen" not in place.read_bytes()
    bent = bytearray(place.read_bytes())
    bent[5_000] ^= 1
    place.write_bytes(bent)
    with pytest.raises(BlobMissing):
        blobs.get(sha)
    with pytest.raises(BlobMissing):
        Blobs(tmp_path / "blobs", bytes([1]) * 32).get(sha)


def test_a_wrong_upload_begins_anew(tmp_path):
    blobs = Blobs(tmp_path / "blobs", bytes(32))
    with pytest.raises(BlobWrong):
        blobs.go_on("ab" * 32, "d", 0, b"another file", 12)
    assert blobs.begun("ab" * 32, "d") == 0
    assert blobs.go_on("ab" * 32, "d", 5, b"late", 12) == 0, "a piece out of its place"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"x" * 20_000_001, "large"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0", "heic"),
        ("a.docx", b"PK\x03\x04rest", "office"),
        ("a.pdf", b"MZ\x90\0program", "program"),
        ("a.pdf", b"%PDF-1.4 nothing", "damaged"),
        ("a.gif", b"GIF89a", "kind"),
    ],
)
def test_what_may_not_be_attached_says_why(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        look_at(tmp_path / name)
    assert refused.value.facts["why"] == why and sentence_for(refused.value)
    with pytest.raises(FileRefused):
        look_at(tmp_path / "gone.pdf")


def test_too_many_pages_and_the_same_picture_twice(desk, tmp_path):
    document = pypdfium2.PdfDocument.new()
    for _ in range(301):
        document.new_page(100, 100)
    document.save(tmp_path / "long.pdf")
    document.close()
    with pytest.raises(FileRefused) as refused:
        look_at(tmp_path / "long.pdf")
    assert sentence_for(refused.value) == "PDF có 301 trang, tối đa 300. Chia nhỏ rồi đính kèm."
    id_, _ = taken(desk)
    (tmp_path / "a.png").write_bytes(PNG + b"1")
    attach(desk, id_, tmp_path / "a.png")
    with pytest.raises(AttachedBefore):
        attach(desk, id_, tmp_path / "a.png")
