"""The command line: one JSON object a result, messages in Vietnamese beside it, exit codes 0, 1, 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pytest
from sqlalchemy import text

from db import engine as engines
from desk_app.__main__ import main
from desk_app.desk import DATABASE, KEY, open_desk
from desk_app.services import forwarding
from desk_app.services.correct import void
from desk_app.services.demo import PASSWORD, SAMPLE_CARD
from desk_app.services.dossiers import counts, page

ROOT = Path(__file__).parents[1]
RECEIVED_KEYS = ["line", "status", "id", "code", "due_at", "why_due", "receipt", "refused"]
DOSSIER_KEYS = {
    "id", "facts", "status", "heads", "history", "void_reason", "prints", "notes", "corrections",
    "flags", "readable", "code", "due_at", "why_due", "files", "links", "former_codes", "recovered",
    "life",
}  # fmt: skip
LINE_KEYS = [
    "kind", "id", "code", "name", "procedure", "received_at", "due_at", "status", "prints",
    "counter",
]  # fmt: skip


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    results: list[dict[str, Any]]
    said: str


Run = Callable[..., Answer]


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command on the counter of this test, in this process."""

    def command(*argv: object, at: Path = data) -> Answer:
        capsys.readouterr()
        code = main([*map(str, argv), "--data", str(at), "--json"])
        out, err = capsys.readouterr()
        return Answer(code, [json.loads(line) for line in out.splitlines()], err)

    return command


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """A file of dossiers, or a file of any text."""

    def write(*items: Any, name: str = "hồ sơ.json", text: str | None = None) -> Path:
        path = tmp_path / name
        path.write_text(text or json.dumps(items, ensure_ascii=False), encoding="utf-8")
        return path

    return write


def dossier(ref: str = "DVC-1", **changes: Any) -> dict[str, Any]:
    whole = {
        "ref": ref,
        "procedure": "1.004873",
        "channel": "online",
        "card": SAMPLE_CARD,
        "papers": [{"name": "Tờ khai", "originals": 1}],
    }
    return {**whole, **changes}


def text_of(path: str) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()
    return " ".join(" ".join(pages).split())


# ---------------------------------------------------------------- receive


def test_receive_gives_one_object_a_dossier_and_a_receipt(run, file):
    answer = run("receive", file(dossier("1"), dossier("2", procedure="9.999999"), dossier("3")))
    assert answer.code == 1
    assert [list(r) for r in answer.results] == [RECEIVED_KEYS] * 3
    assert [r["status"] for r in answer.results] == ["received", "refused", "received"]
    first, bad, last = answer.results
    assert (first["line"], bad["line"], last["line"]) == (1, 2, 3)
    assert first["code"] in text_of(first["receipt"])
    assert "3 ngày làm việc" in first["why_due"]
    assert first["refused"] is None
    assert "9.999999" in bad["refused"]
    assert [bad[key] for key in ("id", "code", "due_at", "why_due", "receipt")] == [None] * 5
    assert answer.said == ""


def test_receive_again_says_known_and_adds_nothing(run, file, data):
    path = file(dossier("1"), dossier("2"))
    first = run("receive", path)
    entries = run("doctor").results[0]["entries"]
    again = run("receive", path)
    assert (first.code, again.code) == (0, 0)
    assert [r["status"] for r in again.results] == ["known", "known"]
    for one, other in zip(first.results, again.results, strict=True):
        assert {**one, "status": "known"} == other
        assert "BẢN IN LẦN" not in text_of(other["receipt"])
    assert run("doctor").results[0]["entries"] == entries
    desk = open_desk(data)
    assert (counts(desk)["all"], counts(desk)["unprinted"]) == (2, 0)
    desk.close()


def test_receive_goes_on_past_a_dossier_that_was_voided_since(run, file, data):
    (received,) = run("receive", file(dossier("1"))).results
    desk = open_desk(data)
    void(desk, bytes.fromhex(received["id"]), "Nhận nhầm")
    desk.close()
    answer = run("receive", file(dossier("1"), dossier("2")))
    assert answer.code == 0
    assert [r["status"] for r in answer.results] == ["known", "received"]
    assert answer.results[0]["receipt"] is None


