"""Computes an exported workbook again with other engines and compares every cell with what the file says.

    planner export plan.json --to xlsx
    python3 tests/engines/workbook.py export/workbook.xlsx [--changes changes.json] [--modules target/engines]

LibreOffice (`soffice`) reads a copy of the file without any stored result. HyperFormula (npm) is handed the formulas alone;
it is installed into the folder given by --modules when it is not there. Every formula must come to the result that is
stored beside it, and none to an error.

`changes.json` is a list of {"name", "edits", "npv", "twin_npv", "ledger"}: each edit [sheet, label, head, factor] multiplies
the cell in the row and column of those names, or, without a head, all figures of the row. Each time both engines must come
to the NPVs and, to the cent, to the ledger given: {case: {category: {period: dollars}}}.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as tree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Stored results are floats of other programs: equal to a millionth, of a dollar or of themselves.
CLOSE = 1e-6
CENT = 0.01
HYPERFORMULA = "hyperformula@3.5.0"
ENGINE = """
import { readFileSync, writeFileSync } from 'node:fs'
import { HyperFormula } from 'hyperformula'
const { sheets, names, changes } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const options = { licenseKey: 'gpl-v3', maxRows: 100000, smartRounding: false, useArrayArithmetic: true }
const engine = HyperFormula.buildFromSheets(sheets, options)
for (const [name, cell] of Object.entries(names)) engine.addNamedExpression(name, '=' + cell)
const told = [engine.getAllSheetsValues()]
const put = (cells) => engine.batch(() => {
  for (const [sheet, row, col, value] of cells) {
    engine.setCellContents({ sheet: engine.getSheetId(sheet), row, col }, [[value]])
  }
})
for (const { edited, before } of changes) {
  put(edited)
  told.push(engine.getAllSheetsValues())
  put(before)
}
writeFileSync(process.argv[3], JSON.stringify(told))
"""


def place(cell):
    """Row and column of `B7`, from nil."""
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1


class Book:
    """Formulas and values of a file, by sheet and place."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.sheets, self.parts = {}, {}
        with zipfile.ZipFile(path) as file:
            shared = []
            if "xl/sharedStrings.xml" in file.namelist():
                items = tree.parse(file.open("xl/sharedStrings.xml")).getroot()
                shared = ["".join(text.text or "" for text in item.iter(MAIN + "t")) for item in items]
            book = tree.parse(file.open("xl/workbook.xml")).getroot()
            links = tree.parse(file.open("xl/_rels/workbook.xml.rels")).getroot()
            links = {link.get("Id"): "xl/" + link.get("Target").removeprefix("/xl/") for link in links}
            named = book.find(MAIN + "definedNames")
            named = [] if named is None else named
            self.names = {one.get("name"): one.text for one in named if not one.get("name").startswith("_xlnm")}
            for sheet in book.find(MAIN + "sheets"):
                part = links[sheet.get(LINK)]
                self.parts[sheet.get("name")] = part
                self.sheets[sheet.get("name")] = self.cells(file.open(part), shared)

    @staticmethod
    def cells(part, shared):
        cells = {}
        for cell in tree.parse(part).getroot().iter(MAIN + "c"):
            formula, value, kind = cell.find(MAIN + "f"), cell.find(MAIN + "v"), cell.get("t")
            if value is not None:
                value = shared[int(value.text)] if kind == "s" else value.text
                value = value if kind in ("s", "str", "e") else float(value)
            cells[place(cell.get("r"))] = (None if formula is None else formula.text, value)
        return cells

    def formulas(self):
        for sheet, cells in self.sheets.items():
            for at, (formula, value) in cells.items():
                if formula is not None:
                    yield sheet, at, formula, value

    def edited(self, edits):
        """Places and new numbers of edits."""
        found = []
        for sheet, label, head, factor in edits:
            cells, heads = self.sheets[sheet], {}
            rows = sorted({row for row, _ in cells})
            before = len(found)
            for row in rows:
                texts = {column: cells[row, column][1] for column in range(60) if (row, column) in cells}
                if 0 not in texts and isinstance(texts.get(1), str):
                    heads = {text: column for column, text in texts.items()}
                if label not in (texts.get(0), texts.get(2)):
                    continue
                if head is None:
                    columns = [column for own, column in cells if own == row and column >= 9]
                elif head in heads or head == "":
                    columns = [heads.get(head, 1)]
                else:
                    continue
                places = [(row, column) for column in columns if (row, column) in cells]
                # Facts only: a row or a column of the same name may hold formulas.
                facts = [at for at in places if cells[at][0] is None and isinstance(cells[at][1], float)]
                found += [(sheet, *at, cells[at][1] * factor) for at in facts]
            if len(found) == before:
                sys.exit(f"no cell {label} {head} on {sheet}")
        return found


