"""From a fresh clone to a running counter, or to a tested tree, in one command each.

    python3 start.py                 the demo counter (without a display: one dossier, headless)
    python3 start.py test [args]     format, lint, types, imports, tests; args go to pytest
    python3 start.py demo-night      three counters, a day's dossiers, a server; totals compared
    python3 start.py demo-week       five days, 900 dossiers, every paper; the books must balance
    python3 start.py bench [args]    speed and memory against floors of the same run

Needs Python 3.11 and nothing else. What is installed is pinned by hash and goes to ``.venv``;
system packages are installed only on Debian and only as root.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
STAMP = VENV / "start.json"

# What Qt's xcb platform, its networking and its printing load at run time on Debian 12.
QT = """libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3 libxcb-cursor0 libcups2
 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-randr0
 libxcb-shape0 libxcb-xkb1 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libx11-xcb1 libgssapi-krb5-2"""
TESTS = """ xvfb xauth cups cups-client cups-filters printer-driver-cups-pdf ghostscript chromium
 poppler-utils zbar-tools xdotool openbox x11-utils imagemagick socat strace postgresql iproute2"""
PACKAGES = {"demo": QT, "demo-night": "", "demo-week": "", "test": QT + TESTS}
PACKAGES["bench"] = QT + " xvfb xauth postgresql"


class Stop(Exception):
    """Something the reader can put right; the message says what."""


def run(*command: object, env: Mapping[str, str] | None = None) -> int:
    """The exit code of a command whose output the reader sees."""
    sys.stdout.flush()
    return subprocess.call([str(part) for part in command], env=env)


def missing_packages(wanted: Iterable[str], status: str) -> list[str]:
    """Which packages ``dpkg-query`` does not call installed; ``…t64`` is their newer name."""
    present = {line.split()[0] for line in status.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if not present & {name, name + "t64"}]


def need_packages(names: str, needed: bool) -> None:
    """Install system packages on Debian as root; otherwise say which line installs them."""
    if sys.platform == "win32" or not os.path.exists("/etc/debian_version"):
        return
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *names.split()]
    query += [name + "t64" for name in names.split()]
    known = subprocess.run(query, capture_output=True, text=True, check=False)
    missing = missing_packages(names.split(), known.stdout)
    line = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if missing and os.geteuid() != 0:
        print("System packages are missing. This line installs them:\n\n sudo", *line, "\n")
        if needed:
            raise Stop("Stopped: this cannot go on without them.")
    elif missing:
        print("Installing system packages:", *missing)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if run("apt-get", "update", "-qq", env=env) or run(*line, "-qq", env=env):
            raise Stop("apt-get could not install them. Is the network there? See above.")


def fingerprint(contents: Iterable[bytes], python: tuple[int, ...], place: str) -> str:
    """Changes when anything changes that an installation depends on."""
    parts = b"".join(hashlib.sha256(content).digest() for content in contents)
    return hashlib.sha256(repr((python, place)).encode() + parts).hexdigest()


def wanted_stamp(role: str) -> dict[str, str]:
    """The requirement files a role installs and their fingerprints; dev.txt holds desk.txt."""
    names = ["dev", "desk"] if role == "test" else ["desk"]
    project = (ROOT / "pyproject.toml").read_bytes()
    pins = {name: (ROOT / "requirements" / f"{name}.txt").read_bytes() for name in names}
    return {n: fingerprint([t, project], sys.version_info[:2], str(ROOT)) for n, t in pins.items()}


def read_stamp(file: Path) -> dict[str, str]:
    """What the last complete installation wrote down; nothing if it is not there or torn."""
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def install(role: str) -> None:
    """Bring ``.venv`` to what the role needs; at once when it is there already."""
    wanted = wanted_stamp(role)
    if PYTHON.exists() and wanted.items() <= read_stamp(STAMP).items():
        return
    same = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if not PYTHON.exists() or run(PYTHON, "-c", same):
        if importlib.util.find_spec("ensurepip") is None:
            need_packages("python3-venv", needed=True)
        if run(sys.executable, "-m", "venv", "--clear", VENV):
            raise Stop("Python's venv module failed. On Debian: apt-get install python3-venv")
    STAMP.unlink(missing_ok=True)
    pins = ROOT / "requirements" / f"{next(iter(wanted))}.txt"
    print(f"Installing what {pins.name} pins; the first time this takes some minutes")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    project = ["--no-deps", "--no-build-isolation", "--editable", ROOT]
    if run(*pip, "--require-hashes", "-r", pins) or run(*pip, *project):
        raise Stop("pip could not install everything. Is the network there? See above.")
    STAMP.write_text(json.dumps(wanted), "utf-8")


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment of a 1366 x 768 screen that nobody else uses (Linux), or our own."""
    env = {**os.environ, "PYTHONUTF8": "1"}
    if sys.platform == "win32":
        yield env
        return
    if shutil.which("Xvfb") is None:
        raise Stop("Xvfb is needed and was not found.")
    answer, theirs = os.pipe()
    xvfb = f"Xvfb -displayfd {theirs} -screen 0 1366x768x24 -dpi 96 -nolisten tcp".split()
    server = subprocess.Popen(xvfb, pass_fds=[theirs])
    os.close(theirs)
    try:
        with open(answer) as number, tempfile.TemporaryDirectory() as runtime:
            env["DISPLAY"] = ":" + number.readline().strip()
            if env["DISPLAY"] == ":":
                raise Stop("Xvfb did not start. See above.")
            # Qt warns about a C locale and a missing runtime folder, and a warning fails a test.
            env.update(QT_QPA_PLATFORM="xcb", LC_ALL="C.UTF-8", XDG_RUNTIME_DIR=runtime)
            yield env
    finally:
        server.terminate()
        server.wait()


def hosts_named(text: str) -> list[str]:
    """Lines of a requirements file that say where packages come from."""
    return [line for line in text.splitlines() if re.search("://|index-url|find-links", line)]


def test(arguments: list[str], env: Mapping[str, str]) -> int:
    """Every check, also after one failed, and a summary that cannot be overlooked."""
    os.chdir(ROOT)
    failed: list[str] = []
    checks: dict[str, list[object]] = {
        "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "lint": [PYTHON, "-m", "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy"],
        "imports": [PYTHON.parent / "lint-imports", "--no-logo"],
        "tests": [PYTHON, "-m", "pytest", *arguments],
    }
    for name, command in checks.items():
        print(f"\n--- {name}")
        failed += [name] if run(*command, env=env) else []
    for file in sorted(Path("requirements").glob("*.txt")):
        failed += [f"{file}: {line}" for line in hosts_named(file.read_text("utf-8"))]
    print("\nFailed:" if failed else "\nEverything passed.", "; ".join(failed))
    return int(bool(failed))


def main(words: list[str]) -> int:
    """Do what the first word says. Exit code 2: the word is not known."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is just who must read this
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return 1
    word, *arguments = words or ["demo"]
    if word not in PACKAGES or (word == "demo" and arguments):
        print(__doc__)
        return 2
    try:
        need_packages(PACKAGES[word], needed=word != "demo")
        install(word)
        desk_app = [PYTHON, "-P", "-m", "desk_app", word, *arguments]
        if word.startswith("demo"):
            seen = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
            return run(*desk_app, *([] if seen or word != "demo" else ["--headless"]))
        with screen() as env:
            return test(arguments, env) if word == "test" else run(*desk_app, env=env)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