def test_receive_puts_receipts_where_it_is_told(run, file, tmp_path):
    folder = tmp_path / "biên nhận"
    (result,) = run("receive", file(dossier()), "--receipt-dir", folder).results
    assert Path(result["receipt"]).parent == folder


def test_receive_goes_on_when_a_receipt_cannot_be_written(run, file, tmp_path):
    (tmp_path / "taken").write_text("không phải thư mục")
    answer = run(
        "receive", file(dossier("1"), dossier("2")), "--receipt-dir", tmp_path / "taken" / "in"
    )
    assert [(r["status"], r["receipt"]) for r in answer.results] == [("received", None)] * 2
    assert answer.said.count("Hồ sơ đã lưu. Chưa ghi được tệp giấy hẹn") == 2
    for _ in range(2):
        (known,) = run("receive", file(dossier("1"))).results
        assert (known["status"], Path(known["receipt"]).exists()) == ("known", True)
        (shown,) = run("show", known["code"]).results
        assert [(p["nth"], p["word_of"]) for p in shown["prints"]] == [(1, "file")]


@pytest.mark.parametrize("text", ["{", "{}", '"x"', " "])
def test_receive_refuses_a_file_that_is_no_list(run, file, text):
    answer = run("receive", file(text=text))
    assert (answer.code, answer.results) == (1, [])
    assert "hồ sơ.json" in answer.said


def test_receive_refuses_a_file_that_is_not_there(run, tmp_path):
    answer = run("receive", tmp_path / "gone.json")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said == "Không đọc được tệp gone.json. Xem lại đường dẫn.\n"


# ---------------------------------------------------------------- find, show, print


def test_find_lists_people_and_dossiers_as_the_find_box_does(run, file):
    run("receive", file(dossier("1"), dossier("2")))
    answer = run("find", "pham thi thu")
    assert (answer.code, answer.said) == (0, "")
    person, *lines = answer.results
    assert list(person) == ["kind", "name", "dossiers", "codes"]
    assert (person["kind"], person["name"], person["dossiers"]) == ("person", "Phạm Thị Thử Hai", 2)
    assert [list(line) for line in lines] == [LINE_KEYS] * 2
    assert person["codes"] == [line["code"] for line in lines]
    assert "031190999992" not in json.dumps(answer.results)
    assert len(run("find", "pham", "--limit", "1").results) == 2


def test_find_that_finds_nothing_says_nothing(run):
    assert run("find", "'; DROP TABLE dossier; --") == Answer(0, [], "")


def test_show_gives_a_dossier_with_its_history(run, file):
    (received,) = run("receive", file(dossier())).results
    for asked in (received["code"], received["code"].lower(), received["id"]):
        answer = run("show", asked)
        (shown,) = answer.results
        assert set(shown) == DOSSIER_KEYS
        assert (shown["id"], shown["code"], shown["status"]) == (
            received["id"],
            received["code"],
            "received",
        )
        assert [e["kind"] for e in shown["history"]] == ["dossier.received", "receipt.printed"]
        assert shown["facts"]["applicant"]["name"] == "Phạm Thị Thử Hai"


@pytest.mark.parametrize("command", ["show", "print"])
def test_a_dossier_that_is_not_here_is_refused(run, command):
    answer = run(command, "H24.314.11749-261126-0999")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said.startswith("Không thấy hồ sơ “H24.314.11749-261126-0999”")


def test_print_again_is_marked_as_a_reprint(run, file, tmp_path):
    (received,) = run("receive", file(dossier())).results
    answer = run("print", received["code"], "--out", tmp_path / "lần hai.pdf")
    assert answer == Answer(0, [{"pdf": str(tmp_path / "lần hai.pdf"), "copy": 2}], "")
    assert "BẢN IN LẦN 2" in text_of(answer.results[0]["pdf"])
    assert run("print", received["code"]).results[0]["copy"] == 3
    (shown,) = run("show", received["code"]).results
    assert [p["nth"] for p in shown["prints"]] == [1, 2, 3]


