"""What different files say of one thing agrees: refusals and their sentences, settings, kinds."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple, get_args, get_type_hints

import pytest

import db
import desk_app
from db.acts import ACTS, STATES
from db.district.words import CODE_WHY
from db.kinds import KINDS
from db.refused import Refused
from desk_app import messages
from desk_app.messages import SENTENCES, sentence_for
from desk_app.rules.card import CardProblem
from desk_app.services.intake_file import DossierInFile, PaperInFile, PersonInFile, receive_all
from desk_app.settings import Settings

ROOT = Path(__file__).parents[1]
LONGEST = 90
SPECIAL = {
    "FormIncomplete": [{"remarks": ()}],
    "WrongPassword": [{"wait_seconds": 0}, {"wait_seconds": 900}],
    "WrongPassphrase": [{"given": False}, {"given": True}],
    "FileUnreadable": [
        {"path": "a.json", "why": why}
        for why in ("missing", "too-large", "not-json", "not-a-list", "Object missing `ref`")
    ],
    "SettingsWrong": [
        {"path": "/x", "why": why} for why in ("missing", "unfinished", "office", "clerk", "theme")
    ],
    "RecoveryKeyWrong": [
        {"group": group, "why": why}
        for group, why in ((3, "length"), (3, "letter"), (3, "check"), (0, "check"))
    ],
    "PrinterRefused": [{"why": why} for why in messages.PRINTER_WORDS],
    "FileRefused": [{"why": why, "path": "a.pdf", "pages": 500} for why in messages._FILE_REFUSED],
    "LogoRefused": [{"why": why} for why in messages._LOGO_WHY],
    "BundleNotWritten": [
        {"why": why, "path": "E:\\", "need": 35, "free": 4}
        for why in ("full", "read-only", "gone", "differs")
    ],
    "MachineIsACopy": [{"number": 2, "server": known} for known in (True, False)],
    "BackupNotMade": [
        {"why": why, "need": 900, "free": 40, "what": "pages"}
        for why in ("room", "disk", "unsound")
    ],
    "NoLine": [{"why": why} for why in messages._LINE_WHY],
    "PeerDeclined": [{"why": why} for why in (*messages._DECLINED_WHY, "body-form")],
    "CodeWrong": [{"why": why} for why in CODE_WHY],
    "BodyWrong": [{"why": why} for why in ("size", "pack", "form", "lines", "cut-off")],
}
"""Refusals whose sentence depends on their facts, with every case of them."""

for package in (db, desk_app):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name != "desk_app.__main__":
            importlib.import_module(module.name)


def refusals(of: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for refusal in of.__subclasses__():
        if refusal.__module__.split(".")[0] in ("db", "desk_app"):
            yield refusal
        yield from refusals(refusal)


REFUSALS = sorted(set(refusals()), key=lambda refusal: refusal.__name__)


def places(sentence: str) -> set[str]:
    """Names of the facts a sentence wants."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


# ---------------------------------------------------------------- what the source says


class Said(NamedTuple):
    """One place in the source that remarks or refuses: what, and the names of the facts given."""

    where: str
    names: frozenset[str]
    facts: frozenset[str]


