"""Reads an email and its files with nothing but Python's standard library."""
import csv
import email
import email.policy
import gzip
import html.parser
import io
import json
import struct
import zipfile
import zlib

csv.field_size_limit(100_000_000)


def read_mail(path):
    """The message, and its attachments by name."""
    with open(path, "rb") as opened:
        message = email.message_from_binary_file(opened, policy=email.policy.default)
    files = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    return message, files


def read_csv(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, strict=True))


def read_zip(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def unpacked(name, data):
    """A file as it was before it was compressed to fit."""
    if name.endswith(".gz"):
        return name[:-3], gzip.decompress(data)
    if name.endswith(".csv.zip"):
        return next(iter(read_zip(data).items()))
    return name, data


def read_json(name, data):
    text = data.decode("utf-8")
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in text.split("\n") if line != ""]
    return json.loads(text)


def png_size(data):
    """Width and height, once every chunk's sum and the length of the pixels are right (PNG specification)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, []
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks.append((kind, body))
        at += 12 + length
    assert chunks[0][0] == b"IHDR" and chunks[-1][0] == b"IEND"
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    assert len(pixels) == height * (1 + (width * bits + 7) // 8)
    return width, height


class Tables(html.parser.HTMLParser):
    """The tables of a page that have a caption: rows of their bodies and feet, as texts. Layout tables have none."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.open, self.marks = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.open.append({"caption": None, "body": [], "foot": [], "part": None, "cell": None})
        if not self.open:
            return
        table = self.open[-1]
        if tag == "caption":
            table["caption"], table["part"] = "", "caption"
        elif tag in ("tbody", "tfoot", "thead"):
            table["part"] = tag[1:]
        elif tag == "tr" and table["part"] in ("body", "foot"):
            table[table["part"]].append([])
        elif tag in ("td", "th") and table["part"] in ("body", "foot"):
            table["cell"] = ""
        elif tag == "br" and table["cell"] is not None:
            table["cell"] += "\n"

    def handle_endtag(self, tag):
        if not self.open:
            return
        table = self.open[-1]
        if tag == "caption":
            table["part"] = None
        elif tag in ("td", "th") and table["cell"] is not None:
            table[table["part"]][-1].append(table["cell"])
            table["cell"] = None
        elif tag == "table":
            self.open.pop()
            if table["caption"] is not None:
                self.found.append(table)

    def handle_data(self, data):
        if not self.open:
            return
        table = self.open[-1]
        if table["part"] == "caption":
            table["caption"] += data
        elif table["cell"] is not None:
            table["cell"] += data


def read_tables(page):
    reader = Tables()
    reader.feed(page)
    reader.close()
    return reader.found
