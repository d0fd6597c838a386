"""The data a new counter starts with has the shape the journal demands and the form clerks need."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from db.kinds import OfficePublished, ProcedurePublished

CATALOGUE = Path(__file__).parents[1] / "resources" / "catalogue"


def raw(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CATALOGUE / name).read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="module")
def procedures() -> list[ProcedurePublished]:
    return msgspec.convert(raw("procedures.json"), list[ProcedurePublished])


@pytest.fixture(scope="module")
def offices() -> list[OfficePublished]:
    return msgspec.convert(raw("offices.json"), list[OfficePublished])


def by_code(procedures: list[ProcedurePublished], code: str) -> ProcedurePublished:
    return next(p for p in procedures if p.code == code)


def twice(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_all_224_procedures_are_there_and_sorted_by_field_then_code(procedures):
    assert len(procedures) == 224
    keys = [(p.field, p.code) for p in procedures]
    assert keys == sorted(keys)


def test_a_code_a_short_form_and_a_short_name_each_mean_one_procedure(procedures):
    assert twice([p.code for p in procedures]) == []
    assert twice([p.short_form for p in procedures]) == []
    assert twice([p.short_name for p in procedures]) == []


def test_a_national_code_looks_like_one(procedures):
    assert [p.code for p in procedures if not re.fullmatch(r"[12]\.\d{6}", p.code)] == []


def test_no_input_method_can_rewrite_a_short_form(procedures):
    """Telex and VNI put marks on vowels and turn "dd" and "d9" into đ, "w" into ư."""
    wrong = [
        p.short_form
        for p in procedures
        if not re.fullmatch(r"[bcdghklmnpqrstvx]{2,8}2?", p.short_form) or "dd" in p.short_form
    ]
    assert wrong == []


def test_what_clerks_type_finds_the_everyday_procedures(procedures):
    forms = {p.short_form: p.code for p in procedures}
    assert {form: forms[form] for form in ("ctbs", "xnhn", "dkks", "dkkh", "dkkt", "tlht")} == {
        "ctbs": "2.000815",
        "xnhn": "1.004873",
        "dkks": "1.001193",
        "dkkh": "1.000894",
        "dkkt": "1.000656",
        "tlht": "2.000635",
    }
    assert forms["ctck"] == "2.000884"


def test_every_limit_is_either_counted_or_said_to_be_unknown(procedures):
    for p in procedures:
        counted = p.limit.unit in ("working_days", "calendar_days", "hours")
        assert (p.limit.halves > 0) == counted, p.code
        assert p.limit.cut_off == (p.limit.unit == "same_day"), p.code
    assert by_code(procedures, "1.010041").limit.halves == 1


def test_every_fee_that_costs_something_has_an_amount(procedures):
    for p in procedures:
        assert (p.fee.amount > 0) == (p.fee.kind in ("case", "copy", "pages")), p.code


def test_certified_copies_cost_what_the_circular_says(procedures):
    fee = by_code(procedures, "2.000815").fee
    assert (fee.amount, fee.first_pages, fee.then_amount, fee.cap) == (2_000, 2, 1_000, 200_000)
    assert by_code(procedures, "2.000884").fee.amount == 10_000
    assert by_code(procedures, "2.000635").fee == msgspec.convert(
        {"kind": "copy", "amount": 8_000}, type(fee)
    )


def test_every_paper_is_handed_in_or_shown(procedures):
    for p in procedures:
        for paper in p.papers:
            handed_in = paper.originals + paper.certified + paper.copies
            assert paper.shown == (handed_in == 0), (p.code, paper.name)


def test_no_paper_is_named_twice_in_one_procedure(procedures):
    assert [p.code for p in procedures if twice([paper.name for paper in p.papers])] == []


def test_everyday_procedures_ask_for_at_least_one_paper(procedures):
    everyday = "2.000815 1.004873 1.001193 1.000894 1.000656 2.000635 2.000884 2.000908 2.001035"
    for code in (everyday + " 2.000913 2.001019").split():
        assert any(paper.required for paper in by_code(procedures, code).papers), code


def test_papers_written_from_knowledge_leave_the_row_unverified(procedures):
    for p in procedures:
        assert not (p.verified and "soạn theo hiểu biết" in p.source), p.code


def test_the_district_has_18_communes_under_it(offices):
    district = [o for o in offices if o.level == "huyện"]
    communes = [o for o in offices if o.parent == "H24.314"]
    assert len(district) == 1
    assert len({o.facts.code for o in communes}) == 18
    assert all(o.facts.code == f"H24.314.{o.statistic_code}" for o in communes)


def test_office_lines_on_paper_are_the_capitals_of_its_name(offices):
    for o in offices:
        assert o.facts.upper_line == o.facts.name.upper()
        assert o.facts.name.endswith(o.facts.place)
    assert "ỦY BAN NHÂN DÂN THỊ TRẤN NÚI ĐỐI" in {o.facts.upper_line for o in offices}


def test_the_desk_has_its_new_name_from_the_day_the_old_one_ended(offices):
    tu_son = [o for o in offices if o.facts.place == "Tú Sơn"]
    assert [(o.valid_from, o.valid_to) for o in tu_son] == [
        ("2022-01-01", "2025-06-30"),
        ("2025-07-01", None),
    ]
    assert tu_son[1].facts.desk_line == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"


def test_a_desk_is_open_before_its_cut_off_and_its_hour_of_return(offices):
    for o in offices:
        spans = [span for hours in o.hours for span in hours.intervals]
        for minute in (o.cut_off_minute, o.return_minute):
            assert any(start <= minute <= end for start, end in spans), o.facts.code


def test_every_village_lies_in_a_commune_of_the_district(offices):
    places = {o.statistic_code: o.facts.place for o in offices}
    for row in raw("villages.json"):
        assert places[row["commune_code"]] == row["commune"]


@pytest.mark.parametrize("name", ["procedures.json", "offices.json", "villages.json"])
def test_every_text_is_composed_unicode_without_stray_spaces(name):
    text = (CATALOGUE / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert re.findall(r'" | "[,}\n]|\u00a0|\u200b|…', text) == []
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
