"""start.py decides what is there already and what is missing; nothing is installed here."""

from __future__ import annotations

import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "start.py"
spec = util.spec_from_file_location("start", FILE)
assert spec is not None and spec.loader is not None
start = util.module_from_spec(spec)
spec.loader.exec_module(start)

HERE = ((3, 11), "/srv/counter")


def test_an_unknown_word_gets_the_usage_and_exit_code_2():
    answer = subprocess.run([sys.executable, FILE, "strat"], capture_output=True, text=True)
    assert answer.returncode == 2
    assert "python3 start.py test" in answer.stdout


def test_start_py_stays_small_and_uses_the_standard_library_only():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 200
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith("import ")}
    assert imported <= sys.stdlib_module_names


def test_an_installation_is_marked_by_its_pins_its_project_its_python_and_its_place():
    mark = start.fingerprint([b"pins", b"project"], *HERE)
    assert mark == start.fingerprint([b"pins", b"project"], *HERE)
    others = {
        start.fingerprint([b"pins, newer", b"project"], *HERE),
        start.fingerprint([b"pins", b"project, newer"], *HERE),
        start.fingerprint([b"pinspro", b"ject"], *HERE),
        start.fingerprint([b"pins", b"project"], (3, 12), "/srv/counter"),
        start.fingerprint([b"pins", b"project"], (3, 11), "/srv/counter moved"),
    }
    assert len(others) == 5
    assert mark not in others


def test_an_installation_for_tests_is_one_for_the_counter_too():
    assert start.wanted_stamp("demo").items() <= start.wanted_stamp("test").items()
    assert start.wanted_stamp("demo") == start.wanted_stamp("bench")


def test_a_night_needs_no_screen_and_what_the_tests_run_is_installed_for_them():
    assert start.PACKAGES["demo-night"] == ""
    assert start.wanted_stamp("demo-night") == start.wanted_stamp("demo")
    assert {"postgresql", "iproute2", "chromium"} <= set(start.PACKAGES["test"].split())


@pytest.mark.parametrize("torn", ["", '{"desk": "12', "[1, 2]", "7"])
def test_a_torn_stamp_means_install_again(tmp_path, torn):
    stamp = tmp_path / "start.json"
    stamp.write_text(torn, encoding="utf-8")
    assert start.read_stamp(stamp) == {}


def test_no_stamp_means_install(tmp_path):
    assert start.read_stamp(tmp_path / "start.json") == {}


def test_only_packages_that_are_fully_installed_count():
    status = (
        "xvfb install ok installed\n"
        "xauth deinstall ok config-files\n"
        "libcups2t64 install ok installed\n"
        "cups unknown ok not-installed\n"
    )
    assert start.missing_packages(["xvfb", "xauth", "libcups2", "cups"], status) == [
        "xauth",
        "cups",
    ]


def test_a_requirements_line_that_names_a_host_is_found():
    text = "segno==1.6.6 \\\n    --hash=sha256:00\n--extra-index-url file:///srv/wheels\n"
    assert start.hosts_named(text) == ["--extra-index-url file:///srv/wheels"]
    assert start.hosts_named("-f wheels\n--find-links wheels\n") == ["--find-links wheels"]
