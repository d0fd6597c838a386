"""What the clerk reads when a step of a dossier's life is refused or remarked."""

from __future__ import annotations

from collections.abc import Mapping

STEP_SENTENCES: Mapping[str, str] = {
    "NotNow": "Hồ sơ đang ở “{state}”, chưa {act} được. Có thể: {instead}.",
    "NotYourRole": "“{act}” là việc của {who}. Mời người đó đăng nhập (Ctrl+L).",
    "HeldElsewhere": "Hồ sơ đang ở {department}. Gọi bộ phận đó, hoặc chờ chuyển lại.",
    "NothingToUndo": "Việc cuối do {by} làm lúc {at}, không hoàn tác được. Ghi nhầm có lý do.",
    "TextMissing": "Ghi {what}.",
    "TextTooLong": "Mục {what} tối đa {most} ký tự, đang có {has}. Viết ngắn lại.",
    # ---- missing papers, late, stopped
    "NothingAsked": "Chưa tích giấy nào. Tích giấy còn thiếu hoặc cần sửa.",
    "NoSuchPaper": "Hồ sơ không có giấy “{paper}”. Chọn trong danh sách.",
    "TooManyFilters": "Đã có {most} bộ lọc. Xóa bớt một bộ lọc rồi lưu.",
    "NothingBrought": "Chưa tích giấy nào. Tích giấy người dân vừa mang đến.",
    "PhraseMissing": "Chọn lý do cho “{paper}”.",
    "UntilTooEarly": "Hạn bổ sung {day} phải sau hôm nay.",
    "DueTooEarly": "Ngày hẹn lại phải sau ngày đã hẹn {due}.",
    "ApologyTooLate": "Phiếu xin lỗi phải có trước ngày {by}. Ghi lý do làm muộn để tiếp tục.",
    "NotAwaited": "Hồ sơ không chờ kết quả thứ {nth}. Xem lại số thứ tự kết quả.",
    "ExtendedBefore": "Đã hẹn lại {times} lần, quy định tối đa {most}. Ghi lý do hẹn thêm.",
    "supplement_late": "Đã {days} ngày làm việc, quy định trong {most} ngày. Vẫn yêu cầu được.",
    "supplement_again": "Lần yêu cầu thứ {nth}, quy định tối đa {most}. Xem kỹ trước khi in.",
    "NothingToPrint": "Hồ sơ chưa có việc nào để in {form}.",
    "NoNewResults": "Kết quả về hôm nay đều đã có phiếu. In lại: mở hồ sơ rồi Alt+L.",
    "StepTakenBack": "{form}: việc này {by} đã hủy lúc {at} ({reason}). Làm lại rồi in phiếu mới.",
    "MomentUnreadable": "Ngày giờ chưa rõ. Gõ như 16:30 15/12/2026.",
    "MoneyUnreadable": "Số tiền “{text}” chưa rõ. Gõ như 15.000.",
    "NoSuchVolume": "Sổ năm {year} không có quyển {volume} trên máy này. Có: {known}.",
    "SheetNotSaved": "Chưa ghi được {path} ({why}). Đóng tệp nếu đang mở, xem ổ đĩa rồi làm lại.",
    # ---- the words of the papers
    "TextRunsOver": "Với hồ sơ dài, {form} khổ {size} không đủ chỗ. Viết ngắn lại.",
    "TextsNotWritten": "Chưa ghi được {path} ({why}). Xem ổ đĩa rồi xuất lại.",
    # ---- on the way
    "PlaceMissing": "Chọn nơi nhận hồ sơ.",
    "PlaceUnknown": "Đơn vị không có bộ phận “{department}”. Chọn trong danh sách.",
    # ---- results and money
    "ReturnedBefore": "Đã trả cho {to} lúc {at} ở quầy {where}. Không trả lần nữa.",
    "NothingChosen": "Chưa tích kết quả nào. Tích kết quả đưa cho dân lần này.",
    "NotReady": "Chưa có kết quả. Hẹn {due}.",
    "FeeOwed": "Còn phải thu {amount} đ. Thu rồi trả.",
    "AuthorisationMissing": "Người nhận không phải chủ hồ sơ. Ghi số, ngày giấy ủy quyền.",
    "NothingOwed": "Hồ sơ {code} không còn khoản phải thu.",
    "MoreThanPaid": "Hồ sơ mới thu {paid} đ. Chỉ hoàn trong số đã thu.",
}
