"""
Compares the files of an email, cell by cell, with what Looker's API answers. Takes one JSON document on stdin: the API's address and
key, the email's file, and for each section its query and the files that hold it; writes how many cells it compared, and what differs.
"""
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from read_mail import png_size, read_csv, read_json, read_mail, read_tables, read_zip, unpacked

ROW_TOTAL = "$$$_row_total_$$$"
order = json.load(sys.stdin)
wrong, compared = [], Counter()


def call(path, body=None, form=None):
    headers = {"authorization": f"token {token}"} if form is None else {}
    data = urllib.parse.urlencode(form).encode() if form else None if body is None else json.dumps(body).encode()
    if body is not None:
        headers["content-type"] = "application/json"
    with urllib.request.urlopen(urllib.request.Request(f"{order['api']}{path}", data, headers)) as answer:
        return answer.status, answer.read()


token = json.loads(call("/login", form={"client_id": order["id"], "client_secret": order["secret"]})[1])["access_token"]


def body_of(query):
    """A query of reports.yaml in the words of the API, which are older."""
    older = {"explore": "view", "totals": "total", "row_totals": "row_total"}
    body = {older.get(key, key): value for key, value in query.items()}
    texts = {key: str(body[key]) for key in ("limit", "column_limit") if key in body}
    return {**body, **texts, **({"row_total": "right"} if body.get("row_total") else {})}


class Truth:
    """A query's result as Looker's json_detail has it: its columns from left to right, and a cell for each in every row."""

    def __init__(self, query):
        answer = json.loads(call("/queries/run/json_detail", body_of(query))[1])
        fields = answer["fields"]
        plain = fields["dimensions"] if answer.get("pivots") else fields["dimensions"] + fields["measures"]
        self.columns = [(field, None) for field in plain]
        for pivot in answer.get("pivots", []):
            self.columns += [(field, pivot) for field in fields["measures"]]
        self.rows = [self.cells(row) for row in answer["data"]]
        totals = answer.get("totals_data")
        self.totals = None if totals is None else self.cells(totals)
        self.is_large = query["limit"] < 0 or query["limit"] > 5000

    def cells(self, row):
        whole = [row.get(field["name"]) if pivot is None else row[field["name"]].get(pivot["key"]) for field, pivot in self.columns]
        return [{"value": None} if cell is None else cell for cell in whole]

    def path(self, pivot):
        if pivot is None:
            return []
        if pivot["key"] == ROW_TOTAL:
            return ["Row total"]
        return [shown(cell) for cell in pivot["metadata"].values()]

    def heads(self, key):
        count = Counter(field[key] for field, pivot in self.columns if pivot is None)
        return [
            f"{field[key]} ({field['name']})" if key == "label" and count[field[key]] > 1 else " – ".join([field[key], *self.path(pivot)])
            for field, pivot in self.columns
        ]


def shown(cell):
    """Totals come without `rendered`: what Looker's own table shows is within their HTML."""
    if cell["value"] is None:
        return ""
    if "rendered" not in cell and "#drillmenu" in cell.get("html", ""):
        return html.unescape(re.sub("<[^>]*>", "", cell["html"]))
    return cell.get("rendered", plain(cell["value"]))


def total_label(found):
    """Where rows are not shown, or the query's limit is reached, the total says what it is of."""
    return "Total of all rows in Looker" if found == "Total of all rows in Looker" else "Total"


def plain(value):
    if value is None or isinstance(value, str):
        return value or ""
    return str(value).lower() if isinstance(value, bool) else format(Decimal(repr(value)), "f")


def guarded(cell, text):
    """OWASP's characters that start a formula; a number starts none."""
    return f"'{text}" if isinstance(cell["value"], str) and re.match(r"[=+\-@\t\r]", text) else text


def same(where, found, wanted):
    file = where.split(":")[0]
    compared[file] += 1
    if found != wanted and sum(line.startswith(f"{file}:") for line in wrong) < 5:
        wrong.append(f"{where}: {ascii(found)[:200]} instead of {ascii(wanted)[:200]}")


def grid(where, found, wanted):
    same(f"{where}: rows", len(found), len(wanted))
    for number, (row, expected) in enumerate(zip(found, wanted)):
        if row == expected:
            compared[where] += len(row)
            continue
        same(f"{where}: cells of row {number}", len(row), len(expected))
        for column, (cell, one) in enumerate(zip(row, expected)):
            same(f"{where}: row {number}, column {column}", cell, one)


def check_csv(where, data, truth, raw=False, names=False, semicolon=False, bom=False, guard=True):
    same(f"{where}: byte order mark", data.startswith(b"\xef\xbb\xbf"), bom)
    rows = read_csv(data[3:] if bom else data, ";" if semicolon else ",")
    text = (lambda cell: plain(cell["value"])) if raw else shown
    wanted = [[guarded(cell, text(cell)) if guard else text(cell) for cell in row] for row in truth.rows]
    grid(where, rows, [truth.heads("name" if names else "label"), *wanted])


