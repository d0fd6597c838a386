"""Colours that can be read, type that can be read, in every theme."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from desk_app.ui import icons, theme
from desk_app.ui.tokens import PAIRS, SIZES, TOKENS, Theme


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", TOKENS)
def test_all_25_pairs_can_be_told_apart(name: Theme) -> None:
    assert len(PAIRS) == 25
    tokens = TOKENS[name]
    weak = {
        (ink, ground): round(contrast(tokens[ink], tokens[ground]), 2)
        for ink, ground, least in PAIRS
        if contrast(tokens[ink], tokens[ground]) < least
    }
    assert not weak


def test_every_theme_has_every_token() -> None:
    assert len({frozenset(tokens) for tokens in TOKENS.values()}) == 1


def test_nothing_is_smaller_than_12_pixels_at_100_per_cent() -> None:
    assert min(size for size, _ in SIZES.values()) == 12


def test_the_screen_is_set_in_our_own_inter_with_figures_of_one_width(look: theme.Look) -> None:
    for role, (size, weight) in SIZES.items():
        font = theme.font(role)
        assert QFontInfo(font).family() == "Inter"
        assert (font.pixelSize(), font.weight()) == (size, weight)
        metrics = theme_metrics(font)
        assert metrics["1"] == metrics["8"]


def theme_metrics(font: QFont) -> dict[str, int]:
    from PySide6.QtGui import QFontMetrics

    return {digit: QFontMetrics(font).horizontalAdvance(digit * 8) for digit in "18"}


def test_labels_by_role_keep_the_figures_of_one_width(look: theme.Look) -> None:
    label = QLabel("18")
    label.setProperty("role", "h1")
    label.ensurePolished()
    assert label.font().pixelSize() == 20
    assert theme_metrics(label.font())["1"] == theme_metrics(label.font())["8"]


def test_a_placeholder_is_as_dark_as_its_token(look: theme.Look) -> None:
    for name in ("light", "dark", "contrast"):
        look.choose(name)  # type: ignore[arg-type]
        field = QLineEdit()
        field.ensurePolished()
        painted = field.palette().color(QPalette.ColorRole.PlaceholderText)
        assert painted.name().upper() == TOKENS[name]["faint"]  # type: ignore[index]


def test_text_grows_in_steps_and_stops_at_the_edges(look: theme.Look) -> None:
    look.larger()
    assert (look.percent, theme.font("body").pixelSize()) == (110, 15)
    look.resize(400)
    assert (look.percent, theme.px(100)) == (150, 150)
    look.resize(10)
    assert look.percent == 90
    assert all(theme.font(role).pixelSize() >= 12 for role in SIZES)
    look.plain_size()
    assert theme.font("body").pixelSize() == 14


def test_a_choice_by_hand_wins_over_the_system(look: theme.Look, qapp: QApplication) -> None:
    look.choose("dark")
    assert theme.theme_now() == "dark"
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == "#14191E"
    look.choose("system")
    assert theme.theme_now() == theme.system_theme(qapp)


def test_every_icon_draws_something_in_the_colour_asked_for(look: theme.Look) -> None:
    for path in sorted(icons.FOLDER.glob("*.svg")):
        image = icons.pixmap(path.stem, 96, "bad").toImage()
        inked = {
            image.pixelColor(x, y).name()
            for x in range(96)
            for y in range(96)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert inked == {theme.color("bad").name()}, path.stem


def test_no_icon_is_carried_that_nobody_shows() -> None:
    ui = icons.RESOURCES.parent / "desk_app" / "ui"
    source = "".join(path.read_text("utf-8") for path in ui.glob("*.py"))
    idle = [p.stem for p in icons.FOLDER.glob("*.svg") if f'"{p.stem}"' not in source]
    assert idle == []
