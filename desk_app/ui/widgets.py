"""The vocabulary of every page, from one place."""

from __future__ import annotations

from desk_app.ui.bar import BarField, BarTab
from desk_app.ui.buttons import Button, spoken
from desk_app.ui.cards import Card, EmptyState, ErrorSummary, Notice, Scrolled, UndoBar
from desk_app.ui.choices import CheckBox, Chip, RadioButton, Segmented
from desk_app.ui.fields import (
    ComboBox,
    ErrorLine,
    LabelledField,
    LineEdit,
    ScanBox,
    TextEdit,
)
from desk_app.ui.layouts import Column, FlowRow, PageLayout, Row
from desk_app.ui.marks import Badge, Fact, IconView, KeyCap, KeyHints, Label, NumberDisc, Rule
from desk_app.ui.showing import announce, mark, reveal

__all__ = [
    "Badge",
    "BarField",
    "BarTab",
    "Button",
    "Card",
    "CheckBox",
    "Chip",
    "Column",
    "ComboBox",
    "EmptyState",
    "ErrorLine",
    "ErrorSummary",
    "Fact",
    "FlowRow",
    "IconView",
    "KeyCap",
    "KeyHints",
    "Label",
    "LabelledField",
    "LineEdit",
    "Notice",
    "NumberDisc",
    "PageLayout",
    "RadioButton",
    "Row",
    "Rule",
    "ScanBox",
    "Scrolled",
    "Segmented",
    "TextEdit",
    "UndoBar",
    "announce",
    "mark",
    "reveal",
    "spoken",
]
