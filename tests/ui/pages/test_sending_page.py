"""What the page "Gửi nhận" and the status line claim, and the dossiers behind each figure."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt

from db import engine as engines
from db.identity import SERVER
from db.replication.messages import NotTaken
from db.replication.peers import Memory
from db.replication.seen import PeerSeen, write_seen
from db.replication.store import write_memory
from db.trust import ServerFacts, write_server
from desk_app.desk import Desk, open_desk
from desk_app.services.backup import back_up
from desk_app.services.opened import opened as opened_dossier
from desk_app.services.sending import copies, listed, sending
from desk_app.services.status import counter_status
from desk_app.settings import load, save
from desk_app.ui.dossier_words import copy_words
from desk_app.ui.runner import Runner
from desk_app.ui.sending_page import SendingPage
from desk_app.ui.sending_words import backup_words, peer_words, refused_words, silence, standing

URL = "https://127.0.0.1:1"


@pytest.fixture
def desk(data, clock):
    """A counter that belongs to a server."""
    save(data, msgspec.structs.replace(load(data), server=URL))
    made = open_desk(data, now=clock)
    with engines.writing(made.journal.engine) as connection:
        write_server(connection, ServerFacts(keys=("00" * 32,), url=URL, name="huyện"))
    yield made
    made.close()


def newest(desk: Desk) -> int:
    return max(n for n, _ in desk.journal.lines(limit=100_000))


def said_by_server(desk: Desk, reached: int | None = None, **seen: object) -> None:
    """As if a round had ended like this."""
    with engines.writing(desk.journal.engine) as connection:
        if reached is not None:
            write_memory(connection, SERVER, Memory(reached=reached))
        write_seen(connection, SERVER, PeerSeen(**seen))  # type: ignore[arg-type]


def ago(desk: Desk, **span: float) -> str:
    return (desk.now() - timedelta(**span)).isoformat(timespec="seconds")


def test_only_what_the_server_signed_for_counts_as_sent(desk, take_in):
    said_by_server(desk, newest(desk))
    take_in(2)
    said_by_server(desk, newest(desk), heard_at=ago(desk), in_step_at=ago(desk))
    take_in(3)
    found = copies(desk)
    assert (found.unsent, found.accepted, found.total, found.one_copy) == (3, 2, 5, 3)
    assert len(listed(desk, "unsent")) == 3 and len(listed(desk, "accepted")) == 2
    assert len(listed(desk, "one_copy")) == 3 and len(listed(desk, "total")) == 5
    assert all(line.unsent for line in listed(desk, "unsent"))
    assert not any(line.unsent for line in listed(desk, "accepted"))
    said_by_server(desk, newest(desk), heard_at=ago(desk), in_step_at=ago(desk))
    assert copies(desk).unsent == 0 and counter_status(desk).one_copy == 0


def test_a_note_on_an_accepted_dossier_is_said_on_its_page(desk, take_in):
    from desk_app.services.correct import add_note

    [one] = take_in(1)
    id_ = bytes.fromhex(one.id)
    assert copy_words(opened_dossier(desk, id_))[0].startswith("Mới có một bản")
    said_by_server(desk, newest(desk))
    assert copy_words(opened_dossier(desk, id_))[0] == "Máy chủ đã ký nhận đủ."
    add_note(desk, id_, "gọi lại")
    assert "1 việc mới" in copy_words(opened_dossier(desk, id_))[0]
    assert sending(desk).unsent == 1


def test_each_state_has_its_sentence(desk, take_in):
    reached = newest(desk)
    said_by_server(desk, reached)
    assert standing(sending(desk)).text == "Chưa gửi lần nào về huyện"
    at = ago(desk)
    said_by_server(desk, reached, heard_at=at, in_step_at=at)
    assert standing(sending(desk)) == ("Đã gửi hết về huyện lúc 09:41", "cloud-check", "ok")
    take_in(2)
    assert standing(sending(desk)).text == "2 hồ sơ chờ gửi"
    said_by_server(desk, reached, heard_at=at, why="network")
    text = "Không có mạng, vẫn làm việc bình thường. 2 hồ sơ chờ gửi"
    assert standing(sending(desk)).text == text
    said_by_server(desk, reached, heard_at=at, why="not-the-server")
    found = standing(sending(desk))
    assert found.text == "Có mạng nhưng chưa tới máy chủ. 2 hồ sơ chờ gửi" and found.token == "warn"
    said_by_server(desk, reached, heard_at=ago(desk, hours=25), why="silent")
    found = standing(sending(desk))
    assert found.text.startswith("Đã một ngày chưa gửi được") and found.token == "bad"
    assert silence(sending(desk)).startswith("Máy chủ im lặng từ")
    aside = (NotTaken("ab" * 32, "bad-signature", False),)
    said_by_server(desk, reached, heard_at=at, not_taken=aside)
    assert standing(sending(desk)).text == "1 mục bị trả lại, cần xem"
    said_by_server(desk, reached, heard_at=at, revoked=True)
    assert "thôi dùng" in standing(sending(desk)).text


def test_a_line_set_aside_says_whether_it_was_kept():
    assert "Không cần làm gì" in refused_words(NotTaken("a", "unknown-kind", True))[1]
    assert "Báo người phụ trách" in refused_words(NotTaken("a", "bad-hash", False))[1]


def test_a_sibling_is_named_by_its_number(desk):
    with engines.writing(desk.journal.engine) as connection:
        seen = PeerSeen(heard_at=ago(desk), in_step_at=ago(desk))
        write_seen(connection, desk.journal.device.id, seen)
    found = copies(desk)
    words = [peer_words(p, "huyện", desk.now()) for p in found.siblings]
    assert words == [("Quầy 2", "Hai bên như nhau lúc 09:41", "cloud-check")]


def test_without_a_server_nothing_is_claimed(pair):
    found = sending(pair[0])
    assert found.server is None and standing(found).text == ""


@pytest.fixture
def page(runner: Runner) -> SendingPage:
    return SendingPage(runner)


def test_a_figure_opens_the_dossiers_behind_it(desk, page, show, settle, take_in, listener):
    said_by_server(desk, newest(desk))
    take_in(2)
    said_by_server(desk, newest(desk), heard_at=ago(desk), in_step_at=ago(desk))
    late = take_in(1)
    page.opened.connect(listener.hear)
    keys = show(page)
    page.take_focus()
    settle(), settle()
    texts = [page.figures.rows.entry(at).text for at in range(1, 5)]
    assert texts == [
        "1 hồ sơ chờ gửi",
        "1 hồ sơ chỉ có ở máy này",
        "2 hồ sơ máy chủ đã ký nhận",
        "3 hồ sơ trên máy này",
    ]
    assert page.dossiers.rows.rowCount() == 1
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return)
    assert [line.code for line in listener.heard] == [late[0].facts.code]
    keys.press(Qt.Key.Key_Escape)
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Down)
    settle()
    assert page.dossiers.rows.rowCount() == 2


def test_escape_leaves_and_the_button_sends(desk, page, show, settle, listener):
    page.left.connect(listener.hear)
    page.send_wanted.connect(listener.hear)
    keys = show(page)
    page.take_focus()
    settle()
    page.send_button.click()
    keys.press(Qt.Key.Key_Escape)
    assert len(listener.heard) == 2


def test_the_page_says_when_a_backup_was_last_restored_on_trial(desk, clock, take_in, qtbot):
    assert copies(desk).backup is None
    assert backup_words(None, desk.now())[0] == "Chưa có bản sao lưu"
    take_in(1)
    made = back_up(desk)
    runner = Runner(desk)
    page = SendingPage(runner)
    qtbot.addWidget(page)
    page.refresh()
    qtbot.waitUntil(lambda: page.copies is not None)
    shown = [page.figures.rows.entry(at) for at in range(page.figures.rows.rowCount())]
    assert (shown[-2].text, shown[-1].text) == ("Sao lưu", "Đã sao lưu và phục hồi thử lúc 09:42")
    clock.forward(days=5)
    assert "Đã cũ" in backup_words(made.proven.at, desk.now())[1]
    runner.close()
