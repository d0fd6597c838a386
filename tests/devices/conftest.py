"""A CUPS of the test's own: real queues, real filters, and printers that do as they are told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

BINARIES = Path("/usr/lib/cups")
MODEL = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")
PACKAGES = "cups cups-client cups-filters printer-driver-cups-pdf ghostscript"

# What a queue of each name does with a job. The first line answers a search for printers.
DISCOVERY = "#!/bin/sh\n[ $# -eq 0 ] && exit 0\n"
BACKENDS = {
    "tray": 'cat "${6:--}" > "$TRAY/$1.pdf"\n',
    "jam": 'cat "${6:--}" > /dev/null\nexit 1\n',
    "empty": 'echo "STATE: +media-empty-error" >&2\nexec sleep 600\n',
    "hang": "exec sleep 600\n",
}


class PrintRoom:
    """A running CUPS, reached through the environment, and the tray where its paper lands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tray = folder / "tray"

    def papers(self) -> list[Path]:
        return sorted(self.tray.glob("*.pdf"))

    def raw_queue(self, name: str) -> str:
        """A queue that passes bytes on as they are, as a ticket printer's does."""
        self.admin("lpadmin", "-p", name, "-E", "-v", "tray:/", "-m", "raw")
        return name

    def admin(self, *command: str) -> None:
        """Run a program of CUPS. It says that drivers are deprecated; we know."""
        subprocess.run(command, check=True, capture_output=True)

    def queue(self, name: str, behaviour: str, policy: str = "stop-printer") -> str:
        """A queue that behaves as one of ``BACKENDS``, or leads to an address."""
        address = behaviour if ":" in behaviour else f"{behaviour}:/"
        self.admin("lpadmin", "-p", name, "-E", "-v", address, "-P", str(MODEL),
                   "-o", f"printer-error-policy={policy}")  # fmt: skip
        return name

    def open_jobs(self) -> str:
        return subprocess.run(
            ["lpstat", "-W", "not-completed", "-o"], check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture
def print_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintRoom]:
    if sys.platform != "linux":
        pytest.skip("CUPS is tested on Linux")
    missing = [name for name in ("cupsd", "lp", "lpstat", "lpadmin") if not shutil.which(name)]
    if missing or not MODEL.exists():
        pytest.fail(f"CUPS is not installed ({missing or MODEL}): apt-get install {PACKAGES}")

    # A Unix socket's path may be no longer than 107 letters; pytest's folders can be.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/cups.XXXXXX"], text=True).strip())
    folder.chmod(0o755)  # Filters run as another user.
    room = PrintRoom(folder)
    for name in ("root", "state", "cache", "spool", "work", "log", "bin/backend", "tray"):
        (folder / name).mkdir(parents=True)
    for part in ("filter", "notifier", "daemon", "monitor", "driver", "cgi-bin"):
        (folder / "bin" / part).symlink_to(BINARIES / part)
    (folder / "bin" / "backend" / "socket").symlink_to(BINARIES / "backend" / "socket")
    for name, does in BACKENDS.items():
        script = folder / "bin" / "backend" / name
        script.write_text(DISCOVERY + does.replace("$TRAY", str(room.tray)))
        # For its owner only: then CUPS runs it as root, and it may write into the tray.
        script.chmod(0o700)
    socket = folder / "socket"
    (folder / "cupsd.conf").write_text(
        f"Listen {socket}\nBrowsing No\nDefaultAuthType None\nWebInterface No\nLogLevel debug\n"
        "PreserveJobHistory Yes\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n"
    )
    (folder / "cups-files.conf").write_text(
        f"ServerRoot {folder}/root\nServerBin {folder}/bin\nStateDir {folder}/state\n"
        f"CacheDir {folder}/cache\nRequestRoot {folder}/spool\nTempDir {folder}/work\n"
        f"AccessLog {folder}/log/access\nErrorLog {folder}/log/error\nPageLog {folder}/log/page\n"
    )
    monkeypatch.setenv("CUPS_SERVER", str(socket))
    with (folder / "log" / "start").open("wb") as said:
        daemon = subprocess.Popen(
            ["cupsd", "-f", "-c", folder / "cupsd.conf", "-s", folder / "cups-files.conf"],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=os.environ | {"LC_ALL": "C"},
        )
    try:
        for _ in range(200):
            asked = subprocess.run(["lpstat", "-r"], capture_output=True, text=True, check=False)
            if "scheduler is running" in asked.stdout:
                break
            if daemon.poll() is not None:
                pytest.fail(f"cupsd ended: {(folder / 'log' / 'start').read_text()}")
            time.sleep(0.05)
        else:
            pytest.fail("cupsd did not begin to answer")
        yield room
    finally:
        daemon.terminate()
        daemon.wait(20)
        shutil.rmtree(folder)
