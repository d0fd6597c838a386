"""What the clerk reads when something is refused or remarked: one sentence a name.

A sentence says what to do, then why; at most 90 characters, no blame, no exclamation marks.
``{…}`` are the facts of the refusal or the remark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from db.district.words import SENTENCES as SERVER_SENTENCES
from db.district.words import code_wrong, not_backed_up, not_written
from db.refused import Refused
from desk_app.rules.remarks import Remark
from desk_app.step_messages import STEP_SENTENCES

SENTENCES: Mapping[str, str] = {
    **SERVER_SENTENCES,
    **STEP_SENTENCES,
    # ---- reading what was typed
    "too_long": "Tối đa {limit} ký tự, đang có {length}. Rút ngắn, hoặc đính kèm tệp.",
    "legacy_text": "Chữ dán vào dùng bảng mã cũ ({encoding}). Chuyển thành “{reads}”?",
    "broken_characters": "Đã bỏ {count} ký tự hỏng.",
    "direction_marks": "Đã bỏ {count} ký tự đảo chiều chữ.",
    "line_breaks_joined": "Đã nối các dòng thành một dòng.",
    "name_missing": "Nhập họ và tên.",
    "name_has_digits": "Họ tên không có chữ số. Gõ lại theo giấy tờ.",
    "name_one_letter": "Họ tên chỉ có một chữ cái. Đối chiếu giấy tờ.",
    "name_without_letters": "Họ tên chưa có chữ cái nào. Đối chiếu giấy tờ.",
    "id_number_digits": "Số định danh gồm 12 số, đang có {count}.",
    "id_number_letters": "Số định danh có chữ cái. Đổi thành {offer}?",
    "id_number_not_digits": "Số định danh gồm 12 số. Gõ lại theo thẻ.",
    "id_number_passport": "Đọc là số hộ chiếu.",
    "id_number_cmnd": "Số có 9 chữ số là CMND, giấy tờ cũ. Hỏi số định danh 12 số.",
    "id_number_birth": "Số định danh không khớp năm sinh {year}. Đối chiếu thẻ.",
    "id_number_sex": "Số định danh không khớp giới tính {sex}. Đối chiếu thẻ.",
    "tax_number_digits": "Mã số thuế gồm 10, 12 hoặc 13 số, đang có {count}.",
    "day_unreadable": "Chưa đọc được ngày. Gõ ngày, tháng, năm, ví dụ 14/02/1987.",
    "day_in_future": "Ngày {day} ở sau hôm nay. Gõ lại theo giấy tờ.",
    "year_of_two_digits": "Năm có hai chữ số, đọc là {day}. Đúng chưa?",
    "year_only": "Mới có năm sinh {year}. Hỏi thêm ngày, tháng nếu giấy tờ có.",
    "age_over_120": "Tuổi là {age}. Xem lại năm sinh.",
    "child_alone": "Người nộp mới {age} tuổi, cần người đại diện.",
    "issued_before_birth": "Ngày cấp {day} trước ngày sinh. Đối chiếu giấy tờ.",
    "sex_unreadable": "Giới tính là Nam hoặc Nữ.",
    "phone_unreadable": "Số điện thoại gồm 10 số, bắt đầu bằng 0, ví dụ 0912 345 678.",
    "phone_old_prefix": "Đầu số 11 số đã đổi từ 2018. Đổi thành {offer}?",
    "phone_second": "Có hai số. Số thứ hai {phone} ghi vào ghi chú.",
    "phone_zero_added": "Đã thêm số 0 ở đầu: {phone}.",
    "email_odd": "Thư điện tử chưa đúng dạng, ví dụ: ten@coquan.vn.",
    "code_not_latin": "Mã có chữ “{letter}” không phải La-tinh ở vị trí {position}. Gõ lại.",
    "name_in_capitals": "Họ tên viết hoa hết. Đổi thành “{offer}”?",
    "name_in_small_letters": "Họ tên chưa viết hoa. Đổi thành “{offer}”?",
    "day_not_in_month": "Tháng {month} chỉ có {days} ngày.",
    "month_unknown": "Không có tháng {month}. Gõ ngày trước, tháng sau.",
    "day_lunar": "Nhập ngày dương lịch.",
    "sets_unreadable": "Số bộ hồ sơ là số từ 1 đến {most}.",
    "money_unreadable": "Gõ số tiền bằng chữ số, ví dụ 15.000.",
    "money_negative": "Số tiền không có dấu trừ, ví dụ 15.000.",
    "money_decimal": "Số tiền không có phần lẻ, ví dụ 15.000.",
    "money_too_large": "Số tiền quá lớn. Gõ lại, ví dụ 15.000.",
    "not_a_card": "Đây không phải mã trên thẻ căn cước.",
    "card_unclear": "Quét chưa rõ, quét lại thẻ.",
    "card_two_people": "Hai thẻ trong một lần quét. Quét lại từng thẻ.",
    # ---- the form
    "procedure_missing": "Chọn thủ tục.",
    "procedure_unknown": "Không có thủ tục {code} trong danh mục hôm nay. Chọn thủ tục khác.",
    "paper_missing": "Nhận “{paper}” rồi tích vào. Chưa có thì hẹn người nộp mang đến.",
    "paper_name_missing": "Gõ tên giấy tờ, hoặc bỏ dòng trống.",
    "paper_count_missing": "Ghi số bản của “{paper}”, hoặc bỏ tích.",
    "papers_too_many": "Một hồ sơ ghi được {most} giấy tờ, đang có {count}. Gộp bớt dòng.",
    "paper_count_large": "“{paper}” có {count} bản. Đúng số bản thì lưu.",
    "pages_missing": "Gõ số trang mỗi bản.",
    "copies_missing": "Gõ số bản cần chứng thực.",
    "fee_unknown": "Danh mục chưa có mức phí. Gõ số tiền thu, hoặc để trống nếu không thu.",
    "exemption_reason_missing": "Ghi lý do miễn, ví dụ: hộ nghèo.",
    "limit_unknown": "Danh mục chưa có thời hạn. Chọn ngày hẹn và ghi căn cứ.",
    "override_reason_missing": "Ghi lý do đổi ngày hẹn.",
    "due_before_received": "Ngày hẹn phải sau lúc nhận.",
    "calendar_missing": "Chưa có lịch nghỉ năm {year}. Kiểm tra ngày hẹn, sửa nếu cần.",
    "received_in_future": "Giờ nhận {moment} ở sau giờ máy. Xem lại.",
    "moment_unreadable": "Giờ “{text}” chưa rõ. Viết như 2026-11-26T09:41.",
    "due_unreadable": "Giờ hẹn chưa rõ. Gõ như 16:30 15/12/2026.",
    "same_today": "{who} vừa nộp thủ tục này lúc {time} ({code}). Nộp thêm?",
    "card_doubtful": "Thẻ đọc chưa chắc: {fields}. Quét lại, hoặc gõ như trên thẻ.",
    # ---- refusals of services
    "AlreadyReceived": "Số của nơi gửi đã nhận rồi, mã {code}.",
    "UnknownDossier": "Không thấy hồ sơ “{code}”. Thử số định danh, tên hoặc điện thoại.",
    "SeveralDossiers": "Có nhiều hồ sơ khớp: {codes}. Gõ thêm mã máy phía sau.",
    "ReasonMissing": "Ghi lý do.",
    "AlreadyVoided": "Hồ sơ này đã hủy: {reason}.",
    "NothingChanged": "Chưa có gì khác. Sửa một ô rồi lưu.",
    "CannotCorrect": "Giá trị chưa hợp với ô. Xem lại rồi lưu. ({why})",
    "UnreadableDossier": "Hồ sơ có mục của bản mới hơn: chỉ xem được, cần cập nhật phần mềm.",
    "NoteTooLong": "Ghi chú tối đa {most} ký tự, đang có {has}. Hãy đính kèm tệp.",
    "ReasonTooLong": "Lý do tối đa {most} ký tự, đang có {has}. Viết ngắn lại.",
    "ReceiptNotWritten": "Hồ sơ đã lưu. Chưa ghi được tệp giấy hẹn ({why}). Xem ổ đĩa rồi in lại.",
    "SheetNotWritten": "Chưa ghi được phiếu cuối ngày vào {path} ({why}). Xem ổ đĩa rồi lập lại.",
    "BookNotWritten": "Chưa ghi được sổ ngày vào {path} ({why}). Xem ổ đĩa rồi lập lại.",
    "NoSuchCounter": "Không có quầy {number} ở đơn vị này. Có quầy: {known}.",
    "AccountDisabled": "Tài khoản {login} đã khoá. Hỏi lãnh đạo.",
    "UnknownClerk": "Không có tài khoản {login} ở quầy này.",
    "PasswordTooShort": "Mật khẩu cần ít nhất {least} ký tự.",
    "CounterExists": "Thư mục {path} đã có quầy. Chọn thư mục khác.",
    "UnknownOffice": "Không có đơn vị mã {code} trong danh mục. Ví dụ: H24.314.11749.",
    "LoginWrong": "Tên đăng nhập gồm chữ thường không dấu, số và dấu chấm, không phải “{login}”.",
    "CounterNumberWrong": "Số quầy từ 1 đến 10, đang là {number}.",
    "ClerkMissing": "Không có cán bộ {login} ở quầy này.",
    "UnknownForm": "Không có mẫu {form}. In được: {known}.",
    # ---- the machine
    "LimitUnknown": "Danh mục chưa có thời hạn. Chọn ngày hẹn và ghi căn cứ.",
    "NeverOpen": "Giờ làm việc của {office} chưa đúng: không có ngày nào mở. Xem lại.",
    "FeeUnknown": "Danh mục chưa có mức phí. Gõ số tiền thu.",
    "BlockUsedUp": "Dải số của quầy đã hết.",
    "FormTextMissing": "Mẫu giấy {form_set} thiếu chữ {names}. Cập nhật mẫu rồi in lại.",
    "DiskFull": "Ổ đĩa đầy, chưa lưu. Giữ nguyên màn hình; giải phóng 200 MB rồi bấm Lưu.",
    "DiskFault": "Ổ đĩa báo lỗi. Chưa lưu, đừng đưa giấy cho dân. Gọi người phụ trách máy.",
    "DatabaseDamaged": "Dữ liệu trên ổ bị hỏng. Chưa lưu. Chạy kiểm tra, rồi phục hồi từ bản hai.",
    "NothingToSettle": "Việc này {by} đã xử lý lúc {at}. Không cần làm gì thêm.",
    "OnlyTheChief": "Việc này do lãnh đạo quyết định. Mời lãnh đạo đăng nhập (Ctrl+L).",
    "DoorShut": "Quầy chưa có chứng thư của máy chủ. Ghi danh (desk-app enrol) rồi mở cửa.",
    "DemoNotStarted": "Máy chủ thử không chạy. Xem dòng báo lỗi ở trên.",
    "AttachedBefore": "Ảnh này đã đính kèm với tên {name}. Không thêm nữa.",
    "BlobMissing": "Thiếu tệp gốc, máy chủ cũng chưa có. Hồ sơ vẫn nguyên. Quét lại giấy.",
    "BlobWrong": "Tệp nhận được không đúng tệp gốc. Sẽ tự xin lại.",
    "NotAReceipt": "Đây không phải mã trên giấy tiếp nhận liên lưu.",
    "ReceiptForged": "Mã không đúng chữ ký. Đối chiếu sổ trước khi nhận lại.",
    "CounterUnknown": "Giấy của xã khác, hoặc của quầy máy này chưa biết. Gửi nhận rồi quét lại.",
    "ScanUnreadable": "Không đọc được tệp {path}. Cần tệp PDF hoặc ảnh quét giấy tiếp nhận.",
    "NoServer": "Quầy chưa thuộc máy chủ nào. Xin mã, rồi chạy: desk-app enrol.",
    "PeerStrange": "Máy chủ trả lời không hiểu được. Cập nhật phần mềm hai bên.",
    "ServerNotReached": "Chưa tới được máy chủ {url}. Xem lại địa chỉ và dây mạng.",
    "ServerNotProven": "Nơi trả lời không phải máy chủ đã cấp mã. Xem lại địa chỉ.",
    "ClerkNeeded": "Xã chưa có cán bộ “{login}”. Thêm --clerk, --name và mật khẩu.",
    "DatabaseBusy": "Chương trình khác đang ghi dữ liệu. Chưa lưu, bấm Lưu lại.",
    "EngineTooOld": "Bộ máy dữ liệu {version} quá cũ, có lỗi đã biết. Cập nhật phần mềm.",
    "WrongKey": "Khóa không mở được dữ liệu này. Dùng khóa khôi phục trong két.",
    "KeySealedElsewhere": "Khóa dữ liệu thuộc máy khác. Dùng khóa khôi phục trong két.",
    "KeyFileDamaged": "Tệp khóa {path} hỏng hoặc thiếu. Dùng khóa khôi phục trong két.",
    "KeyFileUnwritable": "Không ghi được tệp khóa {path}. Xem lại quyền và chỗ trống.",
    "NothingToRestoreFrom": "Không có gì để phục hồi quầy này ở {path}. Cắm ổ bản hai khác.",
    "SecondCopyFailed": "Chưa chép được bản thứ hai. Cắm lại ổ USB; hồ sơ vẫn lưu trên máy.",
    "SpoolUnavailable": "Ổ bản thứ hai chưa dùng được. Cắm lại; hồ sơ vẫn lưu trên máy.",
    "AlreadyRunning": "Chương trình đang mở. Đã đưa cửa sổ lên trước.",
    "Malformed": "Mục dữ liệu không đúng dạng ({why}). Chưa lưu.",
}

PRINTER_WORDS: Mapping[str, str] = {
    "stopped": "máy in đang dừng",
    "paper": "hết giấy",
    "jam": "kẹt giấy",
    "cover": "nắp máy in đang mở",
    "toner": "hết mực",
    "offline": "máy in chưa bật hoặc rút dây",
    "cancelled": "lệnh in đã bị huỷ",
    "aborted": "máy in bỏ lệnh in",
    "no-file": "không thấy tệp giấy",
    "no-printer": "chưa chọn máy in",
    "no-service": "dịch vụ in của máy chưa chạy",
    "no-answer": "dịch vụ in không trả lời",
    "rejecting": "máy in không nhận lệnh",
    "helper-died": "chương trình in tắt giữa chừng",
    "no-helper": "không mở được chương trình in",
    "no-word": "máy in không báo lại",
}
"""What the print helper says in one plain word, as the clerk reads it."""

_FILE_WHY = {
    "missing": "Không đọc được tệp {path}. Xem lại đường dẫn.",
    "too-large": "Tệp {path} quá 20 MB. Chia nhỏ rồi nhận lại.",
    "not-json": "Tệp {path} không phải JSON. Không nhận hồ sơ nào.",
    "not-a-list": "Tệp {path} không phải một danh sách hồ sơ. Không nhận hồ sơ nào.",
}
_SETTINGS_WHY = {
    "missing": "Chưa có quầy ở {path}. Tạo bằng: desk-app init, hoặc desk-app demo.",
    "unfinished": "Không thấy dữ liệu của quầy ở {path}. Phục hồi từ bản hai, đừng tạo quầy mới.",
    "office": "Danh mục không có đơn vị ghi trong counter.toml ở {path}. Xem lại mã đơn vị.",
    "clerk": "Quầy không có cán bộ ghi trong counter.toml ở {path}. Xem lại tên đăng nhập.",
}
_RECOVERY_WHY = {
    "length": "Khóa khôi phục thiếu hoặc thừa ký tự. Gõ lại đủ các nhóm.",
    "letter": "Nhóm {group} của khóa khôi phục có chữ lạ. Gõ lại nhóm đó.",
    "check": "Nhóm {group} của khóa khôi phục chưa khớp. Xem lại nhóm đó.",
}


def sentence_for(refused: Refused) -> str:
    """The sentence of a refusal; a form says how many things are left and names each."""
    name = type(refused).__name__
    special = _SPECIAL.get(name)
    return special(refused.facts) if special else SENTENCES[name].format(**refused.facts)


def sentence(remark: Remark) -> str:
    """The sentence of a remark."""
    return SENTENCES[remark.name].format(**{"offer": remark.offer, **remark.facts})


def _no_line(facts: Mapping[str, object]) -> str:
    return _LINE_WHY[str(facts["why"])]


def _file_refused(facts: Mapping[str, object]) -> str:
    return _FILE_REFUSED[str(facts["why"])].format(**facts)


def _logo_refused(facts: Mapping[str, object]) -> str:
    return _LOGO_WHY[str(facts["why"])]


def _declined(facts: Mapping[str, object]) -> str:
    other = "Máy chủ chưa nhận ({why}). Dữ liệu vẫn an toàn trên máy này."
    return _DECLINED_WHY.get(str(facts["why"]), other).format(**facts)


def _body_wrong(facts: Mapping[str, object]) -> str:
    return "Gói tin nhận được bị hỏng ({why}). Gửi lại sau.".format(**facts)


def _form_incomplete(facts: Mapping[str, object]) -> str:
    remarks = facts["remarks"]
    assert isinstance(remarks, tuple)
    said = " ".join(sentence(remark) for remark in remarks)
    return f"Chưa lưu được, còn {len(remarks)} việc. {said}"


def _wrong_password(facts: Mapping[str, object]) -> str:
    wait = facts["wait_seconds"]
    assert isinstance(wait, int)
    return f"Mật khẩu chưa đúng. Chờ {wait} giây rồi gõ lại." if wait else "Mật khẩu chưa đúng."


def _file_unreadable(facts: Mapping[str, object]) -> str:
    why = str(facts["why"])
    return _FILE_WHY.get(why, "Hồ sơ trong tệp sai dạng: {why}").format(**facts)


def _settings_wrong(facts: Mapping[str, object]) -> str:
    other = "Cài đặt của quầy chưa đúng ({why}). Xem counter.toml ở {path}."
    return _SETTINGS_WHY.get(str(facts["why"]), other).format(**facts)


def _wrong_passphrase(facts: Mapping[str, object]) -> str:
    return "Cụm mật khẩu chưa đúng. Gõ lại." if facts["given"] else "Gõ cụm mật khẩu mở dữ liệu."


def _recovery_wrong(facts: Mapping[str, object]) -> str:
    if not facts["group"]:
        return "Khóa khôi phục chưa khớp. Xem lại từng nhóm."
    return _RECOVERY_WHY[str(facts["why"])].format(**facts)


def _printer_refused(facts: Mapping[str, object]) -> str:
    why = str(facts["why"])
    said = PRINTER_WORDS.get(why, why)
    return f"Máy in không nhận: {said}. Hồ sơ đã lưu, xem máy in rồi in lại."


def _copied(facts: Mapping[str, object]) -> str:
    way = "Xin mã, chạy desk-app enrol." if facts["server"] else "Chạy desk-app unlock."
    return f"Máy này giống bản sao của quầy {facts['number']}: chỉ xem, chưa cấp mã. {way}"


_LINE_WHY: Mapping[str, str] = {
    "network": "Không có mạng. Dữ liệu vẫn an toàn, sẽ tự gửi khi có mạng.",
    "refused": "Máy chủ chưa mở cửa ở địa chỉ này. Sẽ tự gửi lại sau.",
    "silent": "Máy chủ không trả lời. Sẽ tự gửi lại sau.",
    "cut-off": "Đường truyền đứt giữa chừng. Sẽ tự gửi tiếp.",
    "not-the-server": "Có mạng nhưng chưa tới máy chủ. Mở trình duyệt, đăng nhập mạng nếu có.",
    "certificate": "Nơi trả lời không phải máy chủ của mình. Xem lại địa chỉ máy chủ.",
    "plain-http": "Địa chỉ máy chủ phải bắt đầu bằng https://. Xem lại cài đặt.",
    "no-address": "Quầy này gửi nhận bằng ổ USB. Có mạng thì thêm --server với địa chỉ máy chủ.",
}
_FILE_REFUSED: Mapping[str, str] = {
    "missing": "Không đọc được tệp {path}. Xem lại ổ và tên tệp.",
    "empty": "Tệp trống. Quét lại giấy.",
    "large": "Tệp quá 20 MB. Quét lại 200 dpi, màu xám.",
    "heic": "Ảnh HEIC của điện thoại. Chuyển sang JPG rồi đính kèm.",
    "office": "Tệp Word, Excel hoặc tệp nén. Đính kèm PDF hoặc ảnh quét.",
    "program": "Đây không phải PDF thật mà là chương trình. Không nhận.",
    "password": "PDF có mật khẩu. Bỏ mật khẩu rồi đính kèm.",
    "pages": "PDF có {pages} trang, tối đa 300. Chia nhỏ rồi đính kèm.",
    "damaged": "PDF hỏng, không mở được. Quét lại giấy.",
    "kind": "Chỉ nhận PDF, JPG, PNG. Quét lại giấy thành một trong ba loại.",
}
_LOGO_WHY: Mapping[str, str] = {
    "missing": "Không đọc được tệp biểu trưng. Xem lại đường dẫn.",
    "large": "Biểu trưng quá lớn. Cần tệp PNG tối đa 200 KB, mỗi chiều tối đa 6000 điểm.",
    "kind": "Tệp không phải ảnh PNG. Lưu biểu trưng thành PNG rồi chọn lại.",
}
_DECLINED_WHY: Mapping[str, str] = {
    "revoked": "Máy này không còn là quầy của máy chủ. Báo người phụ trách.",
    "unknown-device": "Máy chủ chưa biết máy này. Xin mã rồi chạy: desk-app enrol.",
    "signature": "Máy chủ không nhận chữ ký của máy này. Báo người phụ trách.",
    "nonce": "Phiên gửi đã hết hạn. Sẽ tự gửi lại sau.",
    "DiskFull": "Ổ đĩa máy chủ đầy. Sẽ tự gửi lại sau.",
    "DiskFault": "Ổ đĩa máy chủ có lỗi. Báo người phụ trách máy chủ.",
    "DatabaseBusy": "Máy chủ đang bận. Sẽ tự gửi lại sau.",
    "ServerDatabaseGone": "Máy chủ chưa mở được nơi lưu. Sẽ tự gửi lại sau.",
}

_SPECIAL: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "FormIncomplete": _form_incomplete,
    "WrongPassword": _wrong_password,
    "WrongPassphrase": _wrong_passphrase,
    "FileUnreadable": _file_unreadable,
    "SettingsWrong": _settings_wrong,
    "RecoveryKeyWrong": _recovery_wrong,
    "PrinterRefused": _printer_refused,
    "MachineIsACopy": _copied,
    "NoLine": _no_line,
    "PeerDeclined": _declined,
    "CodeWrong": code_wrong,
    "BodyWrong": _body_wrong,
    "BundleNotWritten": not_written,
    "FileRefused": _file_refused,
    "LogoRefused": _logo_refused,
    "BackupNotMade": not_backed_up,
}
