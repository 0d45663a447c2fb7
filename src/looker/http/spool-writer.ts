import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { diskRefusal } from "../../core/disk.ts";
import { ReportError } from "../../core/error.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";

const BUFFER_BYTES = 512 * 1024;
/** How much may be left to be brought to the disk at the end. */
const SYNC_EVERY_BYTES = 64_000_000;

/**
 * Writes a file of the spool through two buffers, one of which is filled while the other is on its way to the disk. Its SHA-256 is
 * calculated meanwhile, and the disk is kept up with, so that no one has to read or wait for all of it afterwards. Rejects with ReportError
 * `local` where the file cannot be written.
 */
export class SpoolWriter {
  readonly #path: string;
  readonly #hash = createHash("sha256");
  readonly #handle: FileHandle;
  #filling: Buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #spare: Buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;
  #bytes = 0;
  #syncedAt = 0;
  #writing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> | null = null;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** A new file: what is there under its name may have another name by now, and stays as it is. */
  static async open(path: string): Promise<SpoolWriter> {
    try {
      await rm(path, { force: true });
      return new SpoolWriter(path, await open(path, "wx"));
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const room = this.#filling.length - this.#filled;
      const copied = bytes.copy(this.#filling, this.#filled, at, at + room);
      this.#filled += copied;
      at += copied;
      if (this.#filled === this.#filling.length) await this.#turn();
    }
  }

  /** Room for as many bytes, to be filled from its beginning on and then told of by `fill`. */
  async room(bytes: number): Promise<Buffer> {
    if (this.#filling.length - this.#filled < bytes) {
      await this.#turn();
      if (this.#filling.length < bytes) this.#filling = Buffer.allocUnsafe(bytes);
    }
    return this.#filling.subarray(this.#filled);
  }

  fill(bytes: number): void {
    this.#filled += bytes;
  }

  /** Waits until all of it is written. */
  async close(): Promise<SpoolFile> {
    try {
      await this.#turn();
      await Promise.all([this.#writing, this.#syncing]);
      await this.#handle.close();
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** Leaves no file. May be called after a failed `close`. */
  async abandon(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#syncing]);
    await this.#handle.close().catch(() => undefined);
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  /** Sends what is filled on its way, once what was before it is written. */
  async #turn(): Promise<void> {
    const full = this.#filling.subarray(0, this.#filled);
    try {
      await this.#writing;
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
    this.#bytes += full.length;
    this.#writing = this.#send(full);
    // Told of at the next turn.
    this.#writing.catch(() => undefined);
    this.#hash.update(full);
  }

  async #send(full: Buffer): Promise<void> {
    for (let at = 0; at < full.length; ) at += (await this.#handle.write(full, at)).bytesWritten;
    if (this.#bytes - this.#syncedAt < SYNC_EVERY_BYTES || this.#syncing !== null) return;
    this.#syncedAt = this.#bytes;
    // A disk that cannot be synced says so to the one that needs it to be.
    this.#syncing = this.#handle
      .datasync()
      .catch(() => undefined)
      .finally(() => {
        this.#syncing = null;
      });
  }
}

/** Where the system says why, in words; what else was thrown is given back. */
export function unwritable(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !("code" in cause) || cause instanceof ReportError) return cause;
  const refusal = diskRefusal(cause.code, dirname(path));
  const why = refusal === null ? "" : `${refusal.what} `;
  return new ReportError(`The result cannot be written to ${path}: ${why}(${String(cause.code)}).`, {
    code: "local",
    advice: refusal?.advice ?? "Check that the worker may write to its data folder.",
    retryable: refusal?.passes ?? false,
    cause,
  });
}
