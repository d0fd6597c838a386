"""The doctor: silent on what is sound, and for every kind of harm the finding that names it."""

from __future__ import annotations

import base64
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db import engine as engines
from db import projection, tables
from db.doctor import examine
from db.entry import SIGNED_PREFIX, parse
from db.findings import Finding, Report
from db.identity import new_device
from db.kinds import FormPublished, ReceiptPrinted
from db.spool import heal

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import (
    MORNING,
    NAMES,
    Clock,
    Counter,
    facts,
    found,
    go_on_with,
    lines_of,
    opened,
    take_in,
)


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    counter = opened(tmp_path / "counter", found(tmp_path / "counter"))
    for nth in range(6):
        _, entry = take_in(counter)
        if nth % 2:
            go_on_with(counter, entry)
    return counter


@pytest.fixture
def stick() -> Iterator[Path]:
    if not Path("/dev/shm").is_dir():
        pytest.skip("no second file system on this machine")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def harm(counter: Counter, sql: str, **values: Any) -> None:
    with engines.writing(counter.journal.engine) as connection:
        assert connection.execute(text(sql), values).rowcount != 0


def seen(report: Report) -> set[str]:
    said = repr(report)
    for private in (*NAMES, "031085999991", "0912345678", "Hẹn gọi lại"):
        assert private not in said
    return {finding.what for finding in report.findings}


def test_a_counter_at_work_is_sound(counter: Counter) -> None:
    assert examine(counter.journal) == Report(True, len(lines_of(counter)), ())
    assert examine(counter.journal).sound


def test_a_new_counter_is_sound(tmp_path: Path) -> None:
    new = opened(tmp_path / "new", found(tmp_path / "new"))
    assert examine(new.journal) == Report(True, 3, ())


def test_progress_goes_to_the_end(counter: Counter) -> None:
    told: list[tuple[int, int]] = []
    report = examine(counter.journal, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2 * report.entries, 2 * report.entries)


# ---------------------------------------------------------------- lines


def test_a_changed_line_is_found(counter: Counter) -> None:
    line = lines_of(counter)[5].replace(b'"by":"sang"', b'"by":"tinh"')
    harm(counter, "UPDATE journal SET line = :line WHERE n = 6", line=line)
    report = examine(counter.journal)
    assert Finding("line-damaged", "line 6", "bad-hash") in report.findings
    assert not report.sound


def test_a_line_made_over_with_its_hash_is_found_by_its_signature(counter: Counter) -> None:
    digest, signature, body = lines_of(counter)[5].split(b" ", 2)
    body = body.replace(b'"by":"sang"', b'"by":"tinh"')
    digest = hashlib.sha256(body[:-1]).hexdigest().encode()
    harm(
        counter,
        "UPDATE journal SET line = :line, id = :id WHERE n = 6",
        line=b" ".join((digest, signature, body)),
        id=bytes.fromhex(digest.decode()),
    )
    assert {"signature-wrong", "sum-wrong", "chain-broken"} <= seen(examine(counter.journal))


def test_a_line_signed_by_another_key_is_found(counter: Counter) -> None:
    entry = parse(lines_of(counter)[5])
    forged = base64.b64encode(new_device().sign(entry.signed_bytes))
    parts = entry.line.split(b" ", 2)
    harm(
        counter,
        "UPDATE journal SET line = :line WHERE n = 6",
        line=b" ".join((parts[0], forged, parts[2])),
    )
    assert seen(examine(counter.journal)) == {"signature-wrong"}
    assert entry.signed_bytes.startswith(SIGNED_PREFIX)


def test_a_line_under_a_false_name_is_found(counter: Counter) -> None:
    harm(counter, "UPDATE journal SET id = zeroblob(32) WHERE n = 6")
    assert "line-misfiled" in seen(examine(counter.journal))


def test_a_line_of_nobody_enrolled_is_found(counter: Counter) -> None:
    harm(counter, "DELETE FROM reference WHERE kind = 'counter.enrolled'")
    assert "device-not-enrolled" in seen(examine(counter.journal))