def test_print_knows_its_forms_and_no_voided_dossier(run, file, data):
    (received,) = run("receive", file(dossier())).results
    answer = run("print", received["code"], "--form", "07")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said.startswith("Không có mẫu 07. In được: 01, 02")
    desk = open_desk(data)
    void(desk, bytes.fromhex(received["id"]), "Nhận nhầm")
    desk.close()
    answer = run("print", received["code"])
    assert (answer.code, answer.said) == (1, "Hồ sơ này đã hủy: Nhận nhầm.\n")


def test_lists_are_printed_again_by_command(run, file, data, tmp_path):
    (received,) = run("receive", file(dossier())).results
    id_ = bytes.fromhex(received["id"])
    answer = run("print", received["code"], "--form", "handover")
    assert answer.said == "Hồ sơ chưa có việc nào để in phiếu bàn giao.\n"
    desk = open_desk(data)
    forwarding.forward(desk, [id_])
    desk.close()
    paper = tmp_path / "list.pdf"
    (printed,) = run("print", received["code"], "--form", "handover", "--out", paper).results
    assert printed == {"pdf": str(paper), "copy": 1}
    assert received["code"] in text_of(str(paper))
    assert run("print", received["code"], "--form", "handover").results[0]["copy"] == 2
    answer = run("print", received["code"], "--form", "results")
    assert answer.said == "Hồ sơ chưa có việc nào để in phiếu bàn giao.\n"
    answer = run("print", received["code"], "--form", "many")
    assert "chỉ có một hồ sơ hôm đó" in answer.said


def test_nothing_is_printed_without_the_printers_word(run, file, data, monkeypatch):
    """Row 53."""
    monkeypatch.setenv("CUPS_SERVER", str(data / "no-such-socket"))
    direct = dossier(channel="direct", papers=[])
    (received,) = run("receive", file(direct)).results
    answer = run("print", received["code"], "--printer", "Máy không có")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said.startswith("Máy in không nhận")
    (shown,) = run("show", received["code"]).results
    assert [p["word_of"] for p in shown["prints"]] == ["file"]
    desk = open_desk(data)
    assert len(page(desk, "unprinted")) == 1
    desk.close()


# ---------------------------------------------------------------- init, unlock, doctor, rebuild, demo


@pytest.fixture
def password(file):
    return file(name="password", text=PASSWORD + "\n")


def init(run, at, password, *more):
    office = ("--office", "H24.314.11749", "--counter", "3", "--clerk", "lan")
    return run("init", *office, "--name", "Vũ Thị Lan", "--password-file", password, *more, at=at)


def test_init_makes_a_counter_and_shows_the_recovery_key_once(run, tmp_path, password):
    at = tmp_path / "quầy 3"
    answer = init(run, at, password)
    assert (answer.code, answer.results) == (0, [{"data": str(at), "counter": 3}])
    assert "Khóa khôi phục" in answer.said
    assert len(answer.said.split("\n")[1].split()) == 14
    again = init(run, at, password)
    assert (again.code, again.results) == (1, [])
    assert again.said == f"Thư mục {at} đã có quầy. Chọn thư mục khác.\n"
    desk = open_desk(at)
    assert (desk.clerk.name, desk.role, desk.counter.number) == ("Vũ Thị Lan", "chief", 3)
    desk.close()


def test_init_refuses_what_makes_no_counter(run, tmp_path, file, password):
    at = tmp_path / "new"
    for changed, said in (
        (("--office", "H99"), "H99"),
        (("--counter", "99"), "99"),
        (("--clerk", "Lan Vũ"), "Lan Vũ"),
        (("--password-file", file(name="short", text="1234")), "8 ký tự"),
        (("--password-file", tmp_path / "gone"), "gone"),
        (("--passphrase-file", tmp_path / "gone"), "gone"),
    ):
        answer = init(run, at, password, *changed)
        assert (answer.code, answer.results) == (1, [])
        assert said in answer.said
        assert not at.exists()


