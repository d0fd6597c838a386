"""How sending and fetching is said on the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from desk_app.rules.money import dotted

if TYPE_CHECKING:
    from db.replication.messages import NotTaken
    from desk_app.services.sending import PeerState, Sending

LONG = timedelta(days=1)
BACKUP_OLD = timedelta(days=4)
"""A long weekend with the counter switched off is no reason to call anybody."""

NO_NETWORK: Final = ("network", "refused", "silent", "cut-off")
ELSEWHERE: Final = ("not-the-server", "certificate", "plain-http")
"""Something answered, or would, that is not the server."""

WHY: Final = {
    "unknown-device": "Máy viết mục này chưa được máy chủ biết",
    "wrong-commune": "Mục của xã khác",
    "bad-signature": "Chữ ký không đúng",
    "bad-hash": "Mục bị hỏng trên đường đi",
    "torn": "Mục bị cắt dở",
    "too-large": "Mục quá dài",
    "unknown-kind": "Mục do bản phần mềm mới hơn ghi",
}
"""Why a line was set aside; whatever else is a body or a form that does not fit."""

PEER_WHY: Final = {
    "network": "không có mạng",
    "refused": "máy bên kia chưa mở",
    "silent": "không trả lời",
    "cut-off": "đứt giữa chừng",
    "not-the-server": "nơi khác trả lời",
    "certificate": "nơi khác trả lời",
    "plain-http": "địa chỉ sai",
    "no-address": "gửi nhận bằng ổ USB",
    "revoked": "máy này đã bị thôi dùng",
    "unknown-device": "chưa biết máy này",
}


class Said(NamedTuple):
    """A sentence, its icon, and the colour it is said in."""

    text: str
    icon: str
    token: str


UNDER_WAY: Final = Said("Đang gửi nhận", "arrows-exchange", "info")


def moment(at: datetime, now: datetime) -> str:
    """ "09:40" of today, "09:40 ngày 25/11" of another day."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%H:%M} ngày {at:%d/%m}"


def standing(state: Sending) -> Said:
    """The one sentence of the status line: five states, and what keeps it from being sent."""
    server, waiting = state.server, state.unsent
    if server is None:
        return Said("", "", "muted")
    rest = f" {dotted(waiting)} hồ sơ chờ gửi" if waiting else ""
    if server.revoked:
        return Said("Máy này đã thôi dùng ở máy chủ. Báo lãnh đạo", "alert-triangle", "bad")
    if state.refused:
        return Said(f"{len(state.refused)} mục bị trả lại, cần xem", "alert-triangle", "bad")
    if is_long_silent(state):
        text = "Đã một ngày chưa gửi được. Dữ liệu vẫn an toàn trên máy này"
        return Said(text, "cloud-off", "bad")
    if server.why == "no-address":
        return Said(f"Gửi nhận bằng ổ USB.{rest}".rstrip("."), "cloud-off", "muted")
    if server.why in ELSEWHERE:
        text = f"Có mạng nhưng chưa tới máy chủ.{rest}"
        return Said(text.rstrip("."), "cloud-off", "warn")
    if server.why in NO_NETWORK:
        text = f"Không có mạng, vẫn làm việc bình thường.{rest}"
        return Said(text.rstrip("."), "cloud-off", "warn")
    if waiting or server.why:
        return Said(rest.strip() or "Chưa gửi xong, sẽ tự gửi lại", "cloud-up", "info")
    if server.in_step_at is None:
        return Said(f"Chưa gửi lần nào về {state.server_name}", "cloud-up", "info")
    at = moment(server.in_step_at, state.now)
    return Said(f"Đã gửi hết về {state.server_name} lúc {at}", "cloud-check", "ok")


def is_long_silent(state: Sending) -> bool:
    """Whether the server has said nothing for a day although it was asked."""
    server = state.server
    if server is None or not server.why:
        return False
    since = server.heard_at
    return since is not None and state.now - since > LONG


def silence(state: Sending) -> str:
    """Since when the server has been silent; empty while it answers."""
    if state.server is None or not state.server.why:
        return ""
    if state.server.heard_at is None:
        return "Máy chủ chưa trả lời lần nào."
    return f"Máy chủ im lặng từ {moment(state.server.heard_at, state.now)}."


def peer_words(peer: PeerState, server_name: str, now: datetime) -> tuple[str, str, str]:
    """Name of a peer, how it stands, and the icon."""
    name = f"Máy chủ {server_name}" if not peer.number else f"Quầy {peer.number}"
    if peer.why:
        why = PEER_WHY.get(peer.why, "chưa xong, sẽ tự thử lại")
        last = f", gặp lần cuối {moment(peer.heard_at, now)}" if peer.heard_at else ""
        return name, f"Chưa tới được: {why}{last}", "cloud-off"
    if peer.revoked:
        return name, "Máy này đã thôi dùng", "ban"
    if peer.more:
        return name, "Đang nhận hồ sơ cũ", "cloud-up"
    if peer.in_step_at is None:
        return name, "Chưa gặp lần nào", "cloud-up"
    return name, f"Hai bên như nhau lúc {moment(peer.in_step_at, now)}", "cloud-check"


def refused_words(line: NotTaken) -> tuple[str, str]:
    """Why a line was set aside, and what happens with it."""
    why = WHY.get(line.why, "Nội dung chưa đọc được")
    if line.held:
        return why, "Bên nhận đã giữ, chưa đưa vào danh sách. Không cần làm gì"
    return why, "Bên nhận để riêng chờ người xem. Báo người phụ trách máy"


def backup_words(at: datetime | None, now: datetime) -> tuple[str, str, str]:
    """The last backup that was restored once, what to do about it, and the icon."""
    if at is None:
        return "Chưa có bản sao lưu", "Mỗi chiều máy tự làm và phục hồi thử", "alert-triangle"
    said = f"Đã sao lưu và phục hồi thử lúc {moment(at, now)}"
    if now - at > BACKUP_OLD:
        return said, "Đã cũ. Xem chỗ trống trên ổ đĩa, báo người phụ trách máy", "alert-triangle"
    return said, "Mỗi chiều máy tự làm", "database"
