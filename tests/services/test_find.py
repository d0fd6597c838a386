"""The find box: whatever people read out, with or without marks."""

from __future__ import annotations

import dataclasses

import pytest

from db import engine as engines
from desk_app.rules.people import PersonTyped
from desk_app.services.correct import correct, void
from desk_app.services.find import SeveralDossiers, UnknownDossier, by_code, dossier, find, the_one
from desk_app.services.receive import receive

HAI = PersonTyped(
    name="Đặng Văn Đông",
    id_number="031085999991",
    born="01/02/1985",
    sex="Nam",
    address="Thôn 1",
    phone="0987 654 321",
)


@pytest.fixture
def filled(desk, form):
    """Three dossiers: two of Nguyễn Thị Ngọc Ánh, one of Đặng Văn Đông."""
    return [receive(desk, form()), receive(desk, form(applicant=HAI)), receive(desk, form())]


def codes_of(desk, typed, limit=20):
    return [line.code[-4:] for line in find(desk, typed, limit).dossiers]


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Thị Ngọc Ánh",
        "nguyen thi ngoc anh",
        "NGỌC ÁNH",
        "anh ngoc",
        "ngoc  anh ",
        "ng ngo",
        "Nguyễn",
        "ánh",
        "031187999912",
        "031 187 999 912",
        "0311879",
        "0912345678",
        "0912 345 678",
        "091234",
        "anh 0912",
    ],
)
def test_a_person_is_found_newest_first(desk, filled, typed):
    assert codes_of(desk, typed) == ["0503", "0501"]


@pytest.mark.parametrize("typed", ["đông", "dong", "ĐÔNG", "dang van dong", "Đặng", "dang d"])
def test_d_with_and_without_its_bar_are_one_letter(desk, filled, typed):
    assert codes_of(desk, typed) == ["0502"]


@pytest.mark.parametrize(
    "typed",
    [
        "0502",
        "502",
        "261126-0502",
        "261126 502",
        "2611260502",
        "H24.314.11749-261126-0502",
        "h24.314.11749-261126-0502",
        "H24 314 11749 261126 0502",
        "h2431411749 2611260502",
        "Н24.314.11749-261126-0502",
        "H24.314.11749–261126–0502",
        "Mã hồ sơ: H24.314.11749-261126-0502",
        " H24.314.11749-261126-0502\n",
    ],
)
def test_a_code_is_found_however_it_is_typed(desk, filled, typed):
    assert codes_of(desk, typed) == ["0502"]


def test_a_code_with_one_digit_wrong_shows_the_nearest(desk, filled):
    """Row 32."""
    assert codes_of(desk, "H24.314.11749-261126-0512") == ["0502"]
    assert codes_of(desk, "h24.314.11749 261127 0502") == ["0502"]
    assert codes_of(desk, "H24.314.11749-261126-0509") == ["0503", "0502", "0501"]
    assert codes_of(desk, "H24.314.11749-271126-0519") == []


def test_a_code_of_another_office_shows_ours_of_the_same_number_and_is_not_it(desk, filled):
    assert codes_of(desk, "H24.314.99999-261126-0502") == ["0503", "0502", "0501"]
    assert by_code(desk, "H24.314.99999-261126-0502") == ()


def test_a_telephone_that_begins_like_a_day_is_a_telephone(desk, form):
    receive(desk, form(applicant=dataclasses.replace(HAI, phone="0909121234")))
    assert codes_of(desk, "0909121234") == ["0501"]


def test_a_day_finds_all_of_its_dossiers(desk, filled):
    assert codes_of(desk, "261126") == ["0503", "0502", "0501"]
    assert codes_of(desk, "271126") == []


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "%", "_", "*", '"', "''", "?!", "-", "<>", "( )", "\0", "\ud800", "\u202e", "🙂"],
)
def test_nothing_to_look_for_finds_nothing(desk, filled, typed):
    assert codes_of(desk, typed) == []
    assert find(desk, typed).people == ()


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE dossier; --",
        "anh' OR '1'='1",
        'anh" OR words MATCH "dong',
        "anh OR dong",
        "anh AND NOT dong",
        "NEAR(anh dong)",
        "words: anh",
        "-anh dong",
        "^dong anh",
        "dong\u19b0anh kh\u1cf2ong",
    ],
)
def test_what_looks_like_a_command_is_searched_word_by_word(desk, filled, typed):
    assert codes_of(desk, typed) == []
    assert len(filled) == len(find(desk, "261126").dossiers)


