"""The database key on paper: printed once when a counter is founded, kept in the commune's safe."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from desk_app.papers.lines import BOLD, ITALIC, REGULAR, balanced, register_fonts, wrap
from desk_app.rules.days import show_moment

MM = 72 / 25.4
A5 = (148 * MM, 210 * MM)
MARGIN = 15 * MM
IN_A_ROW = 4
"""Groups of the key in one row."""

_TITLE = "KHÓA KHÔI PHỤC DỮ LIỆU QUẦY"
_WORDS = (
    "Tờ này mở được toàn bộ dữ liệu của quầy khi máy hỏng hoặc bị thay. Cho vào phong bì, "
    "niêm phong, cất trong két của xã. Không chụp ảnh, không gửi qua mạng.",
    "Cách dùng: chép thư mục dữ liệu sang máy mới, chạy lệnh desk-app unlock --data THƯ-MỤC rồi gõ "
    "các nhóm dưới đây. Nhóm cuối dùng để kiểm tra lỗi gõ.",
)


def recovery_sheet(key: str, office: str, counter: int, made_at: datetime) -> bytes:
    """One A5 page with the recovery key in groups (``db.sealing.recovery_words``)."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A5, invariant=1, lang="vi")
    canvas.setTitle(_TITLE.capitalize())
    middle, y = A5[0] / 2, A5[1] - MARGIN - 14
    for line in balanced(_TITLE, BOLD, 14, A5[0] - 2 * MARGIN):
        canvas.setFont(BOLD, 14)
        canvas.drawCentredString(middle, y, "".join(piece.string for piece in line.pieces))
        y -= 20
    canvas.setFont(ITALIC, 11)
    canvas.drawCentredString(middle, y, f"{office}, quầy {counter}, lập lúc {show_moment(made_at)}")
    y -= 30
    for words in _WORDS:
        for line in wrap([(words, REGULAR)], 11, A5[0] - 2 * MARGIN):
            canvas.setFont(REGULAR, 11)
            canvas.drawString(MARGIN, y, "".join(piece.string for piece in line.pieces))
            y -= 15
        y -= 6
    groups = key.split()
    y -= 16
    for start in range(0, len(groups), IN_A_ROW):
        canvas.setFont(BOLD, 18)
        for place, group in enumerate(groups[start : start + IN_A_ROW]):
            x = MARGIN + (A5[0] - 2 * MARGIN) * (place + 0.5) / IN_A_ROW
            canvas.drawCentredString(x, y, group)
        y -= 30
    canvas.setFont(REGULAR, 11)
    canvas.drawString(MARGIN, MARGIN + 30, "Người lập (ký, ghi rõ họ tên)")
    canvas.drawRightString(A5[0] - MARGIN, MARGIN + 30, "Lãnh đạo giữ (ký, ghi rõ họ tên)")
    canvas.showPage()
    canvas.save()
    return file.getvalue()
