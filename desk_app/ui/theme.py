"""How everything looks: the palette, the fonts by role and the one style sheet, from tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desk_app.ui.tokens import PAIRS, SIZES, TOKENS, Role, Theme

Choice = Literal["system", "light", "dark", "contrast"]

SMALLEST: Final = 90
LARGEST: Final = 150
STEP: Final = 10
LEAST: Final = 12
"""Pixels; no letter is smaller, whatever the text size."""

__all__ = [
    "PAIRS",
    "SIZES",
    "TOKENS",
    "Choice",
    "Look",
    "Role",
    "Theme",
    "application",
    "apply_theme",
    "color",
    "font",
    "load_fonts",
    "metrics",
    "percent_now",
    "px",
    "system_theme",
    "theme_now",
]

RESOURCES: Final = Path(__file__).resolve().parents[2] / "resources"


class _Now:
    """What was applied last; painted widgets read it through ``color``, ``font`` and ``px``."""

    def __init__(self) -> None:
        self.theme: Theme = "light"
        self.percent = 100
        self.colors: dict[str, QColor] = {}
        self.fonts: dict[Role, QFont] = {}
        self.metrics: dict[Role, QFontMetrics] = {}


_now = _Now()


def color(token: str) -> QColor:
    """The token's colour in the theme that is shown now."""
    found = _now.colors.get(token)
    if found is None:
        found = _now.colors[token] = QColor(TOKENS[_now.theme][token])
    return found


def font(role: Role) -> QFont:
    """The role's font at the text size that is shown now, with figures of one width."""
    found = _now.fonts.get(role)
    if found is None:
        size, weight = SIZES[role]
        found = QFont("Inter")
        found.setPixelSize(max(LEAST, px(size)))
        found.setWeight(QFont.Weight(weight))
        found.setFeature(QFont.Tag("tnum"), 1)
        _now.fonts[role] = found
    return found


def metrics(role: Role) -> QFontMetrics:
    """The measures of the role's font at the text size that is shown now."""
    found = _now.metrics.get(role)
    if found is None:
        found = _now.metrics[role] = QFontMetrics(font(role))
    return found


def px(size: int) -> int:
    """A length of the 100 % drawing in pixels at the text size that is shown now."""
    return round(size * _now.percent / 100)


def theme_now() -> Theme:
    """The theme that is shown."""
    return _now.theme


def percent_now() -> int:
    """The text size that is shown, 90 to 150 per cent."""
    return _now.percent


def application(name: str) -> QApplication:
    """The application object, in the Fusion style from its first moment.

    Asking Qt for a style later costs 600 names of ``QStyle`` at start.
    """
    app = QApplication([name, "-style", "Fusion"])
    app.setProperty("is_fusion", True)
    return app


def load_fonts() -> None:
    """Register Inter from our own files, so that every machine draws the same picture.

    Raises:
        FileNotFoundError: the installation lacks a font file.
    """
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        path = RESOURCES / "fonts" / f"Inter-{weight}.otf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path)


def apply_theme(app: QApplication, name: Theme, percent: int = 100) -> None:
    """Show this theme at this text size, at once, in every window of the program."""
    _now.theme = name
    _now.percent = max(SMALLEST, min(LARGEST, percent))
    _now.colors.clear()
    _now.fonts.clear()
    _now.metrics.clear()
    if not app.property("has_our_fonts"):
        app.setProperty("has_our_fonts", True)
        load_fonts()
    if not app.property("is_fusion"):
        app.setProperty("is_fusion", True)
        app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(font("body"))
    app.setStyleSheet(_style_sheet())


def system_theme(app: QGuiApplication) -> Theme:
    """What the system asks for: high contrast before dark before light."""
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