class Reader:
    """Reads what a function hands to ``Remark(…)`` or a refusal, as far as the text tells."""

    def __init__(self, file: Path, module: ast.Module, function: ast.AST) -> None:
        self.file = file
        self.module = module
        self.function = function

    def texts(self, value: ast.AST, before: int) -> frozenset[str]:
        """The words an expression may be."""
        match value:
            case ast.Constant(value=str(text)):
                return frozenset([text])
            case ast.IfExp():
                return self.texts(value.body, before) | self.texts(value.orelse, before)
            case ast.Name():
                found = [self.texts(v, v.lineno - 1) for v in self.assigned(value.id, before)]
                return frozenset().union(*found)
            case ast.Attribute(attr="name") if ast.unparse(value) == "card.name":
                return frozenset(get_args(get_type_hints(CardProblem)["name"]))
            case ast.Call(func=ast.Attribute(attr="partition")):
                return frozenset(warnings_of_deadlines())
        raise AssertionError(f"{self.file.name}:{value.lineno}: {ast.unparse(value)}")

    def keys(self, value: ast.AST | None, before: int) -> frozenset[str]:
        """The names of the facts in an expression that makes a dict."""
        match value:
            case None:
                return frozenset()
            case ast.Dict():
                found: set[str] = set()
                for key, inner in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant):
                        found.add(str(key.value))
                    else:
                        found |= self.keys(inner, before)
                return frozenset(found)
            case ast.Name():
                assigned = self.assigned(value.id, before)
                assert assigned, f"{self.file.name}:{value.lineno}"
                return self.keys(assigned[-1], assigned[-1].lineno - 1)
        raise AssertionError(f"{self.file.name}:{value.lineno}: {ast.unparse(value)}")

    def assigned(self, name: str, before: int) -> list[ast.expr]:
        """What a name was given in this function before a line, in order."""
        found: list[ast.expr] = []
        for node in ast.walk(self.function):
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            else:
                continue
            for target, value in pairs:
                if isinstance(target, ast.Tuple):
                    values = value.elts if isinstance(value, ast.Tuple) else [value] * 9
                    given = dict(zip(map(ast.unparse, target.elts), values, strict=False))
                else:
                    given = {ast.unparse(target): value}
                if name in given and node.lineno <= before:
                    found.append(given[name])
        return sorted(found, key=lambda value: value.lineno)

    def raised_inside(self) -> list[tuple[str, frozenset[str]]]:
        """Names and facts of the exceptions a module keeps to itself."""
        calls = [n for n in ast.walk(self.module) if isinstance(n, ast.Call)]
        return [
            (call.args[0].value, frozenset(str(k.arg) for k in call.keywords))
            for call in calls
            if ast.unparse(call.func) == "_Unreadable" and isinstance(call.args[0], ast.Constant)
        ]


def warnings_of_deadlines() -> Iterator[str]:
    source = (ROOT / "db" / "deadlines.py").read_text(encoding="utf-8")
    yield from re.findall(r'f"([a-z_]+):\{', source)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in ("db", "desk_app"):
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[Reader, ast.Call]]:
    """Every call, with the innermost function it stands in."""
    for file, module in sources():
        stack: list[tuple[ast.AST, ast.AST]] = [(module, module)]
        while stack:
            node, function = stack.pop()
            if isinstance(node, ast.Call):
                yield Reader(file, module, function), node
            inner = node if isinstance(node, ast.FunctionDef) else function
            stack += [(child, inner) for child in ast.iter_child_nodes(node)]


def remarks() -> Iterator[Said]:
    for reader, call in calls():
        if ast.unparse(call.func) != "Remark" or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        where = f"{reader.file.name}:{call.lineno}"
        if ast.unparse(call.args[1]) == "unreadable.name":
            for name, given in reader.raised_inside():
                yield Said(f"{where}-{name}", frozenset([name]), given)
            continue
        facts = call.args[3] if len(call.args) > 3 else None
        yield Said(where, reader.texts(call.args[1], call.lineno), reader.keys(facts, call.lineno))


def refused() -> Iterator[Said]:
    names = {refusal.__name__ for refusal in REFUSALS}
    for reader, call in calls():
        name = ast.unparse(call.func)
        if name in names:
            facts = frozenset(str(k.arg) for k in call.keywords)
            yield Said(f"{reader.file.name}:{call.lineno}", frozenset([name]), facts)


REMARKS = list(remarks())
REFUSED = list(refused())


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_a_sentence(refusal):
    name = refusal.__name__
    assert name in SENTENCES or name in SPECIAL
    for facts in SPECIAL.get(name, []):
        said = sentence_for(refusal(**facts))
        assert said and "{" not in said and "None" not in said
        assert "!" not in said and "Lỗi" not in said


def test_every_special_sentence_is_tried():
    assert set(messages._SPECIAL) == set(SPECIAL)
    assert not set(SPECIAL) & set(SENTENCES)


