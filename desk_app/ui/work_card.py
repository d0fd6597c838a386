"""The dossier an officer is at: what is asked, by when, what was handed in, what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk_app.rules.days import show_moment
from desk_app.ui.dossier_words import Step, near_badge, papers_words, state_of, steps_of
from desk_app.ui.timeline import Timeline
from desk_app.ui.widgets import (
    Badge,
    Card,
    Column,
    EmptyState,
    Fact,
    Label,
    Row,
    Rule,
    Scrolled,
)

if TYPE_CHECKING:
    from desk_app.services.opened import OpenedDossier


class WorkCard(Card):
    """Empty while nothing is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Hồ sơ đang chọn")
        self._code = Label("", "bold", "muted", wrap=True)
        self._name = Label("", "h1", wrap=True)
        self._procedure = Label("", "strong", wrap=True)
        self._state, self._near = Badge(""), Badge("")
        self._due = Fact("Hẹn trả", wrap=True)
        self._until = Fact("Bộ phận xong trước", wrap=True)
        self._purpose = Fact("Mục đích", wrap=True)
        self._papers = Timeline(brief=True)
        self._steps = Timeline()
        inside = QWidget()
        inside.setLayout(
            Column(
                self._code,
                self._name,
                self._procedure,
                Row(self._state, self._near, None, gap=6),
                Rule(),
                self._due,
                self._until,
                self._purpose,
                Label("Thành phần hồ sơ", "caption_bold", "muted"),
                self._papers,
                Label("Quá trình", "caption_bold", "muted"),
                self._steps,
                None,
                gap=7,
            )
        )
        self._scroll = Scrolled(inside, "Hồ sơ đang chọn", keys=False)
        self._empty = EmptyState("files", "Chọn một hồ sơ", "Lên xuống để chọn.")
        self.add(self._empty, self._scroll)

    def show_opened(self, found: OpenedDossier | None) -> None:
        """Show a dossier, or that none is chosen."""
        self._empty.setVisible(found is None)
        self._scroll.setVisible(found is not None)
        if found is None:
            return
        facts, life = found.dossier.facts, found.dossier.life
        self._code.setText(facts.code)
        self._name.setText(facts.applicant.name)
        self._procedure.setText(facts.procedure.name)
        self._state.say(*state_of(found.line))
        self._near.say(*near_badge(found.line, found.now))
        self._due.say(show_moment(found.line.due_at))
        self._until.setVisible(bool(life.held_until))
        if life.held_until:
            self._until.say(show_moment(datetime.fromisoformat(life.held_until)))
        self._purpose.setVisible(bool(facts.purpose))
        self._purpose.say(facts.purpose)
        papers = (*facts.papers, *life.brought)
        self._papers.say([Step("paperclip", "muted", p.name, papers_words(p)) for p in papers])
        self._steps.say(steps_of(found))
