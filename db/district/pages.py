"""The server's signed-in pages: each counter's health, a dossier's history, what was set aside."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from db.district.accounts import Session, Sessions
from db.district.aside import aside, discard, release
from db.district.dossiers import find, history
from db.district.health import standings
from db.district.server import LOCAL, District

COOKIE = "mot-cua"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
TEMPLATES = Path(__file__).parent / "templates"

Page = Callable[[Request, Session], Awaitable[Response]]


def pages(server: District) -> tuple[BaseRoute, ...]:
    """The routes of the pages."""
    return _Pages(server).routes()


class _Pages:
    def __init__(self, server: District) -> None:
        self._server = server
        self._sessions = Sessions(server)
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["moment"] = moment
        self._templates.filters["masked"] = masked

    def routes(self) -> tuple[BaseRoute, ...]:
        signed_in = self._signed_in
        return (
            Route("/style.css", self._style, methods=["GET"]),
            Route("/sign-in", self._sign_in, methods=["GET", "POST"]),
            Route("/sign-out", signed_in(self._sign_out), methods=["POST"]),
            Route("/", signed_in(self._counters), methods=["GET"]),
            Route("/dossiers", signed_in(self._dossiers), methods=["GET", "POST"]),
            Route("/dossiers/{obj}", signed_in(self._dossier), methods=["GET"]),
            Route("/aside", signed_in(self._aside), methods=["GET", "POST"]),
        )

    def _signed_in(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            session = self._sessions.session(request.cookies.get(COOKIE))
            if session is None:
                return RedirectResponse("/sign-in", 303, HEADERS)
            if request.method == "POST":
                said = str((await request.form()).get("csrf", ""))
                if not hmac.compare_digest(said.encode(), session.csrf.encode()):
                    return self._page("wrong.html", 403, why="Trang đã cũ. Mở lại rồi làm tiếp.")
            return await page(request, session)

        return respond

    async def _style(self, request: Request) -> Response:
        css = (TEMPLATES / "style.css").read_text("utf-8")
        return Response(css, 200, HEADERS | {"cache-control": "max-age=3600"}, "text/css")

    async def _sign_in(self, request: Request) -> Response:
        if request.method == "GET":
            return self._page("sign_in.html", wrong=False)
        form = await request.form()
        login, password = str(form.get("login", "")), str(form.get("password", ""))
        token = await run_in_threadpool(self._sessions.sign_in, login, password)
        if token is None:
            return self._page("sign_in.html", 403, wrong=True)
        answer = RedirectResponse("/", 303, HEADERS)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
        return answer

    async def _sign_out(self, request: Request, session: Session) -> Response:
        self._sessions.sign_out(request.cookies.get(COOKIE))
        return RedirectResponse("/sign-in", 303, HEADERS)

    async def _counters(self, request: Request, session: Session) -> Response:
        found = await run_in_threadpool(standings, self._server)
        now = self._server.now()
        return self._page("counters.html", session=session, counters=found, now=now)

    async def _dossiers(self, request: Request, session: Session) -> Response:
        asked, found = "", None
        if request.method == "POST":
            # The code is asked for in the body: nothing of a dossier stands in an address or a log.
            asked = str((await request.form()).get("code", "")).strip()[:100]
            found = await run_in_threadpool(find, self._server, asked)
            if len(found) == 1:
                return RedirectResponse(f"/dossiers/{found[0].id}", 303, HEADERS)
        return self._page("dossiers.html", session=session, asked=asked, found=found)

    async def _dossier(self, request: Request, session: Session) -> Response:
        shown = await run_in_threadpool(history, self._server, request.path_params["obj"])
        if shown is None:
            return self._page("wrong.html", 404, why="Không có hồ sơ này trên máy chủ.")
        return self._page("dossier.html", session=session, shown=shown)

    async def _aside(self, request: Request, session: Session) -> Response:
        said = ""
        if request.method == "POST":
            form = await request.form()
            device, what = str(form.get("device", "")), str(form.get("what", ""))
            if what == "release":
                taken = await run_in_threadpool(release, self._server, device, session.login)
                said = f"Đã nhận {taken} mục vào dữ liệu chung."
            elif what == "discard":
                left = await run_in_threadpool(discard, self._server, device, session.login)
                said = f"Đã gạt {left} mục. Bản gốc vẫn nằm trong bằng chứng."
        found = await run_in_threadpool(aside, self._server)
        return self._page("aside.html", session=session, aside=found, said=said)

    def _page(self, name: str, status: int = 200, **values: Any) -> Response:
        plain: dict[str, Any] = {"session": None, "server": self._server.facts, **values}
        html = self._templates.get_template(name).render(plain)
        return Response(html, status, HEADERS, "text/html")


def moment(iso: str | datetime) -> str:
    """A moment as people say it there: 16:30, 15/12/2026."""
    if not iso:
        return "chưa"
    at = datetime.fromisoformat(iso) if isinstance(iso, str) else iso
    return f"{at.astimezone(LOCAL):%H:%M, %d/%m/%Y}"


def masked(number: str) -> str:
    """An identity number in a list: the last three digits only."""
    return f"•••{number[-3:]}" if number else ""