class Look(QObject):
    """The clerk's choice of theme and text size; follows the system until one is chosen.

    Signals:
        changed: the look was changed by the clerk and wants saving.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "system", percent: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self.choice: Choice = choice
        self.percent = max(SMALLEST, min(LARGEST, percent))
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        app.styleHints().accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._apply()

    def choose(self, choice: Choice) -> None:
        """Take this theme, or go back to following the system."""
        self.choice = choice
        self._apply()
        self.changed.emit()

    def resize(self, percent: int) -> None:
        """Take this text size; outside 90 to 150 it stops at the edge."""
        self.percent = max(SMALLEST, min(LARGEST, percent))
        self._apply()
        self.changed.emit()

    def larger(self) -> None:
        """One step larger text."""
        self.resize(self.percent + STEP)

    def smaller(self) -> None:
        """One step smaller text."""
        self.resize(self.percent - STEP)

    def plain_size(self) -> None:
        """Text at 100 per cent again."""
        self.resize(100)

    def _apply(self) -> None:
        wanted = system_theme(self._app) if self.choice == "system" else self.choice
        if (wanted, self.percent) != (_now.theme, _now.percent) or not self._app.styleSheet():
            apply_theme(self._app, wanted, self.percent)

    @Slot()
    def _on_system_changed(self) -> None:
        if self.choice == "system":
            self._apply()


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, token in (
        (roles.Window, "app"),
        (roles.WindowText, "text"),
        (roles.Base, "surface"),
        (roles.AlternateBase, "stripe"),
        (roles.Text, "text"),
        (roles.Button, "surface"),
        (roles.ButtonText, "text"),
        (roles.Highlight, "accent"),
        (roles.HighlightedText, "on_accent"),
        (roles.PlaceholderText, "faint"),
        (roles.ToolTipBase, "toast"),
        (roles.ToolTipText, "toast_text"),
        (roles.Link, "soft_text"),
        (roles.Accent, "accent"),
    ):
        palette.setColor(role, color(token))
    return palette


def _style_sheet() -> str:
    """One short sheet: what painted widgets do not draw themselves.

    Short on purpose: Qt tries every rule against every widget when a window is first shown.
    """
    t = TOKENS[_now.theme]
    card_line = 2 if _now.theme == "contrast" else 1
    tones = "".join(
        f'QLabel[tone="{tone}"]{{color:{t[token]}}}'
        for tone, token in (
            ("muted", "muted"),
            ("faint", "faint"),
            ("ok", "ok"),
            ("warn", "warn"),
            ("bad", "bad"),
            ("info", "info"),
            ("accent", "soft_text"),
            ("toast", "toast_text"),
        )
    )
    roles = "".join(
        f'QLabel[role="{role}"]{{font-size:{max(LEAST, px(size))}px;font-weight:{weight}}}'
        for role, (size, weight) in SIZES.items()
        if role != "body"
    )
    return f"""
{tones}{roles}
Card{{background:{t["surface"]};border:{card_line}px solid {t["line"]};border-radius:8px}}
Card[quiet="true"]{{background:{t["sunken"]};border-width:1px}}
Card[tone="warn"]{{background:{t["warn_soft"]};border-color:{t["warn"]}}}
Card[tone="bad"]{{background:{t["bad_soft"]};border-color:{t["bad"]}}}
Scrolled{{border:2px solid transparent;border-radius:6px}}
Scrolled:focus{{border-color:{t["focus"]}}}
Rule{{background:{t["line"]};border:none}}
QLineEdit,QPlainTextEdit{{background:{t["surface"]};color:{t["text"]};border:1px solid
{t["control"]};border-radius:6px;padding:1px {px(10)}px;selection-background-color:{t["accent"]};
selection-color:{t["on_accent"]};placeholder-text-color:{t["faint"]};font-size:{px(15)}px}}
QPlainTextEdit{{padding:{px(5)}px {px(7)}px}}
QLineEdit:focus,QPlainTextEdit:focus{{border:2px solid {t["focus"]};padding:0 {px(9)}px}}
QPlainTextEdit:focus{{padding:{px(4)}px {px(6)}px}}
QLineEdit[bad="true"],QPlainTextEdit[bad="true"]{{border:2px solid {t["bad"]}}}
QLineEdit[doubt="true"]{{border:2px solid {t["warn"]}}}
QLineEdit:disabled,QLineEdit:read-only{{background:{t["sunken"]};color:{t["muted"]}}}
QLineEdit[bare="true"]{{border:none;padding:0;background:transparent;font-size:{px(16)}px}}
QComboBox{{background:{t["surface"]};border:1px solid {t["control"]};border-radius:6px;
padding:1px {px(10)}px;font-size:{px(15)}px}}
QComboBox:focus{{border:2px solid {t["focus"]};padding:0 {px(9)}px}}
QComboBox::drop-down{{border:none;width:{px(24)}px}}
QComboBox QAbstractItemView{{background:{t["surface"]};border:1px solid {t["control"]};outline:0;
selection-background-color:{t["selected"]};selection-color:{t["selected_text"]}}}
QScrollBar:vertical{{background:{t["surface"]};width:10px;margin:0;border:none}}
QScrollBar::handle:vertical{{background:{t["control"]};border-radius:3px;min-height:36px;
margin:2px}}
QScrollBar::add-line,QScrollBar::sub-line{{height:0;border:none}}
QScrollBar::add-page,QScrollBar::sub-page{{background:none}}
QToolTip{{background:{t["toast"]};color:{t["toast_text"]};border:1px solid {t["line"]};
padding:4px 8px}}
"""
