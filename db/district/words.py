"""What the server's operator reads when something is refused; also known to the counter's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from db.refused import Refused

if TYPE_CHECKING:
    # The window's first page says these sentences too, and needs no protocol for it.
    from db.replication.courier import Brought

SENTENCES: Mapping[str, str] = {
    "DistrictExists": "Thư mục {path} đã có máy chủ. Chọn thư mục khác.",
    "DistrictMissing": "Không có máy chủ trong {path}, hoặc chưa tạo xong.",
    "OfficeUnknown": "Không có đơn vị mã {code} trong danh mục của máy chủ.",
    "NumberTaken": "Quầy {number} đang là máy {device}. Thu hồi hoặc thay máy đó trước.",
    "DeviceUnknown": "Không có quầy nào là máy {device}.",
    "BlocksUsedUp": "Đơn vị {office} đã hết dãy số để cấp. Thu hồi quầy không dùng nữa.",
    "PlainHttpAbroad": "Không TLS thì chỉ mở trên máy này, không mở ra {host}.",
    "AddressTaken": "Không mở được {host} cổng {port}: chương trình khác đang dùng.",
    "NoBundle": "Không có gói nào ở {path}. Xem lại ổ USB.",
    "NotForUs": "Gói này không dành cho máy này. Xem lại gói của máy nào.",
    "BundleTooNew": "Gói do bản {version} ghi. Cập nhật phần mềm rồi đọc lại.",
    "Stranger": "Máy {dev} chưa được ghi danh ở máy chủ này. Cấp mã trước.",
    "EnrolmentDamaged": "Tệp {file} hỏng, hoặc của máy khác. Ghi lại đơn rồi mang đi.",
    "NoBackup": "{path} không phải bản sao lưu của máy chủ này. Chọn tệp khác.",
    "DatabaseInUse": "Cơ sở dữ liệu được chọn đã có dữ liệu. Chưa ghi gì; chọn nơi trống.",
    "NotPostgres": "Máy chủ này không dùng PostgreSQL nên không cần cấp quyền.",
    "RightsNotGiven": "Chưa cấp được quyền cho {role}. Tạo người dùng đó; chủ bảng mới cấp được.",
    "RightsTooWide": "{role} vẫn sửa được hồ sơ đã ghi. Dùng người dùng không có quyền quản trị.",
    "OtherDatabase": "Địa chỉ này dẫn tới cơ sở dữ liệu khác. Chưa đổi gì.",
    "ReasonNeeded": "Ghi lý do: --reason, hoặc reason trong tệp.",
    "TextEmpty": "Giấy không thể thiếu lời này. Gõ lời mới, hoặc trở về lời của mẫu.",
    "WordsTooLong": "Chỗ này vừa {most} ký tự, đang có {has}. Viết ngắn lại.",
    "UnknownPlaceholder": "Phần mềm không điền được {name}. Chỗ điền của lời này: {known}.",
    "PlaceholderMissing": "Lời theo mẫu phải có {names}. Thêm vào chỗ cần điền.",
    "PartsDiffer": "Lời này gồm {parts} phần cách nhau bằng dấu |, đang có {has}.",
    "DayGone": "Ngày {day} đã qua, giấy đã in không đổi lời. Chọn từ hôm nay trở đi.",
    "TextsUnreadable": "Không đọc được {path} ({why}). Cần tệp TOML hoặc JSON đã xuất ra.",
    "UnknownText": "Mẫu {form} không có lời nào tên “{text}”. Xem tên trong tệp xuất ra.",
    "ServerDatabaseGone": "Không nối được tới cơ sở dữ liệu máy chủ. Chưa lưu gì.",
}


_NOT_WRITTEN: Mapping[str, str] = {
    "full": "Chưa chép xong, đừng rút. Cần {need} MB, ổ còn {free} MB.",
    "read-only": "Ổ USB khóa ghi. Mở khóa hoặc dùng ổ khác rồi chép lại.",
    "gone": "Chưa chép xong: không ghi được vào {path}. Cắm lại ổ rồi chép lại.",
    "differs": "Ổ USB đọc lại không đúng. Dùng ổ khác rồi chép lại.",
}


_NOT_BACKED_UP: Mapping[str, str] = {
    "room": "Ổ đĩa thiếu chỗ sao lưu: cần {need} MB, còn {free} MB. Các bản trước vẫn còn.",
    "disk": "Không ghi được bản sao lưu. Xem lại ổ đĩa; các bản trước vẫn còn.",
    "unsound": "Bản sao vừa làm phục hồi không đúng ({what}). Chạy doctor; các bản trước vẫn còn.",
}


CODE_WHY: Mapping[str, str] = {
    "form": "Mã gồm 13 chữ và số, ví dụ 8F3K2-9TQ7M-XAB. Gõ lại.",
    "unknown": "Máy chủ không có mã này. Gõ lại, hoặc xin mã mới.",
    "used": "Mã đã dùng cho máy khác. Xin mã mới.",
    "expired": "Mã quá 7 ngày. Xin mã mới.",
    "tries": "Mã đã gõ sai nhiều lần, không dùng được nữa. Xin mã mới.",
    "wait": "Gõ sai nhiều lần. Chờ vài phút rồi thử lại.",
}


def code_wrong(facts: Mapping[str, object]) -> str:
    """Why a code enrols nobody."""
    return CODE_WHY.get(str(facts["why"]), "Mã chưa dùng được ({why}).").format(**facts)


def not_backed_up(facts: Mapping[str, object]) -> str:
    """Why there is no new backup."""
    return _NOT_BACKED_UP[str(facts["why"])].format(**facts)


def not_written(facts: Mapping[str, object]) -> str:
    """Why a bundle is not on the stick."""
    return _NOT_WRITTEN[str(facts["why"])].format(**facts)


def brought_words(brought: Brought) -> str:
    """What a bundle came to, for whoever carried it."""
    if brought.damaged and brought.said is None:
        return "Gói hỏng, không đọc được dòng nào. Hãy chép lại."
    if brought.damaged:
        lines, missing = brought.lines, max(0, (brought.said or 0) - brought.lines)
        if not missing:
            return f"Gói hỏng ở cuối, đủ {lines} dòng nhưng thiếu phần hỏi đáp. Hãy chép lại."
        return (
            f"Gói hỏng ở dòng {brought.at}. Đã nhận {lines} dòng đúng, còn thiếu {missing}."
            " Hãy chép lại."
        )
    if brought.revoked:
        return "Máy này đã thôi dùng. Dòng gửi đến để riêng chờ người xem."
    if not brought.stored and not brought.signed:
        return "Đã có đủ, không thêm gì."
    if brought.signed and not brought.stored:
        return f"Máy chủ đã ký nhận {brought.signed} dòng."
    return f"Đã nhận {brought.stored} dòng mới."


def said(refused: Refused) -> str:
    """The sentence of a refusal; its bare name and facts when it is not the server's own."""
    name = type(refused).__name__
    if name == "BundleNotWritten":
        return not_written(refused.facts)
    if name == "CodeWrong":
        return code_wrong(refused.facts)
    if name == "BackupNotMade":
        return not_backed_up(refused.facts)
    facts = " ".join(f"{key}={value}" for key, value in refused.facts.items())
    return SENTENCES[name].format(**refused.facts) if name in SENTENCES else f"{name} {facts}"
