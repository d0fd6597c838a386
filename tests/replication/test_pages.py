"""The server's signed-in pages, over TLS; once in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess

import httpx
import pytest
from two_counters import codes_of

from db.district.accounts import Sessions, first_account
from db.district.counters import revoke
from desk_app.services.correct import correct
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(district):
    """A browser without a screen, signed in."""
    password = first_account(district.server, "lan")
    with httpx.Client(base_url=district.url, verify=False) as client:
        answer = client.post("/sign-in", data={"login": "lan", "password": password})
        assert answer.status_code == 303
        yield client


def csrf(page: httpx.Response) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)


def words(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_nobody_reads_without_signing_in(district):
    with httpx.Client(base_url=district.url, verify=False) as client:
        for path in ("/", "/dossiers", "/dossiers/" + "0" * 32, "/aside"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        wrong = client.post("/sign-in", data={"login": "lan", "password": "x"})
        assert wrong.status_code == 403 and not client.cookies


def test_a_page_may_load_nothing_from_elsewhere_and_its_cookie_goes_nowhere_else(reader):
    page = reader.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "http" not in re.sub(r"<!doctype[^>]*>", "", page.text)
    [cookie] = [c for c in reader.cookies.jar]
    assert cookie.secure and cookie.has_nonstandard_attr("HttpOnly")


def test_each_counters_health(reader, district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    codes = codes_of(one, 2)
    replicate(one), replicate(two)
    id_ = bytes.fromhex(the_one(one, codes[0]).id)
    correct(one, id_, {"purpose": "vay vốn"}, "sửa")
    correct(two, id_, {"purpose": "kết hôn"}, "sửa")
    for desk in (one, two, one):
        replicate(desk)
    replicate(one)
    revoke(district.server, two.journal.device.id, "Mất máy")
    codes_of(two)
    replicate(two)
    said = words(reader.get("/"))
    assert "quầy 1" in said and one.journal.device.id in said and "khớp" in said
    assert "đã thu hồi" in said and "1 mục để riêng" in said


def test_a_dossiers_history_is_found_by_its_code_and_numbers_are_masked(
    reader, district, counter_of
):
    one = counter_of("one")
    [code] = codes_of(one)
    replicate(one)
    dossier = the_one(one, code)
    token = csrf(reader.get("/dossiers"))
    found = reader.post("/dossiers", data={"code": code, "csrf": token})
    assert found.status_code == 303 and code not in found.headers["location"]
    shown = reader.get(found.headers["location"])
    assert dossier.facts.applicant.name in shown.text and code in shown.text
    assert dossier.facts.applicant.id_number not in shown.text
    nothing = reader.post("/dossiers", data={"code": "không có", "csrf": token})
    assert "Không có hồ sơ mã" in nothing.text
    assert reader.get("/dossiers/" + "f" * 32).status_code == 404


def test_what_a_revoked_machine_sent_is_let_in_by_a_person(reader, district, counter_of):
    one = counter_of("one")
    replicate(one)
    revoke(district.server, one.journal.device.id, "Mất máy")
    codes_of(one, 2)
    replicate(one)
    page = reader.get("/aside")
    assert one.journal.device.id in page.text
    form = {"device": one.journal.device.id, "what": "release"}
    assert reader.post("/aside", data=form).status_code == 403
    said = reader.post("/aside", data={**form, "csrf": csrf(page)})
    assert "Đã nhận" in said.text


def test_signing_out_ends_it(reader):
    reader.post("/sign-out", data={"csrf": csrf(reader.get("/"))})
    assert reader.get("/").status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_wrong_passwords_make_wait_and_a_session_ends_with_the_day(district):
    now = [0.0]
    sessions = Sessions(district.server, lambda: now[0])
    password = first_account(district.server, "lan")
    assert sessions.sign_in("lan", "x") is None
    assert sessions.sign_in("lan", password) is None, "too soon"
    now[0] = 2.0
    token = sessions.sign_in("lan", password)
    assert sessions.session(token).login == "lan"
    now[0] += 9 * 3600
    assert sessions.session(token) is None


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian: chromium")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_real_browser_shows_the_sign_in(district, tmp_path):
    ran = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--ignore-certificate-errors", "--enable-logging=stderr",
            f"--user-data-dir={tmp_path}", "--dump-dom", f"{district.url}/sign-in",
        ],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "Đăng nhập" in ran.stdout and 'type="password"' in ran.stdout
    assert "CONSOLE" not in ran.stderr