def bare(book, edits, path):
    """A copy without stored results, with edited numbers."""
    letters = lambda column: (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
    by_part = {}
    for sheet, row, column, value in edits:
        by_part.setdefault(book.parts[sheet], {})[f"{letters(column)}{row + 1}"] = value
    with zipfile.ZipFile(book.path) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
                for cell, value in by_part.get(name, {}).items():
                    old = rf'(<c r="{cell}"[^>]*>)<v>[^<]*</v>'.encode()
                    data, count = re.subn(old, rf"\g<1><v>{value!r}</v>".encode(), data)
                    assert count == 1, cell
            copy.writestr(name, data)


def libreoffice(book, changes):
    """Values of the file as it is, then after each change."""
    for edits in [[]] + [change["edited"] for change in changes]:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            bare(book, edits, folder / "bare.xlsx")
            out = ["--convert-to", "xlsx", "--outdir", str(folder / "out"), str(folder / "bare.xlsx")]
            profile = f"-env:UserInstallation=file://{folder}/profile"
            subprocess.run(["soffice", profile, "--headless", *out], check=True, capture_output=True, timeout=900)
            computed = Book(folder / "out" / "bare.xlsx").sheets
            yield lambda sheet, at: computed[sheet].get(at, (None, None))[1]


def hyperformula(book, changes, modules):
    """The same."""
    modules.mkdir(parents=True, exist_ok=True)
    if not (modules / "node_modules" / "hyperformula").exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", str(modules), HYPERFORMULA], check=True)
    script = modules / "workbook.mjs"
    script.write_text(ENGINE)

    def content(formula, value):
        if formula is not None:
            return "=" + formula
        return "'" + value if isinstance(value, str) else value

    sheets = {}
    for sheet, cells in book.sheets.items():
        height, width = (max((at[axis] for at in cells), default=-1) + 1 for axis in (0, 1))
        sheets[sheet] = [
            [content(*cells[row, column]) if (row, column) in cells else None for column in range(width)]
            for row in range(height)
        ]
    before = lambda edits: [(sheet, row, column, book.sheets[sheet][row, column][1]) for sheet, row, column, _ in edits]
    asked = [{"edited": change["edited"], "before": before(change["edited"])} for change in changes]
    with tempfile.TemporaryDirectory() as folder:
        given, told = pathlib.Path(folder) / "given.json", pathlib.Path(folder) / "told.json"
        given.write_text(json.dumps({"sheets": sheets, "names": book.names, "changes": asked}))
        command = ["node", "--max-old-space-size=6000", script, given, told]
        subprocess.run(command, check=True, timeout=3600)
        values = json.loads(told.read_text())
    for one in values:
        yield lambda sheet, at, one=one: one[sheet][at[0]][at[1]]


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def as_stored(book, value, name):
    """Every formula comes to what is stored beside it."""
    wrong, count = [], 0
    for sheet, at, formula, stored in book.formulas():
        count += 1
        found = value(sheet, at)
        if not number(found) or abs(found - stored) > CLOSE * max(1.0, abs(stored)):
            wrong.append(f"{sheet} {at}: {found}, stored {stored}: ={formula[:120]}")
    print(f"{name}: {count} formulas, {len(wrong)} wrong")
    return wrong


def as_valued(book, value, change, name):
    """The cash flow comes to a ledger, and the returns to its NPVs."""
    wrong, count, left = [], 0, {case: dict(rows) for case, rows in change["ledger"].items()}
    cells = book.sheets["Cash flow"]
    for row in sorted({row for row, _ in cells}):
        case, category = (cells.get((row, column), (None, None))[1] for column in (0, 3))
        if case not in left or category is None or category.startswith("hashrate"):
            continue
        stated = left[case].pop(category, {})
        for column in sorted(column for own, column in cells if own == row and column >= 9):
            count += 1
            expected, found = stated.get(str(column - 9), 0.0), value("Cash flow", (row, column))
            if not number(found) or abs(found - expected) >= CENT / 2:
                wrong.append(f"{case} {category} {column - 9}: {found}, expected {expected}")
    wrong += [f"{case} {category} has no row" for case, rows in left.items() for category in rows]
    heads = {cells[1]: at for at, cells in book.sheets["Returns"].items() if at[1] == 0}
    for label, key in (("NPV of the plan", "npv"), ("NPV of its twin", "twin_npv")):
        found = value("Returns", (heads[label][0], 1))
        if not number(found) or abs(found - change[key]) >= CENT / 2:
            wrong.append(f"{label}: {found}, expected {change[key]}")
    stored = book.sheets["Returns"][heads["NPV of the plan"][0], 1][1]
    if abs(stored - change["npv"]) < 1.0:
        wrong.append("the change changes nothing")
    print(f"{name}, {change['name']}: {count} figures, NPV {change['npv']:.2f}, {len(wrong)} wrong")
    return wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("workbook", type=pathlib.Path)
    arguments.add_argument("--changes", type=pathlib.Path)
    arguments.add_argument("--modules", type=pathlib.Path, default=pathlib.Path("target/engines"))
    arguments.add_argument("--engines", default="libreoffice,hyperformula")
    given = arguments.parse_args()
    book = Book(given.workbook)
    changes = json.loads(given.changes.read_text()) if given.changes else []
    for change in changes:
        change["edited"] = book.edited(change["edits"])
    if shutil.which("soffice") is None:
        sys.exit("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
    wrong = []
    for name in given.engines.split(","):
        started = time.monotonic()
        values = libreoffice(book, changes) if name == "libreoffice" else hyperformula(book, changes, given.modules.resolve())
        for at, value in enumerate(values):
            wrong += as_valued(book, value, changes[at - 1], name) if at else as_stored(book, value, name)
        print(f"{name}: {time.monotonic() - started:.0f} s")
    if wrong:
        sys.exit("\n".join(wrong[:20]))


if __name__ == "__main__":
    main()
