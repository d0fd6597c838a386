"""Shared ground of the tests: a real encrypted counter in a folder of its own, and its clock."""

from __future__ import annotations

import dataclasses
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from desk_app.bench import cluster
from desk_app.desk import Desk, open_desk
from desk_app.rules.people import PersonTyped
from desk_app.services.create_counter import create_counter
from desk_app.services.demo import CLERKS, OFFICE, required
from desk_app.services.dossier_form import DossierForm
from desk_app.settings import Settings

# Helpers of the tests are imported by name.
sys.path.insert(0, str(Path(__file__).parent))

# A slow machine is no failure of the program.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# A Thursday morning of an ordinary week.
THURSDAY = datetime(2026, 11, 26, 9, 41, tzinfo=ZONE)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, at: datetime = THURSDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture(scope="session", autouse=True)
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An account of the tests' own: what they seal goes into nobody's home and no keyring."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        patch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        yield


@pytest.fixture(scope="session")
def new_counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A counter as `init` leaves it; copied for each test, since making one takes a second."""
    data = tmp_path_factory.mktemp("new") / "counter"
    settings = Settings(office=OFFICE, counter=2, clerk="mai", paper="A5")
    create_counter(data, settings, CLERKS, now=lambda: THURSDAY - timedelta(minutes=1))
    return data


@pytest.fixture
def data(new_counter: Path, tmp_path: Path) -> Path:
    """The data folder of a fresh counter."""
    return Path(shutil.copytree(new_counter, tmp_path / "counter"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(data: Path, clock: Clock) -> Iterator[Desk]:
    """A fresh counter with Trần Thị Mai at it."""
    opened = open_desk(data, now=clock)
    yield opened
    opened.close()


@pytest.fixture
def reopened(data: Path, clock: Clock) -> Iterator[Callable[[], Desk]]:
    """Opens the counter again, as after a power cut: the first one was never closed."""
    made: list[Desk] = []

    def again() -> Desk:
        made.append(open_desk(data, now=clock))
        return made[-1]

    yield again
    for desk in made:
        desk.close()


ANH = PersonTyped(
    name="Nguyễn Thị Ngọc Ánh",
    id_number="031187999912",
    born="14/02/1987",
    sex="Nữ",
    address="Thôn 3, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
    phone="0912 345 678",
)
"""A synthetic citizen."""


@pytest.fixture
def form(desk: Desk) -> Callable[..., DossierForm]:
    """A whole form for a certificate of marital status (3 working days), changed as asked."""
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("1.004873", desk.now().date())
    assert procedure is not None
    papers = required(procedure.says)

    def make(**changes: object) -> DossierForm:
        whole = DossierForm(procedure="1.004873", applicant=ANH, papers=papers)
        return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def pair(tmp_path: Path, clock) -> Iterator[tuple[Desk, Desk]]:
    """Counters 2 and 3 of one commune, the chief at each."""
    import two_counters

    desks = []
    for number in (2, 3):
        data = tmp_path / f"counter{number}"
        settings = Settings(office=OFFICE, counter=number, clerk="hung", paper="A5")
        create_counter(data, settings, CLERKS, now=lambda: clock() - timedelta(minutes=1))
        desks.append(open_desk(data, now=clock))
    two_counters.exchange(*desks)
    yield desks[0], desks[1]
    for desk in desks:
        desk.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A private PostgreSQL of this run: the URL of its maintenance database."""
    if not cluster.is_there():
        pytest.skip("no PostgreSQL server on this machine (Debian: postgresql)")
    with cluster.cluster() as url:
        yield url


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """A fresh database in it."""
    return cluster.new_database(postgres)
