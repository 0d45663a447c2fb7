import { open } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { PNG_HEAD_BYTES, pngHead } from "../../core/model/picture.ts";
import type { DrawOrder } from "../../core/ports/adapter.ts";

/** The chunk IEND (https://www.w3.org/TR/png-3/, 11.2.4). */
const PNG_END = Buffer.from("0000000049454e44ae426082", "hex");
/** Where readers of PDF look for its end (ISO 32000-1, annex H.3, note 18). */
const PDF_TAIL_BYTES = 1_024;

/**
 * Throws ReportError `protocol` where the file is not what was asked for, or not whole. A whole picture of another size is as good:
 * the height may follow from what is drawn (API 4.0, create_dashboard_render_task), and a screen's density from the server.
 */
export async function checkDrawn(path: string, order: DrawOrder): Promise<void> {
  const { head, tail } = await endsOf(path);
  const wrong = order.format === "pdf" ? wrongPdf(head, tail) : wrongPng(head, tail);
  if (wrong === null) return;
  throw new ReportError(`What Looker drew ${wrong}.`, {
    code: "protocol",
    retryable: true,
    advice:
      "Run the report again. If this keeps happening, check whether a proxy changes or cuts Looker's answers.",
  });
}

function wrongPng(head: Buffer, tail: Buffer): string | null {
  const said = pngHead(head);
  if (said === "no PNG") return "is not a PNG picture";
  if (said === "cut" || !tail.subarray(-PNG_END.length).equals(PNG_END))
    return "breaks off: the picture is incomplete";
  return said.width > 0 && said.height > 0 ? null : "is a picture of no size";
}

function wrongPdf(head: Buffer, tail: Buffer): string | null {
  if (!head.toString("latin1").startsWith("%PDF-")) return "is not a PDF";
  return tail.includes("%%EOF") ? null : "breaks off: the PDF is incomplete";
}

async function endsOf(path: string): Promise<{ head: Buffer; tail: Buffer }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (bytes: number, position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
      return buffer.subarray(0, bytesRead);
    };
    return {
      head: await read(PNG_HEAD_BYTES, 0),
      tail: await read(PDF_TAIL_BYTES, Math.max(0, size - PDF_TAIL_BYTES)),
    };
  } finally {
    await file.close();
  }
}