@pytest.mark.parametrize("said", REFUSED, ids=lambda said: said.where)
def test_each_refusal_brings_the_facts_its_sentence_wants(said):
    (name,) = said.names
    if name in SENTENCES:
        assert places(SENTENCES[name]) <= said.facts


@pytest.mark.parametrize("said", REMARKS, ids=lambda said: said.where)
def test_each_remark_has_a_sentence_and_brings_the_facts_it_wants(said):
    assert said.names
    for name in said.names:
        assert name in SENTENCES, name
        assert places(SENTENCES[name]) <= said.facts | {"offer"}, name


def test_every_sentence_is_said_by_somebody():
    names = {refusal.__name__ for refusal in REFUSALS}
    names |= {name for said in REMARKS for name in said.names}
    names |= set(get_args(get_type_hints(CardProblem)["name"]))
    assert set(SENTENCES) - names == set()


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_short_calm_and_fits_its_facts(name):
    sentence = SENTENCES[name]
    unfilled = re.sub(r"\{[^}]*\}", "", sentence)
    assert 0 < len(unfilled) <= LONGEST
    assert sentence[0].isupper() or sentence[0] in "“{"
    assert sentence.rstrip()[-1] in ".?)”"
    assert "!" not in sentence and "Lỗi" not in sentence
    assert sentence == sentence.strip() and "  " not in sentence
    assert sentence.format(**dict.fromkeys(places(sentence), "x"))


# ---------------------------------------------------------------- documents

README = (ROOT / "README.md").read_text(encoding="utf-8")
DB_README = (ROOT / "db" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_described(name):
    assert f"| `{name}` |" in DB_README


@pytest.mark.parametrize("kind", [name for name, _ in KINDS])
def test_every_kind_is_in_the_specification(kind):
    assert f"| `{kind}` |" in DB_README


def test_the_table_of_who_may_do_what_when_is_printed_as_it_is():
    _, _, printed = DB_README.partition("## Who may do what when")
    rows = [row.strip("|").split("|") for row in re.findall(r"^\|.*\|$", printed, re.MULTILINE)]
    found = {kind.strip(" `"): cells for kind, *cells in rows if kind.strip(" `") in ACTS}
    assert list(found) == list(ACTS)
    for kind, (says, who, when, to) in found.items():
        act = ACTS[kind]
        assert says.strip() == act.says + (" *" if act.physical else "")
        assert _names(who) == act.who or (who.strip() == "all" and len(act.who) == 3)
        but = {"any": frozenset(STATES), "any but `voided`": frozenset(STATES) - {"voided"}}
        assert but.get(when.strip(), _names(when)) == act.when
        assert to.strip() == (f"`{act.to}`" if act.to else "–")
    for state, words in STATES.items():
        assert f"| `{state}` | {words} |" in printed


def _names(cell):
    return frozenset(re.findall(r"`(\w+)`", cell))


def test_every_field_of_the_envelope_is_in_the_specification():
    from db.entry import Envelope

    for name in Envelope.__struct_fields__:
        assert re.search(rf"^\| `{name}`", DB_README, re.MULTILINE), name


def test_every_field_of_a_dossier_in_a_file_is_in_the_specification():
    _, _, described = DB_README.partition("## Dossiers from a file")
    for struct in (DossierInFile, PersonInFile, PaperInFile):
        for name in struct.__struct_fields__:
            assert f"`{name}`" in described, name


def test_the_example_of_a_file_is_received_as_it_stands(desk):
    (example,) = re.findall(r"```json\n(.*?)```", DB_README, re.DOTALL)
    (taken,) = receive_all(desk, json.loads(example))
    assert taken.status == "received", taken.refused


def test_every_kept_and_screen_table_is_in_the_specification():
    from db import tables

    for metadata in (tables.kept, tables.screen):
        for table in metadata.tables.values():
            assert f"| `{table.name}` |" in DB_README


def test_every_file_a_readme_names_is_there():
    for text, folder in ((README, ROOT), (DB_README, ROOT)):
        for name in re.findall(r"`((?:db|desk_app|resources|requirements|tests)/[\w./-]+)`", text):
            assert (folder / name).exists(), name
