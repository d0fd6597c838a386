"""The end-of-day sheet read back: the verdict at its head, every dossier, every page."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from desk_app.papers.day_sheet import CLOSER, LOOK, Said, day_sheet_pdf
from desk_app.papers.day_sheet_words import COLUMNS, difference_words
from desk_app.rules.day_totals import (
    COMPARED,
    Act,
    Count,
    CounterDay,
    DaySheet,
    Difference,
    Payment,
    Series,
    Taken,
)
from tests.papers.conftest import OFFICE, opened, pictures, text_of

SAID = Said(("Quầy này chưa nối máy chủ.",), (), {"purpose": "Mục đích", "fee": "Lệ phí"})
LONG_NAME = (
    "Công ty Trách nhiệm hữu hạn một thành viên Thương mại Dịch vụ Sản xuất và Xuất nhập khẩu "
    "Thủy sản Kiến Thụy Hải Phòng"
)


def taken(number: int, counter: int = 2, **changes: Any) -> Taken:
    whole = Taken(
        id=f"{number:032x}",
        code=f"{OFFICE.code}-261126-{number:04d}",
        name=f"Nguyễn Văn Thử {number}",
        id_number="031 ••• ••• 912",
        procedure="1.004873",
        short_name="Tình trạng hôn nhân",
        received_at="2026-11-26T09:41:00+07:00",
        due_at="2026-12-01T16:30:00+07:00",
        counter=counter,
        clerk="Trần Thị Mai",
        fee=15_000,
        how="cash",
        status="received",
        printed=True,
        flagged=False,
        alone=True,
        second=False,
        signed=False,
    )
    return msgspec.structs.replace(whole, **changes)


def day(number: int, dossiers: tuple[Taken, ...] = (), **changes: Any) -> CounterDay:
    count = Count(len(dossiers), procedures={"1.004873": len(dossiers)} if dossiers else {})
    whole = CounterDay(number=number, journal=count, screen=count, dossiers=dossiers)
    return msgspec.structs.replace(whole, **changes)


def sheet(*counters: CounterDay, **changes: Any) -> DaySheet:
    whole = DaySheet(
        day="2026-11-26",
        made_at="2026-11-26T17:05:00+07:00",
        made_by="Trần Thị Mai",
        made_here=2,
        office=OFFICE,
        counters=counters or (day(2),),
        differences=(),
        agrees=True,
        has_server=True,
        money={},
        money_shown={},
        unread=0,
        entries=1234,
        chain="ab" * 32,
    )
    return msgspec.structs.replace(whole, **changes)


@pytest.fixture
def pages(texts_of: dict[str, dict[str, str]]) -> Any:
    def read(made: DaySheet, said: Said = SAID) -> list[str]:
        return text_of(day_sheet_pdf(made, said, texts_of["2025"]))

    return read


def test_an_empty_day_is_one_page_that_says_so(pages: Any) -> None:
    (text,) = pages(sheet())
    for wanted in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        OFFICE.desk_line,
        "PHIẾU CUỐI NGÀY Thứ Năm, ngày 26 tháng 11 năm 2026",
        "Lập lúc 17:05 ngày 26/11/2026 tại quầy 2, người lập: Trần Thị Mai",
        "TỔNG KHỚP",
        "cùng không có hồ sơ nào trong ngày",
        "Tổng lệ phí ghi trên giấy tiếp nhận: 0 đồng (Không đồng).",
        "Quầy này chưa nối máy chủ.",
        "Không còn việc nào.",
        "NGƯỜI LẬP PHIẾU",
        "LÃNH ĐẠO BỘ PHẬN MỘT CỬA",
        "Trang 1/1",
        "mục 1234, " + "ab" * 32,
    ):
        assert wanted in text, wanted


def test_a_long_day_flows_over_pages_with_its_heading_and_loses_nothing(pages: Any) -> None:
    dossiers = tuple(taken(n, name=LONG_NAME if n % 7 == 0 else f"Lê Thử {n}") for n in range(180))
    found = pages(sheet(day(2, dossiers)))
    assert len(found) > 5
    whole = " ".join(found)
    assert all(each.code in whole for each in dossiers)
    assert whole.count(LONG_NAME) == sum(n % 7 == 0 for n in range(180))
    assert all("STT Mã hồ sơ Người nộp Thủ tục Hẹn trả" in page for page in found[1:-1])
    last = len(found)
    assert all(f"Trang {n}/{last}" in page for n, page in enumerate(found, start=1))
    assert (
        "Tổng lệ phí ghi trên giấy tiếp nhận: 2.700.000 đồng (Hai triệu bảy trăm nghìn đồng)."
        in whole
    )


def test_each_counter_has_its_part_and_idle_ones_a_line(pages: Any) -> None:
    acts = (
        Act(
            "2026-11-26T10:05:00+07:00",
            "dossier.corrected",
            taken(9).code,
            3,
            "Phạm Văn Hùng",
            "ghi thiếu",
            ("purpose", "fee"),
        ),
        Act(
            "2026-11-26T10:07:00+07:00",
            "dossier.voided",
            taken(8).code,
            3,
            "Phạm Văn Hùng",
            "rút",
            stands=False,
        ),
    )
    paid = Payment(
        "ef" * 32,
        "2026-11-26T10:09:00+07:00",
        "01" * 16,
        taken(1).code,
        3,
        "Mai",
        7_000,
        "cash",
        "12",
    )
    gap = Series(2, taken(1).code, taken(9).code, 5, ((3, 3), (5, 7)))
    whole = " ".join(
        pages(
            sheet(
                day(1),
                day(2, (taken(1), taken(2, signed=True)), series=(gap,)),
                day(
                    3,
                    (taken(1001, 3, alone=False, status="voided"),),
                    acts=acts,
                    payments=(paid,),
                    steps={"result.returned": 3, "fee.taken": 1},
                ),
            )
        )
    )
    assert "QUẦY 2 (QUẦY NÀY)" in whole and "QUẦY 3" in whole and "QUẦY 1" not in whole
    assert "Quầy 1 0 0 0 0 0 0 0 0" in whole
    assert "Quầy 2 (quầy này) 2 0 0 0 30.000 1 0 2" in whole
    assert "5 mã, thiếu 4 số: 3, 5–7. Tìm giấy của các số này." in whole
    assert "10:05 Đính chính mục đích, lệ phí" in whole
    assert "Hủy (chưa có hiệu lực, chờ lãnh đạo)" in whole
    assert "(đã hủy)" in whole
    assert "Tiền thu, hoàn ghi trong ngày" in whole and "Tiền mặt 1 7.000 Cộng 1 7.000" in whole
    assert "Các bước khác ghi trong ngày: trả kết quả 3, thu phí 1." in whole
    assert "031 ••• ••• 912" in whole.replace("\xa0", " ")
    places = [word for word in ("Máy chủ", "Máy này", "Quầy 3") if f"15.000 {word}" in whole]
    assert places == ["Máy chủ", "Máy này", "Quầy 3"]


def test_where_a_dossier_is_besides_and_a_counter_nobody_knows(pages: Any) -> None:
    dossiers = (
        taken(1, alone=False, second=True),
        taken(2, 0, alone=False),
        taken(3, alone=False, signed=True, second=True),
    )
    (text,) = pages(sheet(day(0, dossiers), has_server=False))
    assert "CHƯA RÕ QUẦY" in text and "Chưa rõ quầy 3 0 0 0 45.000 – 2 0" in text
    assert [f"15.000 {w}" in text for w in ("Ổ bản thứ", "Nơi khác", "Máy chủ")] == [True] * 3


def test_sums_that_differ_are_said_at_the_head_with_every_dossier(pages: Any) -> None:
    wrong = (
        Difference("01" * 16, taken(1).code, 2, "missing"),
        Difference("02" * 16, taken(2).code, 2, "differs", ("due", "status")),
        Difference("03" * 16, taken(3).code, 2, "extra"),
        Difference("04" * 16, taken(4).code, 2, "differs", ("money",)),
    )
    counted = day(2, (taken(1), taken(2)), screen=Count(2, voided=1))
    money = {"money": {"cash": (2, 9_000)}, "money_shown": {"cash": (1, 5_000)}}
    text = pages(sheet(counted, differences=wrong, agrees=False, **money))[0]
    begin = text.index("TỔNG KHÔNG KHỚP")
    assert begin < text.index("Hồ sơ không khớp") < text.index("Các quầy trong ngày")
    assert "Sổ gốc có 2 hồ sơ, danh sách trên màn hình có 2; 4 hồ sơ khác nhau." in text
    assert "chạy desk-app rebuild rồi lập lại phiếu" in text
    assert f"{taken(1).code} 2 Có trong sổ gốc, màn hình không có" in text
    assert f"{taken(2).code} 2 Khác ở hẹn trả, tình trạng" in text
    assert f"{taken(3).code} 2 Chỉ có trên màn hình, sổ gốc không có" in text
    assert f"{taken(4).code} 2 Khác ở tiền thu, hoàn trong ngày" in text
    assert "trừ tiền hoàn: 9.000 đồng theo sổ gốc, 5.000 đồng theo màn hình." in text


def test_every_column_that_is_compared_has_its_word() -> None:
    assert set(COLUMNS) == set(COMPARED)
    everything = Difference("01" * 16, "X", 2, "differs", COMPARED)
    assert difference_words(everything).count(",") == len(COMPARED) - 1


def test_nothing_stands_in_the_margins(texts_of: dict[str, dict[str, str]]) -> None:
    dossiers = tuple(
        taken(n, name=LONG_NAME, short_name="Thủ tục rất dài " * 2, fee=1_000_000_000_000)
        for n in range(40)
    )
    acts = (Act("2026-11-26T10:05:00+07:00", "dossier.voided", "C" * 60, 2, "A" * 80, "b " * 480),)
    pdf = day_sheet_pdf(sheet(day(2, dossiers, acts=acts)), SAID, texts_of["2025"])
    with opened(pdf) as some:
        count = len(some)
    found = pictures(pdf, 72)
    assert len(found) == count > 1
    left, right = LOOK.left - 3, LOOK.width - LOOK.right + 3
    for page in found:
        dark = page.point(lambda tone: 255 - tone).getbbox()
        assert dark is not None
        assert left <= dark[0] and dark[2] <= right
        assert CLOSER.top - 3 <= dark[1] and dark[3] <= LOOK.height - LOOK.bottom + 4


def test_the_same_sheet_gives_the_same_bytes(texts_of: dict[str, dict[str, str]]) -> None:
    made = sheet(day(2, (taken(1),)))
    assert day_sheet_pdf(made, SAID, texts_of["2025"]) == day_sheet_pdf(
        made, SAID, texts_of["2025"]
    )


def test_a_short_day_is_one_page_and_nobody_signs_a_page_alone(pages: Any) -> None:
    assert len(pages(sheet(day(2, (taken(1),))))) == 1
    for number in range(2, 40):
        last = pages(sheet(day(2, tuple(taken(n) for n in range(number)))))[-1]
        assert taken(number - 1).code in last and "NGƯỜI LẬP PHIẾU" in last, number
