"""A real district server on a real socket, and counters that belong to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import stamina
from loopback import listening

from db.district.app import district_app
from db.district.counters import issue_code
from db.district.pages import pages
from db.district.server import District, make_district, open_district
from db.replication.channel import certificate_for, write_pair
from db.seed import seed
from desk_app.desk import Desk, open_desk
from desk_app.services.enrol import NewClerk, enrol_new

OFFICE = "H24.314.11749"
NIGHT = datetime(2026, 11, 26, 20, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PASSWORD = "mat-khau-thu-1"


@pytest.fixture(autouse=True)
def no_second_tries() -> Iterator[None]:
    """What a retry would do is tested by itself; elsewhere the first failure is the answer."""
    stamina.set_active(False)
    yield
    stamina.set_active(True)


@dataclass
class Standing:
    """A clock for everybody in a test."""

    at: datetime = NIGHT

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Running:
    """A district server that listens."""

    server: District
    url: str
    clock: Standing

    def code(self, number: int = 0) -> str:
        return issue_code(self.server, OFFICE, number)


@pytest.fixture(scope="session")
def new_district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server as its first start leaves it; copied for each test."""
    data = tmp_path_factory.mktemp("new") / "district"
    make_district(data, seed(), now=lambda: NIGHT - timedelta(days=30))
    return data


@pytest.fixture
def database() -> str:
    """Which database the server has; overridden where both are tried."""
    return "sqlite"


@pytest.fixture
def district(
    new_district: Path, tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> Iterator[Running]:
    """A fresh server, listening with TLS."""
    data, clock = tmp_path / "district", Standing()
    if database == "sqlite":
        shutil.copytree(new_district, data)
    else:
        url = request.getfixturevalue("empty_postgres")
        make_district(data, seed(), database=url, now=lambda: NIGHT - timedelta(days=30))
    server = open_district(data, now=clock)
    files = write_pair(certificate_for(server.authority, ["127.0.0.1"]), tmp_path, "tls")
    with listening(district_app(server, more=pages(server)), files) as port:
        yield Running(server, f"https://127.0.0.1:{port}", clock)
    server.close()


@pytest.fixture
def counter_of(district: Running, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes counters of the server: ``counter_of("one")``."""
    desks: list[Desk] = []

    def make(name: str, number: int = 0, code: str = "") -> Desk:
        data, clerk = tmp_path / name, NewClerk("mai", "Trần Thị Mai", PASSWORD)
        code = code or district.code(number)
        enrol_new(data, district.url, code, clerk, now=district.clock)
        desks.append(open_desk(data, now=district.clock))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