def test_a_missing_line_is_found_by_chain_number_sum_and_screen(counter: Counter) -> None:
    harm(counter, "DELETE FROM journal WHERE n = 5")
    report = examine(counter.journal)
    assert {"chain-broken", "numbers-missing", "sum-wrong"} <= seen(report)
    assert not report.sound


def test_a_missing_last_line_is_found_by_the_sum(counter: Counter) -> None:
    harm(counter, "DELETE FROM journal WHERE n = (SELECT max(n) FROM journal)")
    assert {"sum-wrong", "newest-wrong"} <= seen(examine(counter.journal))


def test_a_wrong_sum_is_found(counter: Counter) -> None:
    harm(counter, "UPDATE tally SET n = n + 1 WHERE scope LIKE 'dev:%'")
    harm(counter, "UPDATE tally SET sum = zeroblob(32) WHERE scope LIKE 'com:%'")
    where = [f.where for f in examine(counter.journal).findings if f.what == "sum-wrong"]
    assert where == ["com", "dev"]


def test_both_branches_of_a_restored_counter_are_told_and_are_no_loss(
    tmp_path: Path, counter: Counter
) -> None:
    engines.checkpoint(counter.journal.engine, truncate=True)
    old = counter.database.read_bytes()
    take_in(counter)
    lost = lines_of(counter)[-1:]
    counter.close()
    for path in counter.folder.iterdir():
        path.unlink()
    counter.database.write_bytes(old)
    again = opened(counter.folder, counter.key, None, Clock())
    _, _ = take_in(again, block=1)
    again.journal.accept(lost, own=True)
    report = examine(again.journal)
    assert seen(report) == {"fork"}
    assert report.sound


# ---------------------------------------------------------------- tables made from them


REST = ", ".join(
    column.name for column in tables.dossiers.columns if column.name not in ("n", "obj")
)


def test_a_changed_missing_or_invented_row_is_found(counter: Counter) -> None:
    harm(counter, "UPDATE dossier SET due = due + 60, status = 'voided' WHERE n = 4")
    harm(counter, "DELETE FROM dossier WHERE n = 5")
    harm(counter, f"INSERT INTO dossier SELECT 9999, zeroblob(16), {REST} FROM dossier WHERE n = 4")
    harm(counter, f"INSERT INTO dossier SELECT 9998, zeroblob(16), {REST} FROM dossier WHERE n = 4")
    findings = examine(counter.journal).findings
    assert Finding("screen-row-differs", "line 4", "due status") in findings
    assert Finding("screen-row-missing", "line 5") in findings
    assert Finding("screen-rows-too-many", "dossier", "1") in findings
    projection.rebuild(counter.journal.engine)
    assert examine(counter.journal).findings == ()


def test_a_changed_reference_is_found(counter: Counter) -> None:
    harm(counter, "UPDATE reference SET body = x'7b7d' WHERE kind = 'clerk.registered'")
    harm(counter, "DELETE FROM reference WHERE kind = 'office.published'")
    assert seen(examine(counter.journal)) == {"reference-differs"}
    harm(counter, "UPDATE reference SET body = x'7b7d' WHERE kind = 'counter.enrolled'")
    assert seen(examine(counter.journal)) == {"references-unreadable"}
    projection.rebuild(counter.journal.engine)
    assert examine(counter.journal).findings == ()


def test_a_form_reads_the_same_however_its_texts_were_ordered_when_it_was_published(
    counter: Counter,
) -> None:
    texts = {"title": "GIẤY TIẾP NHẬN", "applicant": "Ông/bà"}
    with counter.journal.saving("sang") as saving:
        saving.append(
            b"a published form", FormPublished("01", "2018", "TT 01", "2018-06-21", texts)
        )
    assert examine(counter.journal).findings == ()


