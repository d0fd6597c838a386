"""What everybody's papers say: published at the server, printed at every counter from the day on."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta

import pypdfium2
import pytest
from two_counters import take_in

from db.district.__main__ import main
from db.district.counters import OfficeUnknown
from db.district.texts import ReasonNeeded, publish_texts
from db.district.words import said
from db.doctor import examine
from db.text_file import TextsFile
from db.texts import Change, DayGone, PlaceholderMissing, UnknownText
from desk_app.services.form_texts import form_texts, publish
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.replicate import replicate

TITLE = "GIẤY HẸN CỦA TỈNH"
FILE = TextsFile(reason="Công văn 12", forms={"01": {"2025": {"title": TITLE}}})
OWN = Change("01", "2025", "title", "GIẤY HẸN CỦA XÃ")
OFFICE = "H24.314.11749"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def title(desk):
    return next(t for t in form_texts(desk) if (t.form, t.text) == ("01", "title"))


def printed(desk, seed):
    id_ = bytes.fromhex(take_in(desk, seed).id)
    return id_, on_paper(desk, id_)


def on_paper(desk, id_):
    written = write_receipt(desk, id_)
    paper_printed(desk, written, "clerk")
    document = pypdfium2.PdfDocument(written.path)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return text


def test_everybody_prints_it_from_the_day_on_and_an_office_may_still_differ(district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    tomorrow = district.clock().date() + timedelta(days=1)
    publish_texts(district.server, FILE, day=tomorrow)
    for desk in (one, two):
        assert replicate(desk).in_step
        assert title(desk).origin == "law"
    old, paper = printed(one, 3)
    assert TITLE not in paper
    district.clock.forward(days=1)
    for seed, desk in enumerate((one, two), start=4):
        assert title(desk).origin == "above"
        assert TITLE in printed(desk, seed)[1]
        assert examine(desk.journal).sound
    assert TITLE not in on_paper(one, old)
    with one.reading() as connection:
        chief = one.published(connection).clerk("mai")
    publish(one.as_clerk(chief), [OWN], one.now().date(), "riêng xã")
    assert replicate(one).in_step and replicate(two).in_step
    assert title(two).says == "GIẤY HẸN CỦA XÃ"


def test_the_names_of_one_office_reach_that_office(district, counter_of):
    one = counter_of("one")
    renamed = TextsFile(reason="Sáp nhập", office={"place": "Đồi Mẫu"})
    publish_texts(district.server, renamed, OFFICE)
    assert replicate(one).in_step
    form_texts(one)
    assert one.office.facts.place == "Đồi Mẫu"


def test_what_is_wrong_with_a_file_is_said_and_nothing_is_published(district, counter_of):
    bad = [
        (TextsFile(reason="x", office={"place": "Đồi Mẫu"}), {}, UnknownText),
        (TextsFile(reason="x", office={"logo": "x"}), {"office": OFFICE}, UnknownText),
        (TextsFile(reason="x", forms={"01": {"2025": {"no": "x"}}}), {}, UnknownText),
        (TextsFile(reason="x", forms={"01": {"2025": {"code": "Mã"}}}), {}, PlaceholderMissing),
        (TextsFile(forms=FILE.forms), {}, ReasonNeeded),
        (FILE, {"office": "H99"}, OfficeUnknown),
        (FILE, {"day": date(2020, 1, 1)}, DayGone),
    ]
    for file, how, refusal in bad:
        with pytest.raises(refusal) as refused:
            publish_texts(district.server, file, **how)
        assert "{" not in said(refused.value).replace("{code}", "")
    one = counter_of("one")
    assert title(one).origin == "law"


def test_the_operators_command(new_district, tmp_path, capsys):
    data = shutil.copytree(new_district, tmp_path / "server")
    file = tmp_path / "texts.toml"
    file.write_text('reason = "x"\n[forms."01"."2025"]\ntitle = "GIẤY HẸN"\n', encoding="utf-8")
    assert main(["form-texts", str(file), "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["says"] == "GIẤY HẸN"
    assert main(["form-texts", str(file), "--data", str(data), "--from", "2020-01-01"]) == 1
    assert "đã qua" in capsys.readouterr().err