@pytest.mark.parametrize("typed", ['"anh"', "anh*", "%anh%", "(anh)", "anh;", "anh_ngoc", "{anh}"])
def test_signs_around_a_word_are_not_part_of_it(desk, filled, typed):
    assert codes_of(desk, typed) == ["0503", "0501"]


def test_very_long_text_is_looked_for_without_harm(desk, filled):
    assert codes_of(desk, "a" * 100_000) == []
    assert codes_of(desk, "anh " * 2_000) == ["0503", "0501"]


def test_the_submitter_and_the_representative_are_found_too(desk, form):
    shop = PersonTyped(
        name="Công ty Thử",
        kind="business",
        id_number="0201234567",
        representative="Lê Thị Đại Diện",
    )
    receive(desk, form(applicant=shop, submitter=HAI))
    for typed in ("cong ty thu", "dai dien", "dang van dong", "0987654321", "0201234567"):
        assert codes_of(desk, typed) == ["0501"], typed


def test_people_are_listed_once_with_their_dossiers(desk, filled):
    found = find(desk, "n")
    assert [p.person.name for p in found.people] == ["Nguyễn Thị Ngọc Ánh"]
    assert (found.people[0].total, len(found.people[0].dossiers)) == (2, 2)
    assert [p.person.name for p in find(desk, "261126").people] == [
        "Nguyễn Thị Ngọc Ánh",
        "Đặng Văn Đông",
    ]


def test_no_more_than_asked_for_is_found(desk, filled):
    assert codes_of(desk, "261126", limit=2) == ["0503", "0502"]


def test_a_corrected_name_is_found_and_the_old_one_is_not(desk, filled):
    correct(desk, bytes.fromhex(filled[1].id), {"applicant.name": "Đặng Văn Đoàn"}, "gõ nhầm")
    assert codes_of(desk, "doan") == ["0502"]
    assert codes_of(desk, "dong") == []


def test_a_voided_dossier_is_still_found_and_says_so(desk, filled):
    void(desk, bytes.fromhex(filled[1].id), "Nhận nhầm")
    assert [line.status for line in find(desk, "dong").dossiers] == ["voided"]


# ---------------------------------------------------------------- one dossier


def test_a_dossier_is_shown_with_its_history(desk, filled):
    found = dossier(desk, bytes.fromhex(filled[0].id))
    assert found.facts.code.endswith("-0501")
    assert [event.kind for event in found.history] == ["dossier.received"]


def test_a_dossier_that_is_not_here_is_refused_as_typed(desk, filled):
    with pytest.raises(UnknownDossier) as refused:
        dossier(desk, bytes(16))
    assert refused.value.facts["code"] == "0" * 32
    for typed in ("H24.314.11749-261126-0599", "H99.1-261126-0501", "hello", ""):
        with pytest.raises(UnknownDossier) as refused:
            the_one(desk, typed)
        assert refused.value.facts["code"] == typed


@pytest.mark.parametrize("typed", ["261126-0502", "h24.314.11749 261126 0502", "261126 0502"])
def test_the_one_dossier_of_a_code_however_typed(desk, filled, typed):
    assert the_one(desk, typed).id == filled[1].id
    assert the_one(desk, filled[1].id).id == filled[1].id


def test_one_code_on_two_dossiers_lists_both(desk, filled, form):
    """Row 33."""
    with desk.saving() as saving:
        again = form().id
        facts = dossier(desk, bytes.fromhex(filled[0].id)).facts
        saving.append(again, facts)
    lines = by_code(desk, filled[0].facts.code)
    assert {line.id for line in lines} == {again, bytes.fromhex(filled[0].id)}
    with pytest.raises(SeveralDossiers) as refused:
        the_one(desk, filled[0].facts.code)
    told = refused.value.facts["codes"]
    assert len(told) == 2 and all(filled[0].facts.code in one for one in told)
    assert the_one(desk, again.hex()).id == again.hex()


def test_a_line_holds_no_identity_number(desk, filled):
    line = find(desk, "dong").dossiers[0]
    assert "031085999991" not in repr(line)
    assert line.name == "Đặng Văn Đông"
    assert line.procedure == "Tình trạng hôn nhân"
    assert line.received_at == desk.now()


def test_finding_reads_one_moment_and_writes_nothing(desk, filled):
    with engines.reading(desk.journal.engine) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM journal").scalar()
    find(desk, "anh")
    by_code(desk, "261126-0502")
    with engines.reading(desk.journal.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar() == before
