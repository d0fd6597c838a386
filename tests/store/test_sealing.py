"""The sealed key: each method opens again, and every wrong case has a refusal of its own."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.sealing import (
    KeyFileDamaged,
    KeyFileUnwritable,
    KeySealedElsewhere,
    RecoveryKeyWrong,
    WrongPassphrase,
    key_from_recovery,
    read_key_file,
    recovery_words,
    seal,
    unseal,
)

KEY = bytes(range(32))
PYTHON = sys.executable
linux = pytest.mark.skipif(sys.platform == "win32", reason="the methods of Linux")


@pytest.fixture(autouse=True)
def an_account_without_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@linux
def test_without_desktop_or_passphrase_the_key_is_sealed_to_machine_and_account(
    tmp_path: Path,
) -> None:
    path = tmp_path / "counter.key"
    assert seal(KEY, path) == "machine"
    assert unseal(path) == KEY
    assert read_key_file(path).protects == "copied_folder"


@linux
def test_key_file_and_account_secret_are_for_their_owner_only(tmp_path: Path) -> None:
    seal(KEY, tmp_path / "counter.key")
    for path in (tmp_path / "counter.key", tmp_path / "config" / "desk-app" / "machine.secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["config", "counter.key"]


def test_the_key_itself_is_nowhere_in_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path, "cửa sổ số một")
    text = path.read_text()
    assert KEY.hex() not in text
    assert recovery_words(KEY) not in text
    assert {"method", "sealed", "created"} <= json.loads(text).keys()


@linux
def test_a_copied_data_folder_does_not_open_under_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another"))
    with pytest.raises(KeySealedElsewhere) as refused:
        unseal(path)
    assert refused.value.method == "machine"
    seal(KEY, tmp_path / "other.key")
    with pytest.raises(KeySealedElsewhere):
        unseal(path)


def test_two_counters_of_one_account_share_its_secret(tmp_path: Path) -> None:
    seal(KEY, tmp_path / "a.key")
    seal(KEY[::-1], tmp_path / "b.key")
    assert unseal(tmp_path / "a.key") == KEY
    assert unseal(tmp_path / "b.key") == KEY[::-1]


@linux
def test_counters_founded_at_the_same_moment_all_open_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for turn in range(20):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / f"config {turn}"))
        paths = [tmp_path / f"{turn}-{nth}.key" for nth in range(6)]
        ready = threading.Barrier(len(paths))

        def found(path: Path, ready: threading.Barrier = ready) -> None:
            ready.wait()
            seal(KEY, path)

        with ThreadPoolExecutor(len(paths)) as people:
            list(people.map(found, paths))
        assert [unseal(path) for path in paths] == [KEY] * len(paths)
        assert len(list((tmp_path / f"config {turn}" / "desk-app").iterdir())) == 1


def test_a_passphrase_opens_the_key_however_its_accents_are_typed(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    assert seal(KEY, path, "Đồng hồ cát") == "passphrase"
    assert unseal(path, unicodedata.normalize("NFD", "Đồng hồ cát")) == KEY
    assert read_key_file(path).protects == "stolen_machine"


def test_a_wrong_or_missing_passphrase_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path, "đúng")
    with pytest.raises(WrongPassphrase) as refused:
        unseal(path, "sai")
    assert refused.value.given is True
    with pytest.raises(WrongPassphrase) as refused:
        unseal(path)
    assert refused.value.given is False


@linux
def test_a_key_file_from_windows_is_refused_as_sealed_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path)
    kept = json.loads(path.read_text())
    kept["method"] = "dpapi"
    path.write_text(json.dumps(kept))
    with pytest.raises(KeyFileDamaged):
        unseal(path)
    from db.sealing import KeyFile

    foreign = KeyFile("dpapi", "2026-11-26T09:00:00+07:00", b"sealed there", "")
    kept = {"method": "dpapi", "created": foreign.created, "sealed": "c2VhbGVkIHRoZXJl"}
    path.write_text(json.dumps({**kept, "check": foreign.checksum()}))
    with pytest.raises(KeySealedElsewhere):
        unseal(path)


def test_every_flipped_bit_of_the_key_file_is_called_damage_or_changes_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path)
    whole = path.read_bytes()
    harmless = 0
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            assert unseal(path) == KEY
            harmless += 1
        except KeyFileDamaged:
            continue
    # What does no harm: one white space for another, and base64's unused last bits.
    assert harmless < 60


def test_a_key_file_cut_short_or_missing_is_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path, "đúng")
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:length])
        with pytest.raises(KeyFileDamaged):
            unseal(path, "đúng")
    path.unlink()
    with pytest.raises(KeyFileDamaged) as refused:
        unseal(path, "đúng")
    assert refused.value.why == "ENOENT"


def test_a_key_file_may_not_ask_for_the_whole_memory_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path, "đúng")
    kept = json.loads(path.read_text())
    for cost in ({"memory_kib": 1 << 30}, {"memory_kib": 8}, {"lanes": 0}, {"passes": 10**6}):
        path.write_text(json.dumps(kept | cost))
        with pytest.raises(KeyFileDamaged):
            unseal(path, "đúng")


def test_sealing_again_replaces_the_file_and_a_failed_sealing_leaves_it(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    seal(KEY, path, "một")
    (tmp_path / "counter.key.new").mkdir()
    with pytest.raises(KeyFileUnwritable):
        seal(KEY[::-1], path, "hai")
    assert unseal(path, "một") == KEY
    (tmp_path / "counter.key.new").rmdir()
    seal(KEY[::-1], path, "hai")
    assert unseal(path, "hai") == KEY[::-1]


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="no secret service on this machine",
)
def test_a_running_and_unlocked_secret_service_keeps_the_key(tmp_path: Path) -> None:
    path = tmp_path / "counter.key"
    script = f"""
