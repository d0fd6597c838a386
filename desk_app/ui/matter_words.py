"""How a matter for a person is said: its title, both sides, and what can be decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from db.acts import ACTS as STEP_ACTS
from desk_app.services import settle
from desk_app.services.steps import settle_steps
from desk_app.ui.dossier_words import FIELDS, short_moment, value_words

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.services.attention import Matter, Side


class Said(NamedTuple):
    """Title of a matter, and what it means for who reads it."""

    title: str
    about: str


TITLES: Final[dict[str, Said]] = {
    "field_conflict": Said("Hai quầy sửa khác nhau", "Chọn bản đúng. Bản kia vẫn còn ở quá trình."),
    "void_conflict": Said("Nơi hủy, nơi làm tiếp", "Lãnh đạo quyết định hồ sơ còn hay hủy."),
    "recode_conflict": Said("Hai quầy đổi mã cùng lúc", "Đổi mã một lần nữa để chỉ còn một mã."),
    "received_twice": Said(
        "Ghi nhận hai lần", "Một hồ sơ, hai giấy hẹn. Đối chiếu giấy; số trên cả hai đều tra được."
    ),
    "bad_correction": Said("Đính chính không đọc được", "Mở hồ sơ, đính chính lại mục đó."),
    "recovered": Said(
        "Mới có tờ giấy hẹn", "Hồ sơ dựng lại từ giấy. Đủ lại khi máy cũ hoặc máy chủ gửi bản gốc."
    ),
    "unreadable": Said(
        "Cần cập nhật phần mềm", "Hồ sơ có việc do bản phần mềm mới hơn ghi. Máy này chỉ xem."
    ),
    "code_clash": Said(
        "Hai hồ sơ trùng mã", "Đổi mã một hồ sơ rồi báo người dân. Mã cũ vẫn tra được."
    ),
    "alike": Said(
        "Nghi nhận trùng ở hai quầy", "Cùng người, cùng thủ tục, cùng ngày. Hỏi lại rồi chọn."
    ),
    "restored": Said("Máy này mở từ bản sao cũ", "Hồ sơ thiếu đã lấy về, số mới đã được cấp."),
    "went_back": Said("Máy chủ mở từ bản sao cũ", "Máy này đã gửi lại những gì máy chủ thiếu."),
    "state_conflict": Said(
        "Hai nơi làm khác nhau cùng lúc",
        "Chọn việc đúng. Việc kia ghi nhầm, vẫn còn ở quá trình.",
    ),
    "out_of_hand": Said(
        "Làm khi hồ sơ đã chuyển đi", "Hồ sơ đã giao bộ phận khác. Việc ở quầy chưa được tính."
    ),
    "out_of_turn": Said(
        "Việc không đúng lượt", "Máy giữ lại nhưng chưa tính. Ghi là nhầm, hoặc xác nhận đã xem."
    ),
    "returned_twice": Said(
        "Ghi nhận trả hai lần", "Lãnh đạo chọn lần đúng. Lần kia ghi là nhầm, có lý do."
    ),
    "fee_twice": Said("Thu hai lần?", "Lãnh đạo xem: một lần ghi nhầm, hay cả hai đều đã thu."),
    "settled_twice": Said("Hai người xử lý khác nhau", "Lãnh đạo quyết định lần cuối."),
    "different": Said("Hai bên chưa như nhau", "Máy tự so lại mỗi ngày. Báo người phụ trách máy."),
}

ACTS: Final = {
    **{kind: act.says.lower() for kind, act in STEP_ACTS.items()},
    "dossier.received": "tiếp nhận",
    "dossier.corrected": "đính chính",
    "dossier.voided": "hủy hồ sơ",
    "dossier.recoded": "đổi mã",
    "dossier.recovered": "dựng lại từ giấy",
    "dossier.linked": "đối chiếu hồ sơ khác",
    "receipt.printed": "in giấy hẹn",
    "note.added": "ghi chú",
    "file.attached": "đính kèm tệp",
}


@dataclass(frozen=True)
class Choice:
    """One way to settle a matter; ``job`` is called with the desk and the reason."""

    text: str
    icon: str
    job: Callable[[Desk, str], Any]
    done: str
    """What is said afterwards."""
    wants_reason: bool = True


def title_of(matter: Matter) -> str:
    """In a list."""
    if matter.name == "field_conflict":
        field = FIELDS.get(matter.path, matter.path).lower()
        return f"Hai quầy sửa {field} khác nhau"
    return TITLES[matter.name].title


def about_of(matter: Matter) -> str:
    """What it means and who decides."""
    return TITLES[matter.name].about


def side_title(matter: Matter, side: Side, now: datetime) -> str:
    """Who, where, when."""
    where = f"quầy {side.counter}" if side.counter else "quầy khác"
    return f"{side.by}, {where}, {short_moment(side.at, now)}"


def side_text(matter: Matter, side: Side) -> str:
    """What was done, in the clerk's words."""
    if matter.name in ("code_clash", "alike"):
        return f"{side.value}\n{side.what}"
    kind, _, reason = side.what.partition(" ")
    said = ACTS.get(kind, "việc do bản phần mềm mới hơn ghi")
    lines = [said.capitalize()]
    if matter.path:
        field = FIELDS.get(matter.path, matter.path)
        lines = [f"{field}: {value_words(matter.path, side.value)}"]
    if reason:
        lines.append(f"Lý do: {reason}")
    return "\n".join(lines)