def check_json(where, name, data, truth, formatted=False):
    records = read_json(name, data)
    same(f"{where}: records", len(records), len(truth.rows))
    for number, (record, row) in enumerate(zip(records, truth.rows)):
        wanted = {}
        for (field, pivot), cell in zip(truth.columns, row):
            node, keys = wanted, [field["name"], *truth.path(pivot)]
            for key in keys[:-1]:
                node = node.setdefault(key, {})
            value = shown(cell) if formatted else cell["value"]
            # A CSV file of Looker's, of which large results are made, knows no empty text beside null.
            node[keys[-1]] = None if truth.is_large and value == "" and not formatted else value
        compared[where] += len(row)
        same(f"{where}: record {number}", record, wanted)


def sheet_value(cell, field):
    value, kind = cell["value"], field.get("type") or ""
    if value is None or value == "":
        return None
    if kind == "yesno":
        return {"Yes": True, "No": False}[value]
    if not isinstance(value, str):
        return float(value)
    if field["is_numeric"] and re.fullmatch(r"-?\d{1,15}(\.\d+)?", value):
        return float(value)
    legal = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value)
    return legal if len(legal) <= 32_767 else legal[:32_760] + "… (cut)"


def as_dated(found, value):
    """What a date's number says, written as Looker writes that date."""
    if not isinstance(found, float) or not isinstance(value, str):
        return found
    form = {7: "%Y-%m", 10: "%Y-%m-%d", 13: "%Y-%m-%d %H", 16: "%Y-%m-%d %H:%M", 19: "%Y-%m-%d %H:%M:%S"}[len(value)]
    return (datetime(1899, 12, 30) + timedelta(seconds=round(found * 86_400))).strftime(form)


def check_sheet(where, sheet, truth):
    rows = [[row.get(str(index), {}).get("value") for index in range(len(truth.columns))] for row in sheet["rows"]]
    data = rows[1:]
    if truth.totals is not None:
        totals = [sheet_value(cell, field) for (field, _), cell in zip(truth.columns, truth.totals)]
        last = data.pop()
        grid(f"{where} totals", [last], [[total_label(last[0]), *totals[1:]]])
    same(f"{where}: frozen", sheet["frozen"], "1")
    grid(f"{where} heads", rows[:1], [truth.heads("label")])
    dates = [(field.get("type") or "").startswith("date_") for field, _ in truth.columns]
    grid(
        where,
        [[as_dated(cell, one["value"]) if dated else cell for cell, one, dated in zip(row, cells, dates)] for row, cells in zip(data, truth.rows)],
        [[sheet_value(cell, field) for (field, _), cell in zip(truth.columns, row)] for row in truth.rows],
    )


@cache
def read_sheets(data):
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        script = os.path.join(os.path.dirname(__file__), "../fixtures/read_xlsx.py")
        return json.loads(subprocess.run([sys.executable, script, file.name], check=True, capture_output=True).stdout)["sheets"]


@cache
def tables_of(data):
    return read_tables(data.decode("utf-8"))


def fit(text, most):
    """As a body shows a text: without control characters, line ends as line feeds, and cut where it is very long."""
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", "", re.sub("\r\n?", "\n", text))
    return text if len(text) <= most else text[: most - 1] + "…"


def check_table(where, table, truth, rows_max, chars_max):
    """A body may show fewer rows and columns, but those are the first ones."""
    same(f"{where}: rows", len(table["body"]), min(len(truth.rows), rows_max))
    rows = table["body"] + table["foot"]
    cells = truth.rows[: len(table["body"])]
    if table["foot"]:
        cells = [*cells, [{"value": total_label(table["foot"][0][0])}, *truth.totals[1:]]]
    for number, (row, wanted) in enumerate(zip(rows, cells)):
        texts = [fit(shown(cell), chars_max) for cell in wanted][: len(row)]
        grid(where, [row], [texts])
        same(f"{where}: row {number} has cells", len(row) >= min(len(wanted), 4), True)


def drawn(content, kind, size, body=None):
    """The bytes that a render task of Looker's gives."""
    path = f"/render_tasks/{content}/{kind}?width={size[0]}&height={size[1]}"
    task = json.loads(call(path, body or {})[1])["id"]
    status, picture = 202, b""
    while status == 202:
        status, picture = call(f"/render_tasks/{task}/results")
    return picture


def check_picture(where, data, query, size):
    same(f"{where}: size", list(png_size(data)), size)
    created = json.loads(call("/queries", body_of(query))[1])["id"]
    same(f"{where}: is Looker's own picture", data == drawn(f"queries/{created}", "png", size), True)


