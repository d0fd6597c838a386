"""The line: one spelling, held against RFC 8785, and read back strictly."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from db.entry import MAX_DEPTH, MAX_LINE, Envelope, Malformed, canonical, kept, parse, seal, verify
from db.identity import device_from

PRIVATE = bytes(range(32))
DEVICE = device_from(PRIVATE)
"""A key for tests only; never a device."""


def envelope(**changes: Any) -> Envelope:
    whole: dict[str, Any] = {
        "v": 1,
        "dev": DEVICE.id,
        "ep": "00112233445566ff",
        "seq": 1,
        "prev": "",
        "com": "11749",
        "obj": "0f" * 16,
        "par": (),
        "k": "note.added",
        "kv": 1,
        "ts": "2026-11-26T09:41:00+07:00",
        "ck": "ok",
        "by": "mai",
        "body": {"text": "Hẹn gọi lại"},
    }
    return Envelope(**{**whole, **changes})


def line_of(text: bytes) -> bytes:
    """A line that is right in everything except, perhaps, its JSON."""
    signature = base64.b64encode(DEVICE.sign(b"hoso-entry-1\0" + text))
    return b"%s %s %s\n" % (hashlib.sha256(text).hexdigest().encode(), signature, text)


def json_of(**changes: Any) -> dict[str, Any]:
    """The envelope as plain values, changed at will; ``...`` takes a field away."""
    plain: dict[str, Any] = {**msgspec.to_builtins(envelope()), **changes}
    return {name: value for name, value in plain.items() if value is not ...}


def why(line: bytes) -> str:
    with pytest.raises(Malformed) as refused:
        parse(line)
    return str(refused.value.facts["why"])


# ---------------------------------------------------------------- golden lines


@dataclass(frozen=True)
class Golden:
    says: Envelope
    id: str
    line: str


GOLDEN = (
    Golden(
        envelope(),
        "ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc89351fdca",
        (
            "ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc89351fdca "
            "vZpmelo/yYCdNXX77xadV9Awc1sZoiWu16cTHTl3JOpRrtQjhuIZn+zTsIdfdpFYBWlW7h61u0KLgN9bh5XhCA== "
            '{"body":{"text":"Hẹn gọi lại"},"by":"mai","ck":"ok","com":"11749","dev":'
            '"6bfb4a404dfeed08","ep":"00112233445566ff","k":"note.added","kv":1,"obj"'
            ':"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","par":[],"prev":"","seq":1,"ts":"202'
            '6-11-26T09:41:00+07:00","v":1}\n'
        ),
    ),
    Golden(
        envelope(
            seq=2,
            prev="ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc89351fdca",
            par=("ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc89351fdca",),
            k="dossier.corrected",
            ck="unsure",
            body={
                "reason": 'Gõ "nhầm"\\ dòng 1\n\tdòng 2 / ₫',
                "changes": {"fee": {"amount": 2**53 - 1}, "applicant.name": "Đặng Thị Ánh"},
            },
        ),
        "d5564bd4895737c68e0bdd18cface8c8f196fe2caf7314c2633094f43f6e7669",
        (
            "d5564bd4895737c68e0bdd18cface8c8f196fe2caf7314c2633094f43f6e7669 "
            "eIfKBDU9P2xfDqjL6AfIQGLuFVCLyWq9d/wTk3Tcj4Em8Cxtf+hUtiJi4+RLSMFRYNlopXv7+ltosIz3lSTLCA== "
            '{"body":{"changes":{"applicant.name":"Đặng Thị Ánh","fee":{"amount":9007'
            '199254740991}},"reason":"Gõ \\"nhầm\\"\\\\ dòng 1\\n\\tdòng 2 / ₫"},"by":"mai"'
            ',"ck":"unsure","com":"11749","dev":"6bfb4a404dfeed08","ep":"001122334455'
            '66ff","k":"dossier.corrected","kv":1,"obj":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f'
            '0f0f","par":["ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc893'
            '51fdca"],"prev":"ac3642f6954938e030e9025f73844593b17cc9c24c7e88be30825cc'
            '89351fdca","seq":2,"ts":"2026-11-26T09:41:00+07:00","v":1}\n'
        ),
    ),
)
"""Made once with the key above. A change of any letter here is a change of the format for ever."""


def test_the_device_of_the_golden_lines_has_the_id_made_from_its_key():
    assert DEVICE.id == "6bfb4a404dfeed08"


@pytest.mark.parametrize("golden", GOLDEN, ids=["note", "correction"])
def test_a_fixed_key_and_envelope_give_the_golden_line(golden):
    entry = seal(golden.says, DEVICE.sign)
    assert entry.line.decode() == golden.line
    assert entry.id == golden.id


@pytest.mark.parametrize("golden", GOLDEN, ids=["note", "correction"])
def test_the_golden_line_is_read_and_verified(golden):
    entry = parse(golden.line.encode())
    assert (entry.id, entry.says) == (golden.id, golden.says)
    assert verify(entry, DEVICE.public_key)
    assert not verify(entry, device_from(bytes(32)).public_key)


# ---------------------------------------------------------------- the canonical form

letters = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\/'),
        max_size=20,
    )
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(
        lambda text: not any(0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 for c in text)
    )
)
keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10)
whole_numbers = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
held = st.recursive(
    st.none() | st.booleans() | whole_numbers | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=25,
)


@given(value=held)
def test_what_an_entry_may_hold_is_spelled_as_rfc_8785_does(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(value=held)
def test_the_spelling_is_read_back_and_spelled_the_same(value):
    text = canonical(value)
    assert msgspec.json.decode(text) == value
    assert canonical(msgspec.json.decode(text)) == text


@given(value=st.dictionaries(keys, held, max_size=6))
def test_the_order_in_which_a_body_was_made_leaves_no_trace(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


BAD_VALUES: list[tuple[Any, str]] = [
    (unicodedata.normalize("NFD", "Nguyễn"), "not-nfc"),
    ("\u1ea1\u0302", "not-nfc"),
    ("a\ud83d", "lone-surrogate"),
    ("\udc00", "lone-surrogate"),
    ("a\0b", "forbidden-character"),
    ("a\x1fb", "forbidden-character"),
    ("a\rb", "forbidden-character"),
    ("a\bb", "forbidden-character"),
    ("a\x7fb", "forbidden-character"),
    ("a\x80b", "forbidden-character"),
    ("a\x9fb", "forbidden-character"),
    ("a\u202egnp.exe", "forbidden-character"),
    ("\u2066a", "forbidden-character"),
    ("\u2069", "forbidden-character"),
    (1.0, "float"),
    (float("nan"), "float"),
    (float("inf"), "float"),
    (2**53, "number-too-large"),
    (-(2**53), "number-too-large"),
    (10**40, "number-too-large"),
    ({"ngày": 1}, "key-not-ascii"),
    ({1: 1}, "key-not-ascii"),
    ({"a\nb\r": 1}, "forbidden-character"),
    (b"bytes", "not-json"),
    ({1, 2}, "not-json"),
]


@pytest.mark.parametrize(("value", "name"), BAD_VALUES, ids=[ascii(v) for v, _ in BAD_VALUES])
def test_what_an_entry_may_not_hold_is_refused_wherever_it_stands(value, name):
    for held_by in (value, [value], {"a": [{"b": value}]}):
        with pytest.raises(Malformed) as refused:
            canonical(held_by)
        assert refused.value.facts["why"] == name


def test_a_mark_after_a_line_break_is_no_letter_with_a_mark():
    # In the JSON the break is written as a backslash and an n, which with the mark would be ń.
    for text in ("a\n\u0301b", "\t\u0327", "\\\n\u0301"):
        assert canonical(text) == rfc8785.dumps(text)
    with pytest.raises(Malformed):
        canonical("\\n\u0301")


@pytest.mark.parametrize("sign", ["\n", "\t", "\\", '"', "\\u0000 as text", "\\r", "\u200d", "😀"])
def test_what_only_looks_forbidden_is_held(sign):
    assert canonical([sign]) == rfc8785.dumps([sign])


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_nesting_is_held_to_twelve_and_refused_beyond():
    assert canonical(nested(MAX_DEPTH)) == b"[" * 12 + b"1" + b"]" * 12
    with pytest.raises(Malformed) as refused:
        canonical(nested(MAX_DEPTH + 1))
    assert refused.value.facts["why"] == "too-deep"


def test_a_line_longer_than_256_kib_is_neither_made_nor_read():
    room = MAX_LINE - len(seal(envelope(body={"text": ""}), DEVICE.sign).line)
    largest = seal(envelope(body={"text": "a" * room}), DEVICE.sign)
    assert len(largest.line) == MAX_LINE
    assert parse(largest.line) == largest
    with pytest.raises(Malformed) as refused:
        seal(envelope(body={"text": "a" * (room + 1)}), DEVICE.sign)
    assert refused.value.facts["why"] == "too-large"
    assert why(line_of(canonical(json_of(body={"text": "a" * (room + 1)})))) == "too-large"


# ---------------------------------------------------------------- reading

LINE = seal(envelope(), DEVICE.sign).line


def test_a_line_that_broke_off_is_torn():
    for length in (0, 1, 30, 64, 65, 100, len(LINE) - 1):
        assert why(LINE[:length]) == "torn"


def test_a_line_whose_id_is_not_its_hash_is_refused():
    assert why(b"0" * 64 + LINE[64:]) == "bad-hash"
    assert why(LINE[:64].upper() + LINE[64:]) == "bad-hash"
    assert why(LINE[:63] + LINE[64:]) == "bad-hash"
    assert why(LINE.replace(b"mai", b"mau")) == "bad-hash"


@pytest.mark.parametrize("signature", [b"", b"AAAA", b"*" * 88, base64.b64encode(bytes(63))])
def test_a_signature_that_is_none_is_refused(signature):
    digest, _, text = LINE.split(b" ", 2)
    assert why(b" ".join((digest, signature, text))) == "bad-signature-form"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json_of(), sort_keys=True).encode(),
        json.dumps(json_of(), sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(json_of(), ensure_ascii=False, separators=(",", ":")).encode(),
        canonical(json_of()).replace(b'"by":', b'"by":"hung","by":'),
        canonical(json_of()).replace(b'"seq":1', b'"seq":01'),
        canonical(json_of(seq=0)).replace(b'"seq":0', b'"seq":-0'),
        canonical(json_of()) + b" ",
        canonical(json_of(by="a/b")).replace(b"a/b", b"a\\/b"),
    ],
    ids=["spaces", "escapes", "order", "key twice", "leading zero", "minus zero", "tail", "slash"],
)
def test_json_spelled_in_another_way_is_refused(text):
    assert why(line_of(text)) in ("not-canonical", "bad-envelope")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"", "bad-envelope"),
        (b"{", "bad-envelope"),
        (b"\xff\xfe", "bad-envelope"),
        (b'{"a":"\xed\xa0\x80"}', "bad-envelope"),
        (b"[" * 100_000, "bad-envelope"),
        (b"null", "bad-envelope"),
        (b"[]", "bad-envelope"),
        (b'{"a":1.5}', "float"),
        (b'{"a":1e3}', "float"),
        (b'{"a":9007199254740992}', "number-too-large"),
        (b'{"a":"\\ud800"}', "bad-envelope"),
        (b'{"a":"\\u0001"}', "forbidden-character"),
        ('{"a":"a\u0302"}'.encode(), "not-nfc"),
        ('{"á":1}'.encode(), "key-not-ascii"),
    ],
)
def test_json_that_is_no_entry_is_refused(text, name):
    assert why(line_of(text)) == name


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": ...},
        {"mood": "good"},
        {"dev": "S0"},
        {"dev": "X" * 16},
        {"ep": "1"},
        {"seq": 0},
        {"seq": "1"},
        {"seq": True},
        {"prev": "0"},
        {"com": ""},
        {"com": "1" * 41},
        {"obj": "0F" * 16},
        {"par": ["0"]},
        {"par": ["0" * 64] * 201},
        {"par": "0" * 64},
        {"k": "note"},
        {"k": "Note.added"},
        {"kv": 0},
        {"kv": 1_001},
        {"ts": "2026-11-26 09:41:00"},
        {"ts": "2026-11-26T09:41:00Z"},
        {"ts": "2026-11-26T09:41:00.5+07:00"},
        {"ck": "good"},
        {"by": ""},
        {"by": None},
        {"body": []},
        {"body": ...},
    ],
    ids=repr,
)
def test_an_envelope_with_a_wrong_field_is_refused(changes):
    assert why(line_of(canonical(json_of(**changes)))) == "bad-envelope"


@pytest.mark.parametrize(
    "changes",
    [
        {"dev": "S"},
        {"k": "dossier.routed", "kv": 9, "body": {"to": "Phòng Tư pháp", "deep": [[1]]}},
        {"par": ["0" * 64] * 200, "prev": "f" * 64},
        {"ts": "2002-01-01T00:00:00-11:30"},
    ],
    ids=["the server", "a kind from tomorrow", "many heads", "another zone"],
)
def test_an_envelope_this_program_never_writes_is_read_all_the_same(changes):
    line = line_of(canonical(json_of(**changes)))
    assert parse(line).line == line


@settings(max_examples=400)
@given(place=st.integers(0, len(LINE) - 1), value=st.integers(0, 255))
def test_any_single_changed_byte_is_noticed(place, value):
    changed = LINE[:place] + bytes([value]) + LINE[place + 1 :]
    if changed == LINE:
        return
    try:
        entry = parse(changed)
    except Malformed:
        return
    assert not verify(entry, DEVICE.public_key)


def test_the_unread_bits_of_the_signatures_last_letter_are_noticed():
    place = 65 + 85
    assert LINE[place + 1 : place + 3] == b"=="
    others = [
        c
        for c in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        if c != LINE[place]
    ]
    for letter in others:
        changed = LINE[:place] + bytes([letter]) + LINE[place + 1 :]
        with pytest.raises(Malformed):
            if verify(parse(changed), DEVICE.public_key):
                pytest.fail("two lines with one id and a good signature each")
            raise Malformed(why="bad-signature")


@given(line=st.binary(max_size=400))
def test_whatever_else_arrives_is_malformed_and_nothing_worse(line):
    with pytest.raises(Malformed):
        parse(line)


@given(value=st.dictionaries(keys, held, max_size=6))
def test_a_kept_line_reads_as_it_was_parsed(value):
    line = seal(envelope(body=value), DEVICE.sign).line
    assert kept(line) == parse(line)


@pytest.mark.parametrize(
    "line", [b"", b"x", b"x y {", LINE[:-40], LINE.replace(b'"v":1', b'"v":2')]
)
def test_a_kept_line_that_says_nothing_is_malformed(line):
    with pytest.raises(Malformed):
        kept(line)
