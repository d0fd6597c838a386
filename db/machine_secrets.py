"""Where a machine can keep a secret for one account: DPAPI, the secret service, a file."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECRET_BYTES = 32
SERVICE = "desk-app"
PATIENCE = 5.0


def write_whole(path: Path, content: bytes) -> None:
    """Replace a small file so that a power cut leaves the old one or the new one, never half.

    Readable by its owner only (0600).
    """
    beside = path.with_name(path.name + ".new")
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names created in a folder durable; Windows journals them and has no such call."""
    if sys.platform != "win32":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def secret_of_account(*, make: bool) -> bytes:
    """A secret file in the user's configuration folder, joined to the machine's own number.

    Neither lies in the data folder: a copy of that folder alone does not open. Whoever holds
    the whole disk holds both.

    Raises:
        FileNotFoundError: ``make`` is False and this account holds no secret.
    """
    import platformdirs

    path = platformdirs.user_config_path(SERVICE) / "machine.secret"
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _first_one_stays(path, secrets.token_bytes(SECRET_BYTES))
    machine = Path("/etc/machine-id")
    return path.read_bytes() + (machine.read_bytes().strip() if machine.exists() else b"")


def _first_one_stays(path: Path, content: bytes) -> None:
    """Write a file that is not there. Two programs may do so at once, and what the first one has
    sealed must not become unreadable through the second."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_whole(beside, content)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    sync_folder(path.parent)


class SecretService:
    """The desktop's secret service, asked through keyring.

    Raises:
        OSError: it declined, or has gone since it was found.
    """

    def __init__(self) -> None:
        from keyring.backends.SecretService import Keyring

        self._ring: KeyringBackend = Keyring()  # type: ignore[no-untyped-call]

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret under a name."""
        from keyring.errors import KeyringError

        try:
            self._ring.set_password(SERVICE, name, secret)
        except KeyringError as fault:
            raise OSError("the secret service declined") from fault

    def kept(self, name: str) -> str | None:
        """What is kept under a name."""
        from keyring.errors import KeyringError

        try:
            return self._ring.get_password(SERVICE, name)
        except KeyringError as fault:
            raise OSError("the secret service declined") from fault


def secret_service() -> SecretService | None:
    """The secret service, if one is running and unlocked; never on Windows.

    Without a session bus this looks no further, and a bus that does not answer within
    ``PATIENCE`` seconds counts as nobody: the start of the program must not wait for it.
    """
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return None
    answers: SimpleQueue[bool] = SimpleQueue()
    # The bus may spend two minutes trying to start a service that cannot start, and the call
    # cannot be broken off; a thread can be left to it.
    Thread(target=lambda: answers.put(_unlocked()), daemon=True).start()
    try:
        return SecretService() if answers.get(timeout=PATIENCE) else None
    except Empty:
        return None


def _unlocked() -> bool:
    # Asking keyring straight away would put a dialog on the screen, and wait for it, when the
    # collection is locked or was never made.
    try:
        import secretstorage
    except ImportError:
        return False
    try:
        with secretstorage.dbus_init() as bus:
            return not secretstorage.get_collection_by_alias(bus, "default").is_locked()
    except (secretstorage.exceptions.SecretStorageException, OSError):
        return False


if sys.platform == "win32":

    def dpapi(data: bytes, *, seal: bool) -> bytes:
        """Sealed to the signed-in Windows account (CryptProtectData), or opened again.

        Raises:
            OSError: Windows declined; another account or another machine sealed it.
        """
        import ctypes
        from ctypes import wintypes

        class Blob(ctypes.Structure):
            _fields_ = (("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char)))

        held = ctypes.create_string_buffer(data, len(data))
        given = Blob(len(data), ctypes.cast(held, ctypes.POINTER(ctypes.c_char)))
        answer = Blob()
        crypt = ctypes.WinDLL("crypt32", use_last_error=True)
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.LocalFree.argtypes = [ctypes.c_void_p]
        call = crypt.CryptProtectData if seal else crypt.CryptUnprotectData
        no_dialog = 0x1
        if not call(ctypes.byref(given), None, None, None, None, no_dialog, ctypes.byref(answer)):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.string_at(answer.data, answer.size)
        finally:
            kernel.LocalFree(answer.data)

else:

    def dpapi(data: bytes, *, seal: bool) -> bytes:
        """Windows only.

        Raises:
            OSError: always; this file was sealed on another machine.
        """
        raise OSError("DPAPI is a service of Windows")
