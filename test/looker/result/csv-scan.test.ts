import { expect, test } from "vitest";
import { CsvScan } from "../../../src/looker/result/csv-scan.ts";

function scanned(text: string, chunkBytes = 1_000_000, headRecordsMax = 3) {
  const bytes = Buffer.from(text);
  const scan = new CsvScan({ headRecordsMax, headBytesMax: 1_000_000 });
  for (let at = 0; at < bytes.length; at += chunkBytes) scan.push(bytes.subarray(at, at + chunkBytes));
  scan.end();
  return { records: scan.records, cells: scan.cells, head: scan.head().toString() };
}

test("records are counted however the text is cut into chunks", () => {
  const text = 'Größe,"a ""b"", c"\r\n"x\r\ny",2\r\n"",""\r\nü,4\r\n5,6';
  for (let chunkBytes = 1; chunkBytes < 12; chunkBytes += 1) {
    expect(scanned(text, chunkBytes)).toEqual({
      records: 5,
      cells: 2,
      head: 'Größe,"a ""b"", c"\r\n"x\r\ny",2\r\n"",""\r\n',
    });
  }
});

test("a last record needs no line end", () => {
  expect(scanned("a,b\n1,2").records).toBe(2);
  expect(scanned("a,b\n1,2\n").records).toBe(2);
  expect(scanned("a,b\n1,2", 3, 9).head).toBe("a,b\n1,2");
});

test("empty lines at the end are nothing, but in one column they are empty cells", () => {
  expect(scanned("a,b\n1,2\n\n\r\n").records).toBe(2);
  expect(scanned("a\n\n1\n").records).toBe(3);
  expect(scanned("").records).toBe(0);
});

test.each([
  ["a,b\n1,2\n3", "record 3 has 1 cells where the heading has 2"],
  ["a,b\n1,2,3\n", "record 2 has 3 cells where the heading has 2"],
  ['a,b\n1,"2', "ends inside a quoted cell"],
  ["a,b\n\n1,2\n", "is empty"],
])("%j is broken: %s", (text, how) => {
  for (const chunkBytes of [1, 5, 100]) {
    expect(() => scanned(text, chunkBytes)).toThrow(
      expect.objectContaining({ code: "protocol", retryable: true, message: expect.stringContaining(how) }),
    );
  }
});

test("the head holds whole records and stays within its bytes", () => {
  const scan = new CsvScan({ headRecordsMax: 1_000_000, headBytesMax: 1_000 });
  for (let chunk = 0; chunk < 100; chunk += 1) scan.push(Buffer.from("aaaaaaaaaa,b\n".repeat(10)));
  scan.end();
  expect(scan.head().length).toBeLessThan(1_200);
  expect(scan.head().length % 13).toBe(0);
  expect(scan.records).toBe(1_000);
});