def test_unlock_seals_the_key_again_with_the_recovery_key(run, tmp_path, password, file):
    at = tmp_path / "new"
    recovery = init(run, at, password).said.split("\n")[1]
    (at / KEY).unlink()
    assert run("find", "lan", at=at).code == 1
    wrong = file(
        name="wrong", text=recovery.replace(recovery[0], "Y" if recovery[0] != "Y" else "Z", 1)
    )
    answer = run("unlock", "--recovery-file", wrong, at=at)
    assert (answer.code, answer.results) == (1, [])
    right = file(name="right", text=f"\ufeff{recovery.lower()}\r\n")
    answer = run("unlock", "--recovery-file", right, at=at)
    assert answer.code == 0
    assert set(answer.results[0]) == {"data", "sealed"}
    assert run("find", "lan", at=at).code == 0


def test_doctor_is_green_on_a_sound_counter_and_red_on_a_harmed_one(run, file, data):
    run("receive", file(dossier("1"), dossier("2")))
    answer = run("doctor")
    assert (answer.code, answer.said) == (0, "")
    (report,) = answer.results
    assert list(report) == ["sound", "entries", "findings"]
    assert (report["sound"], report["findings"]) == (True, [])
    assert report["entries"] > 4
    desk = open_desk(data)
    with desk.journal.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE dossier SET name = 'Kẻ Lạ'")
    desk.close()
    answer = run("doctor")
    (report,) = answer.results
    assert (answer.code, report["sound"]) == (1, False)
    assert report["findings"]
    assert run("rebuild") == Answer(0, [{"entries": report["entries"]}], "")
    assert run("doctor").code == 0


def test_a_database_that_cannot_be_opened_is_not_sound_and_can_be_repaired(run, file, data):
    run("receive", file(dossier("1"), dossier("2")))
    whole = (data / DATABASE).read_bytes()
    (data / DATABASE).write_bytes(b"\0" * 4096 + whole[4096:])
    answer = run("doctor")
    assert (answer.code, answer.results[0]["sound"]) == (1, False)
    assert answer.results[0]["findings"][0]["what"] == "database"
    (data / DATABASE).write_bytes(whole)
    answer = run("repair")
    assert answer.code == 0
    assert set(answer.results[0]) == {
        "entries", "from_spool", "from_old_file", "from_backup", "same_device", "aside"
    }  # fmt: skip
    assert run("doctor").code == 0
    assert len(run("find", "0501").results) > 0


def test_the_demo_never_takes_an_invented_person_in_at_a_real_counter(run, data):
    answer = run("demo", "--headless")
    assert (answer.code, answer.results) == (1, [])
    assert "đã có quầy" in answer.said
    assert run("find", "thu hai").results == []


def test_a_folder_without_a_counter_is_refused_by_every_command(run, tmp_path, file):
    empty = tmp_path / "trống"
    path = file(dossier())
    for command in (("find", "x"), ("show", "x"), ("print", "x"), ("doctor",), ("receive", path)):
        answer = run(*command, at=empty)
        assert (answer.code, answer.results) == (1, [])
        assert answer.said.startswith(f"Chưa có quầy ở {empty}.")
    assert not empty.exists()


def test_a_damaged_database_is_refused_in_words(run, data):
    """Row 51."""
    content = bytearray((data / DATABASE).read_bytes())
    content[100:200] = bytes(100)
    (data / DATABASE).write_bytes(content)
    answer = run("find", "x")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said and "Traceback" not in answer.said


def test_another_clerk_may_be_named_and_a_stranger_may_not(run, file):
    (received,) = run("receive", file(dossier()), "--clerk", "hung").results
    (shown,) = run("show", received["code"]).results
    assert shown["facts"]["clerk"]["login"] == "hung"
    answer = run("receive", file(dossier("2")), "--clerk", "ai")
    assert (answer.code, answer.said) == (1, "Không có cán bộ ai ở quầy này.\n")


