"""
Compares the files of an email, cell by cell, with what Looker's API answers. Takes one JSON document on stdin: the API's address and
key, the email's file, and for each section its query and the files that hold it; writes how many cells it compared, and what differs.
"""
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


class Truth:
    """A query's result as Looker's json_detail has it: its columns from left to right, and a cell for each in every row."""

    def __init__(self, query):
        answer = json.loads(call("/queries/run/json_detail", query)[1])
        fields = answer["fields"]
        plain = fields["dimensions"] + [] if answer.get("pivots") else fields["dimensions"] + fields["measures"]
        self.columns = [(field, None) for field in plain]
        for pivot in answer.get("pivots", []):
            self.columns += [(field, pivot) for field in fields["measures"]]
        self.rows = [self.cells(row) for row in answer["data"]]
        totals = answer.get("totals_data")
        self.totals = None if totals is None else self.cells(totals)
        self.is_large = int(query["limit"]) < 0 or int(query["limit"]) > 5000

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
    return "" if cell["value"] is None else cell.get("rendered", plain(cell["value"]))


def plain(value):
    if value is None or isinstance(value, str):
        return value or ""
    return str(value).lower() if isinstance(value, bool) else format(Decimal(repr(value)), "f")


def guarded(cell, text):
    """OWASP's characters that start a formula; a number starts none."""
    return f"'{text}" if isinstance(cell["value"], str) and re.match(r"[=+\-@\t\r]", text) else text


def same(where, found, wanted):
    compared[where.split(":")[0]] += 1
    if found != wanted and len(wrong) < 40:
        wrong.append(f"{where}: {ascii(found)[:200]} instead of {ascii(wanted)[:200]}")


def grid(where, found, wanted):
    same(f"{where}: rows", len(found), len(wanted))
    for number, (row, expected) in enumerate(zip(found, wanted)):
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
            same(f"{where}: cell of record {number}", True, True)
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
        grid(f"{where} totals", [data.pop()], [["Total", *totals[1:]]])
    same(f"{where}: frozen", sheet["frozen"], "1")
    grid(f"{where} heads", rows[:1], [truth.heads("label")])
    dates = [(field.get("type") or "").startswith("date_") for field, _ in truth.columns]
    grid(
        where,
        [[as_dated(cell, one["value"]) if dated else cell for cell, one, dated in zip(row, cells, dates)] for row, cells in zip(data, truth.rows)],
        [[sheet_value(cell, field) for (field, _), cell in zip(truth.columns, row)] for row in truth.rows],
    )


def read_sheets(data):
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        script = os.path.join(os.path.dirname(__file__), "../fixtures/read_xlsx.py")
        return json.loads(subprocess.run([sys.executable, script, file.name], check=True, capture_output=True).stdout)["sheets"]


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
        cells = [*cells, [{"value": "Total"}, *truth.totals[1:]]]
    for number, (row, wanted) in enumerate(zip(rows, cells)):
        texts = [fit(shown(cell), chars_max) for cell in wanted][: len(row)]
        grid(where, [row], [texts])
        same(f"{where}: row {number} has cells", len(row) >= min(len(wanted), 4), True)


def check_picture(where, data, query, size):
    same(f"{where}: size", list(png_size(data)), size)
    created = json.loads(call("/queries", query)[1])["id"]
    task = json.loads(call(f"/render_tasks/queries/{created}/png/{size[0]}/{size[1]}", {})[1])["id"]
    status, picture = 202, b""
    while status == 202:
        status, picture = call(f"/render_tasks/{task}/results")
    same(f"{where}: is Looker's own picture", data == picture, True)


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
            check_csv(f"{name}/{title}", read_zip(data)[f"{title}.csv"], truth)
        elif how["kind"] == "xlsx":
            sheets = {sheet["name"]: sheet for sheet in read_sheets(data)}
            check_sheet(f"{name}/{title}", sheets[title], truth)
        elif how["kind"] == "html" and truth.rows:
            tables = {table["caption"]: table for table in read_tables(data.decode("utf-8"))}
            check_table(f"{name}/{title}", tables[title], truth, 2_000, 1_000)


message, attached = read_mail(order["mail"])
files = dict(unpacked(name, data) for name, data in attached.items())
bodies = {table["caption"]: table for table in read_tables(message.get_body(("html",)).get_content())}
for section in order["sections"]:
    truth = Truth(section["query"])
    check(section, truth, section["title"], files)
    if truth.rows:
        body = bodies[section["title"]]
        check_table(f"body/{section['title']}", body, truth, len(body["body"]), 300)
json.dump({"wrong": wrong, "compared": compared, "attached": sorted(attached), "text": message.get_body(("plain",)).get_content()}, sys.stdout)