def test_a_word_missing_from_or_added_to_the_index_is_found(counter: Counter) -> None:
    with engines.reading(counter.journal.engine) as connection:
        words = connection.execute(text("SELECT words FROM dossier WHERE n = 4")).scalar_one()
    harm(
        counter,
        "INSERT INTO search(search, rowid, words) VALUES ('delete', -4, :words)",
        words=words,
    )
    harm(counter, "INSERT INTO search(rowid, words) VALUES (-77, 'khong co that')")
    where = [f.where for f in examine(counter.journal).findings]
    assert where == ["line 4", "line 77"]
    projection.rebuild(counter.journal.engine)
    assert examine(counter.journal).findings == ()


def test_a_number_that_could_be_drawn_again_is_found(counter: Counter) -> None:
    harm(counter, "UPDATE ctr SET n = n - 1")
    assert examine(counter.journal).findings == (
        Finding("number-counter-behind", "block 0 of 2026-11-26", "6 drawn"),
    )


def test_one_code_on_two_dossiers_is_found(counter: Counter) -> None:
    with counter.journal.saving("sang") as saving:
        saving.append(b"another dossier.", facts("H21.13.9-261126-0003", MORNING))
    report = examine(counter.journal)
    assert seen(report) == {"code-twice"}
    assert not report.sound


def test_a_receipt_file_that_is_not_the_one_recorded_is_told(
    tmp_path: Path, counter: Counter
) -> None:
    code, entry = take_in(counter)
    folder = tmp_path / "receipts" / "2026-11-26"
    folder.mkdir(parents=True)
    paper = folder / f"{code}.pdf"
    paper.write_bytes(b"%PDF as printed")
    printed = ReceiptPrinted(
        "01", 1, "printer", pdf_sha256=hashlib.sha256(b"%PDF as printed").hexdigest()
    )
    with counter.journal.saving("sang") as saving:
        saving.append(bytes.fromhex(entry.says.obj), printed)
    assert examine(counter.journal, receipts=tmp_path / "receipts").findings == ()
    paper.write_bytes(b"%PDF as changed")
    report = examine(counter.journal, receipts=tmp_path / "receipts")
    assert seen(report) == {"receipt-file-differs"}
    assert report.sound


# ---------------------------------------------------------------- pages and the second copy


def test_a_flipped_bit_of_a_page_is_found(counter: Counter) -> None:
    engines.checkpoint(counter.journal.engine, truncate=True)
    counter.close()
    whole = bytearray(counter.database.read_bytes())
    whole[len(whole) // 2] ^= 1
    counter.database.write_bytes(whole)
    report = examine(opened(counter.folder, counter.key).journal)
    assert seen(report) & {"pages", "database-unreadable"}
    assert not report.sound


def test_a_spool_in_step_is_sound_and_everything_it_lacks_or_has_alone_is_found(
    counter: Counter, stick: Path
) -> None:
    counter.close()
    counter = opened(counter.folder, counter.key, stick)
    spool = counter.spool
    assert spool is not None
    assert examine(counter.journal, spool).findings == ()

    whole = bytearray(spool.file.path.read_bytes())
    whole[list(spool.lines())[3].at + 40] ^= 1
    spool.file.path.write_bytes(whole)
    report = examine(counter.journal, spool)
    assert (seen(report), report.sound) == ({"spool-damaged", "spool-lacks"}, True)
    heal(counter.journal, spool, whole=True)
    assert seen(examine(counter.journal, spool)) == {"spool-damaged"}

    harm(counter, "DELETE FROM journal WHERE n = 8")
    report = examine(counter.journal, spool)
    assert "journal-lacks" in seen(report)
    assert not report.sound


def test_a_stick_that_is_out_is_told(counter: Counter, tmp_path: Path) -> None:
    counter.close()
    counter = opened(counter.folder, counter.key, tmp_path / "no" / "stick")
    report = examine(counter.journal, counter.spool)
    assert seen(report) == {"spool-missing", "spool-unreadable"}
    assert report.sound