@pytest.mark.parametrize(
    "argv",
    [
        ["print"],
        ["find"],
        ["show"],
        ["receive"],
        ["init"],
        ["init", "--office", "H24.314.11749", "--counter", "2"],
        ["init", "--office", "H24.314.11749", "--counter", "hai", "--clerk", "mai"],
        ["find", "x", "--limit", "nhiều"],
        ["gửi"],
        ["find", "x", "--no-such"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_exit_code_2_and_nothing_on_standard_output(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_without_json_the_same_is_said_for_people(run, file, data, capsys):
    run("receive", file(dossier()))
    assert main(["find", "pham", "--data", str(data)]) == 0
    out, err = capsys.readouterr()
    assert "name: Phạm Thị Thử Hai\n" in out
    assert err == ""


# ---------------------------------------------------------------- as a program


def program(
    *argv: object, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The real program, in the plainest locale, into a pipe."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "desk_app", *map(str, argv)],
        input=stdin.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**plain, "LC_ALL": "C", **environment},
        timeout=120,
    )


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_a_first_day_from_nothing_to_a_green_doctor(tmp_path, file):
    at = tmp_path / "quầy"
    tail = ("--data", at, "--json")
    made = program("init", "--office", "H24.314.11749", "--counter", 1, "--clerk", "mai", *tail,
                   stdin=f"{PASSWORD}\n")  # fmt: skip
    assert objects(made) == [{"data": str(at), "counter": 1}]
    assert "Khóa khôi phục" in made.stderr.decode()
    (received,) = objects(program("receive", file(dossier()), *tail))
    assert received["code"].endswith("-0001")
    person, line = objects(program("find", "phạm thị thử", *tail))
    assert (person["name"], line["code"]) == ("Phạm Thị Thử Hai", received["code"])
    (shown,) = objects(program("show", received["code"], *tail))
    assert shown["facts"]["procedure"]["name"] in text_of(received["receipt"])
    (printed,) = objects(program("print", received["code"], *tail))
    assert printed["copy"] == 2
    assert "BẢN IN LẦN 2" in text_of(printed["pdf"])
    (report,) = objects(program("doctor", *tail))
    assert report == {"sound": True, "entries": report["entries"], "findings": []}


@pytest.mark.parametrize(
    "environment", [{}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0"}], ids=str
)
def test_a_terminal_without_our_letters_breaks_nothing(data, file, environment):
    done = program("receive", file(dossier()), "--data", data, "--json", **environment)
    assert "ngày làm việc" in objects(done)[0]["why_due"]
    refused = program("show", "0999", "--data", data, "--json", **environment)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode() == (
        "Không thấy hồ sơ “0999”. Thử số định danh, tên hoặc điện thoại.\n"
    )


def test_the_help_is_read_in_any_terminal():
    helped = program("--help", PYTHONIOENCODING="ascii")
    assert helped.returncode == 0
    assert "bộ phận Một cửa" in helped.stdout.decode()


def test_a_wrong_call_of_the_program_is_exit_code_2():
    done = program("find")
    assert (done.returncode, done.stdout) == (2, b"")


def test_the_demo_without_a_screen_ends_with_a_receipt(tmp_path):
    at = tmp_path / "demo"
    for number in ("0501", "0502"):
        (result,) = objects(program("demo", "--headless", "--data", at, "--json"))
        assert list(result) == ["code", "due_at", "receipt"]
        assert result["code"].endswith(number)
        assert result["code"] in text_of(result["receipt"])
    desk = open_desk(at)
    assert desk.settings.demo
    assert counts(desk)["all"] > 20
    desk.close()


# ---------------------------------------------------------------- the end-of-day sheet


def test_day_sheet_writes_the_paper_and_says_that_the_sums_agree(
    run: Run, file: Callable[..., Path], tmp_path: Path
) -> None:
    run("receive", file(dossier("DVC-1")))
    paper = tmp_path / "phiếu.pdf"
    answer = run("day-sheet", "--out", paper)
    (made,) = answer.results
    assert (answer.code, made["agrees"], made["pdf"], answer.said) == (0, True, str(paper), "")
    (counter,) = made["counters"]
    assert counter["journal"] == counter["screen"]
    assert counter["dossiers"][0]["code"] in text_of(str(paper))
    assert "TỔNG KHỚP" in text_of(str(paper))


def test_day_sheet_of_another_day_goes_into_its_folder(run: Run, data: Path) -> None:
    answer = run("day-sheet", "--date", "2026-11-25")
    (made,) = answer.results
    assert (answer.code, made["day"]) == (0, "2026-11-25")
    assert Path(made["pdf"]) == data / "day-sheets" / "2026-11-25.pdf"


def test_day_sheet_whose_sums_differ_exits_1_and_names_the_dossier(
    run: Run, file: Callable[..., Path], data: Path
) -> None:
    code = run("receive", file(dossier("DVC-1"))).results[0]["code"]
    desk = open_desk(data)
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(text("DELETE FROM dossier"))
    desk.close()
    answer = run("day-sheet")
    (made,) = answer.results
    assert (answer.code, made["agrees"]) == (1, False)
    assert [(d["code"], d["what"]) for d in made["differences"]] == [(code, "missing")]
    assert answer.said.startswith("TỔNG KHÔNG KHỚP. Sổ gốc có 1 hồ sơ")
    printed = text_of(made["pdf"])
    assert printed.index("TỔNG KHÔNG KHỚP") < printed.index(code) < printed.index("Các quầy")


def test_day_sheet_without_json_is_a_few_words(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["day-sheet", "--data", str(data)]) == 0
    out, err = capsys.readouterr()
    assert "agrees: True" in out and "pdf: " in out and "counters" not in out
    assert err.startswith("TỔNG KHỚP. ")


def test_day_sheet_beside_a_window_takes_its_word_for_the_second_medium(
    run: Run, file: Callable[..., Path]
) -> None:
    run("receive", file(dossier("DVC-1")))
    for second, held in ((0, False), (10_000, True)):
        (made,) = run("day-sheet", "--second", second).results
        (taken,) = made["counters"][0]["dossiers"]
        assert (taken["second"], taken["alone"]) == (held, not held)


def test_day_sheet_refuses_a_place_it_cannot_write_and_a_day_that_is_none(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "tệp").write_text("")
    answer = run("day-sheet", "--out", tmp_path / "tệp" / "phiếu.pdf")
    assert (answer.code, answer.results) == (1, [])
    assert "Chưa ghi được phiếu cuối ngày" in answer.said
    with pytest.raises(SystemExit) as wrong_call:
        run("day-sheet", "--date", "26/11/2026")
    assert wrong_call.value.code == 2


# ---------------------------------------------------------------- the day book


def test_day_book_writes_the_paper_of_a_counter_and_says_that_the_sums_agree(
    run: Run, file: Callable[..., Path], data: Path
) -> None:
    code = run("receive", file(dossier("DVC-1"))).results[0]["code"]
    answer = run("day-book")
    (made,) = answer.results
    assert (answer.code, made["agrees"], made["counter"]) == (0, True, 2)
    assert made["counts"] == {"dossier.received": 1}
    assert [line["code"] for line in made["lines"]] == [code]
    assert Path(made["pdf"]).parent == data / "day-books"
    printed = text_of(made["pdf"])
    assert code in printed
    assert "SỔ NGÀY" in printed


def test_day_book_refuses_a_counter_that_is_none_and_a_place_it_cannot_write(
    run: Run, tmp_path: Path
) -> None:
    answer = run("day-book", "--counter", "9")
    assert (answer.code, answer.results) == (1, [])
    assert answer.said.strip() == "Không có quầy 9 ở đơn vị này. Có quầy: 2."
    (tmp_path / "tệp").write_text("")
    answer = run("day-book", "--out", tmp_path / "tệp" / "sổ.pdf")
    assert "Chưa ghi được sổ ngày" in answer.said