from pathlib import Path
from db.machine_secrets import SERVICE
from db.sealing import KeySealedElsewhere, read_key_file, seal, unseal
path, key = Path({str(path)!r}), bytes(range(32))
assert seal(key, path) == "secret_service"
assert unseal(path) == key
assert read_key_file(path).protects == "other_account"
import keyring
keyring.delete_password(SERVICE, read_key_file(path).salt.decode())
try:
    unseal(path)
except KeySealedElsewhere:
    print("sealed elsewhere")
"""
    # A socket of the service must not have a path of more than 107 letters.
    with tempfile.TemporaryDirectory() as short:
        unlock = (
            "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
        )
        done = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", f'{unlock}; exec "$0" -c "$1"', PYTHON, script],
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": short,
                "XDG_RUNTIME_DIR": short,
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout.strip()) == (0, "sealed elsewhere"), done.stderr
    with pytest.raises(KeySealedElsewhere) as refused:
        unseal(path)
    assert refused.value.method == "secret_service"


@linux
def test_a_session_bus_that_never_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{short}/bus")
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={short}/bus")
        monkeypatch.setattr("db.machine_secrets.PATIENCE", 0.2)
        assert seal(KEY, tmp_path / "counter.key") == "machine"


# ---------------------------------------------------------------- on paper


def test_the_paper_key_gives_the_key_back() -> None:
    words = recovery_words(KEY)
    assert [len(group) for group in words.split(" ")] == [4] * 14
    assert key_from_recovery(words) == KEY


def test_the_paper_key_may_be_typed_carelessly() -> None:
    key = bytes.fromhex("00" * 16 + "084210" * 5 + "08")
    words = recovery_words(key)
    assert {"0", "1"} <= set(words)
    careless = words.lower().replace("0", "o").replace("1", "l").replace(" ", "-", 3)
    assert key_from_recovery(f"  {careless}\r\n") == key
    assert key_from_recovery(words.replace("1", "I").replace(" ", "")) == key


@pytest.mark.parametrize("group", range(1, 14))
def test_one_mistyped_letter_is_refused_and_its_group_named(group: int) -> None:
    groups = recovery_words(KEY[::-1]).split(" ")
    slip = "Z" if groups[group - 1][2] != "Z" else "Y"
    groups[group - 1] = groups[group - 1][:2] + slip + groups[group - 1][3:]
    with pytest.raises(RecoveryKeyWrong) as refused:
        key_from_recovery(" ".join(groups))
    assert refused.value.facts == {"group": group, "why": "check"}


def test_a_letter_of_no_alphabet_a_missing_letter_and_another_key_are_refused() -> None:
    words = recovery_words(KEY)
    with pytest.raises(RecoveryKeyWrong) as refused:
        key_from_recovery(words[:11] + "Ư" + words[12:])
    assert refused.value.facts == {"group": 3, "why": "letter"}
    for text in ("", words[:-1], words[1:], words + "0"):
        with pytest.raises(RecoveryKeyWrong) as refused:
            key_from_recovery(text)
        assert refused.value.why == "length"
    other = recovery_words(KEY[::-1])
    with pytest.raises(RecoveryKeyWrong) as refused:
        key_from_recovery(words[:35] + other[35:])
    assert refused.value.facts == {"group": 0, "why": "check"}


def test_two_swapped_letters_are_refused_and_their_group_named() -> None:
    words = recovery_words(bytes.fromhex("0123456789abcdef" * 4))
    swapped = words[:6] + words[7] + words[6] + words[8:]
    assert swapped != words
    with pytest.raises(RecoveryKeyWrong) as refused:
        key_from_recovery(swapped)
    assert refused.value.group == 2


def test_no_refusal_carries_the_key() -> None:
    words = recovery_words(KEY)
    with pytest.raises(RecoveryKeyWrong) as refused:
        key_from_recovery(words[:-1] + ("0" if words[-1] != "0" else "1"))
    assert words[:9] not in repr(refused.value) + repr(refused.value.facts)
