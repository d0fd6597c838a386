"""What the server's operator reads when something is refused; also known to the counter's words."""

from __future__ import annotations

from collections.abc import Mapping

from db.refused import Refused

SENTENCES: Mapping[str, str] = {
    "DistrictExists": "Thư mục {path} đã có máy chủ. Chọn thư mục khác.",
    "DistrictMissing": "Không có máy chủ trong {path}, hoặc chưa tạo xong.",
    "OfficeUnknown": "Không có đơn vị mã {code} trong danh mục của máy chủ.",
    "NumberTaken": "Quầy {number} đang là máy {device}. Thu hồi hoặc thay máy đó trước.",
    "DeviceUnknown": "Không có quầy nào là máy {device}.",
    "BlocksUsedUp": "Đơn vị {office} đã hết dãy số để cấp. Thu hồi quầy không dùng nữa.",
    "PlainHttpAbroad": "Không TLS thì chỉ mở trên máy này, không mở ra {host}.",
    "AddressTaken": "Không mở được {host} cổng {port}: chương trình khác đang dùng.",
    "ServerDatabaseGone": "Không nối được tới cơ sở dữ liệu máy chủ. Chưa lưu gì.",
}


def said(refused: Refused) -> str:
    """The sentence of a refusal; its bare name and facts when it is not the server's own."""
    name = type(refused).__name__
    facts = " ".join(f"{key}={value}" for key, value in refused.facts.items())
    return SENTENCES[name].format(**refused.facts) if name in SENTENCES else f"{name} {facts}"