def choices_of(matter: Matter) -> tuple[Choice, ...]:
    """What can be decided here; none when the dossier has to be opened."""
    id_ = matter.id
    match matter.name:
        case "field_conflict":
            return tuple(
                Choice(
                    f"Giữ bản {('thứ nhất', 'thứ hai')[at]}",
                    "check",
                    partial(_keep, id_, matter.path, side.value),
                    "Đã chọn một bản. Quầy kia thấy khi gửi nhận.",
                )
                for at, side in enumerate(matter.sides[:2])
            )
        case "void_conflict":
            return (
                Choice("Hủy hồ sơ", "ban", partial(_void, id_), "Hồ sơ đã hủy."),
                Choice("Hồ sơ vẫn còn", "circle-check", partial(_live, id_), "Hồ sơ vẫn còn."),
            )
        case "recode_conflict":
            said = "Đã đổi mã. In lại giấy hẹn rồi báo người dân."
            return (Choice("Đổi mã lại", "edit", partial(_recode, id_), said),)
        case "code_clash":
            said = "Đã đổi mã. In lại giấy hẹn rồi báo người dân."
            return tuple(
                Choice(
                    f"Đổi mã hồ sơ của {side.what.partition(',')[0]}",
                    "edit",
                    partial(_recode, side.id),
                    said,
                )
                for side in matter.sides
            )
        case "alike":
            one, two = (side.id for side in matter.sides)
            return (
                Choice(
                    "Cùng một việc", "copy", partial(_link, one, two, "same"), "Đã ghi là một việc."
                ),
                Choice(
                    "Hai việc khác nhau",
                    "files",
                    partial(_link, one, two, "distinct"),
                    "Đã ghi là hai việc.",
                    wants_reason=False,
                ),
            )
        case "state_conflict" | "returned_twice" | "fee_twice" | "settled_twice":
            first, second = (side.entry for side in matter.sides)
            return (
                _step_choice(id_, "Giữ việc thứ nhất", "check", annulled=(second,), stand=(first,)),
                _step_choice(id_, "Giữ việc thứ hai", "check", annulled=(first,), stand=(second,)),
                _step_choice(id_, "Cả hai đều đúng", "copy", stand=(first, second)),
            )
        case "out_of_hand" | "out_of_turn":
            entries = tuple(side.entry for side in matter.sides)
            return (
                _step_choice(id_, "Ghi là nhầm", "ban", annulled=entries[:1]),
                _step_choice(id_, "Đã xem, để nguyên", "check", stand=entries),
            )
        case "received_twice":
            entries = tuple(side.entry for side in matter.sides)
            return (_step_choice(id_, "Đã đối chiếu, là một hồ sơ", "check", stand=entries),)
        case "restored" | "went_back" | "different":
            read = partial(_noted, matter.key)
            return (Choice("Đã biết", "check", read, "Đã ghi nhận.", wants_reason=False),)
        case _:
            return ()


def _step_choice(
    id_: bytes,
    text: str,
    icon: str,
    annulled: tuple[str, ...] = (),
    stand: tuple[str, ...] = (),
) -> Choice:
    def job(desk: Desk, reason: str) -> object:
        return settle_steps(desk, id_, annulled, stand, reason)

    return Choice(text, icon, job, "Đã ghi. Quầy kia thấy khi gửi nhận.")


def _keep(id_: bytes, path: str, value: Any, desk: Desk, reason: str) -> object:
    return settle.keep_value(desk, id_, path, value, reason)


def _void(id_: bytes, desk: Desk, reason: str) -> object:
    return settle.void_after_all(desk, id_, reason)


def _live(id_: bytes, desk: Desk, reason: str) -> object:
    return settle.let_it_live(desk, id_, reason)


def _recode(id_: bytes, desk: Desk, reason: str) -> object:
    return settle.give_new_code(desk, id_, reason)


def _link(one: bytes, two: bytes, how: Any, desk: Desk, reason: str) -> object:
    return settle.link(desk, one, two, how, reason)


def _noted(key: str, desk: Desk, reason: str) -> object:
    settle.noted(desk, key)
    return None