def check_pdf(where, data, board):
    same(f"{where}: is Looker's own page", data == drawn(board["content"], "pdf", board["size"], board["body"]), True)
    same(f"{where}: begins and ends as a PDF", (data[:5], data.rstrip()[-5:]), (b"%PDF-", b"%%EOF"))


# Its settings, which take seconds to make, are made once.
office_home = tempfile.TemporaryDirectory()


def office(data, suffix, to, infilter=None):
    """What LibreOffice makes of a file: the files that it writes, by name."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, f"file.{suffix}")
        with open(source, "wb") as file:
            file.write(data)
        command = ["soffice", f"-env:UserInstallation=file://{office_home.name}", "--headless", "--convert-to", to, "--outdir", f"{folder}/out"]
        command += [] if infilter is None else [f"--infilter={infilter}"]
        subprocess.run([*command, source], check=True, capture_output=True)
        return {name: open(os.path.join(folder, "out", name), "rb").read() for name in os.listdir(f"{folder}/out")}


# All sheets, as shown, with commas, in UTF-8 (LibreOffice, "CSV Filter Parameters").
SHEETS_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


def check_office_sheets(data, truths):
    sheets = office(data, "xlsx", SHEETS_AS_SHOWN)
    for title, truth in truths.items():
        rows = read_csv(sheets[f"file-{title}.csv"])
        wanted = [[office_shown(cell) for cell in row] for row in truth.rows]
        grid(f"office/{title}", rows[1 : 1 + len(wanted)], wanted)


def office_shown(cell):
    text = re.sub("\r\n?", "\n", shown(cell))
    return {"Yes": "TRUE", "No": "FALSE"}.get(text, text)


def check_office_page(data, truths):
    """A spreadsheet lays all tables of a page over one grid, with empty cells between, and reads numbers where it sees some."""
    (sheet,) = office(data, "html", SHEETS_AS_SHOWN, "HTML (StarCalc)").values()
    found, at = [filled(row) for row in read_csv(sheet)], 0
    for title, truth in truths.items():
        if not truth.rows:
            continue
        wanted = [filled(shown(cell) for cell in row) for row in truth.rows]
        while at < len(found) and found[at] != wanted[0]:
            at += 1
        grid(f"office page/{title}", found[at : at + len(wanted)], wanted)


def filled(row):
    return [as_number(re.sub(r"\s+", " ", cell)) for cell in row if cell != ""]


def as_number(text):
    """However it is written: LibreOffice drops the commas, and zeros that say nothing."""
    plain_text = re.sub(r"(?<=\d),(?=\d{3})|\$", "", text)
    return float(plain_text) if re.fullmatch(r"-?\d+(\.\d+)?", plain_text) else text


def check(section, truth, title, files):
    for name, how in section["files"].items():
        if name not in files:
            wrong.append(f"there is no {name} among {sorted(files)}")
            continue
        data = files[name]
        if how["kind"] == "csv":
            check_csv(name, data, truth, **how.get("options", {}))
        elif how["kind"] == "json":
            check_json(name, name, data, truth, **how.get("options", {}))
        elif how["kind"] == "png":
            check_picture(name, data, section["query"], how["size"])
        elif how["kind"] == "zip":
            members = {key: value for key, value in zipped.items() if key == f"{title}.csv"}
            same(f"{name}: archives have {title}.csv", len(members), 1)
            check_csv(f"{name}/{title}", members[f"{title}.csv"], truth)
        elif how["kind"] == "xlsx":
            sheets = {sheet["name"]: sheet for sheet in read_sheets(data)}
            check_sheet(f"{name}/{title}", sheets[title], truth)
        elif how["kind"] == "html" and truth.rows:
            tables = {table["caption"]: table for table in tables_of(data)}
            check_table(f"{name}/{title}", tables[title], truth, 2_000, 1_000)


message, attached = read_mail(order["mail"])
files = dict(unpacked(name, data) for name, data in attached.items())
zipped = {}
for name, data in files.items():
    if name.endswith(".zip"):
        members = read_zip(data)
        same(f"{name}: no member twice", zipped.keys() & members.keys(), set())
        zipped.update(members)
bodies = {table["caption"]: table for table in read_tables(message.get_body(("html",)).get_content())}
truths, shown_in_body = {}, []
for section in order["sections"]:
    truth = Truth(section["query"])
    check(section, truth, section["title"], files)
    truths[section["title"]] = truth
    if truth.rows and section["title"] in bodies:
        body = bodies[section["title"]]
        shown_in_body.append(section["title"])
        check_table(f"body/{section['title']}", body, truth, len(body["body"]), 300)
for name, board in order.get("boards", {}).items():
    check_pdf(name, files[name], board)
if order.get("office"):
    check_office_sheets(files["book.xlsx"], truths)
    check_office_page(files["book.html"], truths)
json.dump({"wrong": wrong, "compared": compared, "attached": sorted(attached), "shown": shown_in_body}, sys.stdout)
