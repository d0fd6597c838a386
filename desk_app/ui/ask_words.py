"""What the page "Bổ sung" says about each paper it makes, and the paper's gist before printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from db.steps import Asked
    from desk_app.ui.ask_jobs import Subject


class AskWords(NamedTuple):
    """The words of one paper."""

    title: str
    card: str
    note: str
    button: str


WORDS: Final[Mapping[str, AskWords]] = {
    "incomplete": AskWords(
        "Yêu cầu bổ sung, hoàn thiện hồ sơ",
        "Giấy tờ cần bổ sung",
        "Lời dặn thêm, in trên phiếu",
        "Lưu và in phiếu bổ sung",
    ),
    "refused": AskWords(
        "Từ chối giải quyết hồ sơ",
        "Lý do từ chối",
        "Lý do, in trên phiếu",
        "Lưu và in phiếu từ chối",
    ),
    "extended": AskWords(
        "Xin lỗi và hẹn lại ngày trả kết quả",
        "Lý do chậm",
        "Lý do chậm, in trên phiếu",
        "Lưu và in phiếu xin lỗi",
    ),
    "stopped": AskWords(
        "Dừng giải quyết theo yêu cầu của người nộp",
        "Yêu cầu dừng",
        "Lý do người nộp nêu, in trên thông báo",
        "Lưu và in thông báo dừng",
    ),
}


def preview_of(
    outcome: str, subject: Subject, asked: Sequence[Asked], texts: Mapping[str, str]
) -> str:
    """The gist of the paper, line by line; ``texts`` as they are typed."""
    note = texts["note"].strip()
    match outcome:
        case "refused":
            act = "Không giải quyết" if subject.id else "Không tiếp nhận"
            lines = [f"{act} hồ sơ của {subject.name}.", note, texts["basis"].strip()]
        case "extended":
            lines = [
                f"Xin lỗi {subject.name}. Hẹn trả {texts['due'].strip() or '…'}, "
                f"thay cho {subject.promised}.",
                f"Lý do: {note or '…'}",
                " · ".join(filter(None, (texts["agency"].strip(), texts["signer"].strip()))),
            ]
        case "stopped":
            lines = [f"Dừng giải quyết hồ sơ {subject.code} theo yêu cầu.", note]
        case _:
            lines = [f"Đề nghị {subject.name} bổ sung {len(asked)} giấy tờ:"]
            lines += [f"{n}. {a.paper}: {a.reason}." for n, a in enumerate(asked, start=1)]
            lines += [note, f"Mang đến trước hết ngày {texts['until']}." if texts["until"] else ""]
    return "\n".join(filter(None, lines))
