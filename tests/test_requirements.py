"""What is installed is pinned by hash, names no host, and is the same for the desk and its tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def pins(file: Path) -> dict[str, str]:
    found = (PIN.match(line) for line in file.read_text(encoding="utf-8").splitlines())
    return {match[1].lower(): match[2] for match in found if match}


def entries(file: Path) -> list[str]:
    """One string per requirement, its continuation lines joined."""
    joined = file.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_requirement_says_where_it_comes_from(file):
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"://|index-url|find-links|trusted-host", text) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_requirement_is_one_version_with_its_hashes(file):
    assert len(entries(file)) == len(pins(file)) > 0
    for entry in entries(file):
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_the_tests_run_with_the_very_versions_of_the_desk():
    desk, dev = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("desk", "dev"))
    assert {name: dev.get(name) for name in desk} == desk


def test_every_dependency_the_project_declares_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, declared in (
        ("desk", project["dependencies"]),
        ("dev", project["optional-dependencies"]["dev"]),
    ):
        wanted = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in declared}
        assert wanted - pins(ROOT / "requirements" / f"{name}.txt").keys() == set()
