"""No template names a place: a copied form with another commune's name on it was seen in use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from db.seed import seed_forms, seed_offices
from desk_app import papers

FOLDER = Path(papers.__file__).parent
LEVELS = re.compile(r"^(ủy ban nhân dân )?((xã|phường|thị trấn|huyện|quận|thành phố|tỉnh) )?")


def names() -> set[str]:
    """What every unit of the catalogue is called, without what it is."""
    found = {LEVELS.sub("", o.facts.name.casefold()) for o in seed_offices()}
    found |= {o.facts.place.casefold() for o in seed_offices()}
    return found - {""}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: file.name)
def test_no_unit_is_named_in_a_template(file):
    source = file.read_text(encoding="utf-8").casefold()
    assert [name for name in names() if re.search(rf"\b{re.escape(name)}\b", source)] == []


def test_no_unit_is_named_in_the_words_of_a_form():
    known = names()
    assert len(known) > 15 and "tú sơn" in known and "kiến thụy" in known
    for form in seed_forms():
        words = json.dumps(form.texts, ensure_ascii=False).casefold()
        assert [name for name in known if re.search(rf"\b{re.escape(name)}\b", words)] == []
