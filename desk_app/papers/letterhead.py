"""The head of a paper of the office, in two columns by NĐ 30/2020."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Final

from db.parts import OfficeFacts
from db.texts import LOGO, PNG_URL
from desk_app.papers import wording
from desk_app.papers.layout import PAD, Block, Look, Picture, Rule
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, balanced, width, wrap
from desk_app.papers.wording import fill

LOGO_SIZE: Final = 2.6
"""Its side, in letters of the agency's name: as high as both lines."""


def letterhead(office: OfficeFacts, texts: Mapping[str, str], moment: str, look: Look) -> Block:
    """Who issues the paper at the left; the nation, its motto, place and day at the right."""
    block = Block()
    wide = width(texts["nation"], BOLD, look.nation) + 2
    right = look.width - look.right - wide / 2
    room = look.measure - wide - 10
    left = look.left + room / 2
    if logo := texts.get(LOGO):
        side = look.agency * LOGO_SIZE
        png = b64decode(logo.removeprefix(PNG_URL))
        block.pictures.append(Picture(look.left, 1, side, side, png))
        room -= side + PAD
        left += (side + PAD) / 2

    upper = balanced(office.upper_line, REGULAR, look.agency, room)
    desk = balanced(office.desk_line, BOLD, look.agency, room)
    y = block.put(upper, 0, 0, look.agency, look.agency * 1.2, left)
    y = block.put(desk, 0, y, look.agency, look.agency * 1.2, left)
    third = max(line.width for line in desk) * 0.2
    block.rules.append(Rule(left - third, y + 2, left + third, y + 2, 0.6))

    nation = wrap([(texts["nation"], BOLD)], look.nation, wide)
    z = block.put(nation, 0, 0, look.nation, look.nation * 1.2, right)
    motto = wrap([(texts["motto"], BOLD)], look.motto, wide)
    z = block.put(motto, 0, z, look.motto, look.motto * 1.25, right)
    half = motto[0].width / 2
    block.rules.append(Rule(right - half, z + 1, right + half, z + 1, 0.6))
    on = fill(texts["place_date"], place=office.place, day=wording.day(texts, moment))
    lines = balanced(on, ITALIC, look.body, wide)
    z = block.put(lines, 0, z + 4, look.body, look.body * 1.2, right)
    block.height = max(y + 4, z, *(p.y + p.height + 2 for p in block.pictures))
    return block
