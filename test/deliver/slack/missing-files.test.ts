import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../../src/core/model/artifact.ts";
import type { Message, SectionData } from "../../../src/core/model/message.ts";
import type { Column } from "../../../src/core/model/table.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
import {
  type SandboxSlack,
  type SandboxSlackOptions,
  startSandboxSlack,
} from "../../../src/sandbox/slack/server.ts";
import { quickClock, sampleMessage, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

// What a post says of files that did not come: never that they are there.

let server: SandboxSlack;
let outbox: string;
let artifacts: readonly Artifact[];
const options = slackOptions.parse("#flight-ops");

beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxSlack({ outbox });
  const [csv, xlsx] = [await artifactOf("delays.csv", "1\r\n"), await artifactOf("delays.xlsx", "2\r\n")];
  artifacts = [
    { ...csv, sections: [0] },
    { ...xlsx, sections: [0] },
  ];
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

async function restart(given: Partial<SandboxSlackOptions>): Promise<void> {
  await server.close();
  server = await startSandboxSlack({ outbox, ...given });
}

/** Two rows of 40 are shown: the others are in the files. */
function digest(over: Partial<Message> = {}): Message {
  const row = (value: number) => [{ value, rendered: String(value) }];
  const flights: Column = {
    name: "flights.count",
    label: "Flights",
    kind: "measure",
    type: "count",
    isNumeric: true,
    valueFormat: null,
  };
  const data: SectionData = {
    show: { kind: "table", emphasis: [] },
    table: {
      columns: [flights],
      rows: [row(1), row(2)],
      pivotLabels: [],
      rowCount: 40,
      rowCountIsExact: true,
    },
    rowsShown: 2,
    url: null,
    ranAt: "2026-11-16T13:00:00.000Z",
    fromCache: null,
  };
  return sampleMessage({
    sections: [{ title: "Delays", text: null, data, notices: [] }],
    artifacts,
    ...over,
  });
}

const open = () =>
  openSlack(slackConnection.parse({ token: server.token, api_url: server.url }), {
    renderSlack,
    clock: quickClock(),
  });
const deliver = (message = digest()) => open().deliver(message, options, termsOf());
const find = () => open().find?.(digest(), new Date(Date.now() - 60_000), options, termsOf());
const fault = (given: AnyFault) => server.faults.add(given);
const posts = () => server.posts("#flight-ops");
const calls = (method: string) => server.requests.filter((request) => request.method === method);
/** All that a reader sees of the post, and what its notification says. */
const said = (index = 0) => JSON.stringify([posts()[index]?.text, posts()[index]?.blocks ?? []]);

test("a post with its files says that they are attached", async () => {
  await deliver();
  expect(said()).toContain("The full data is attached.");
  expect(said()).toContain("Files: delays.csv");
});

test("without the right to upload, the post is made without its files and says so to its readers", async () => {
  await restart({ scopes: ["chat:write", "channels:read", "channels:history"] });
  expect(await deliver()).toEqual({
    kind: "sent",
    externalId: `C0000000002:${posts()[0]?.ts}`,
    refused: ["delays.csv", "delays.xlsx"].map((recipient) => ({
      recipient,
      reason: `Slack answered missing_scope for ${recipient}.`,
      permanent: true,
    })),
    note: 'delays.csv, delays.xlsx could not be attached. Add the scope files:write to the app ("OAuth & Permissions") and install it again.',
  });
  expect(said()).toContain(
    "delays.csv, delays.xlsx could not be attached: the Slack app that sends this has no right to upload files.",
  );
  expect(said()).not.toMatch(/is attached|Files:/);
  expect(posts()).toHaveLength(1);
  expect(calls("chat.update")).toEqual([]);
});

test("one file of two: the post claims the other alone", async () => {
  fault({ method: "upload", status: 413, times: 1 });
  expect(await deliver()).toMatchObject({ refused: [{ recipient: "delays.csv" }] });
  expect(said()).toContain("delays.csv could not be attached: Slack did not take it.");
  expect(said()).toContain("The full data is attached");
  expect(server.files().map(({ name }) => name)).toEqual(["delays.xlsx"]);
});

test("what is missing stands ahead of other notices, of which not all are shown", async () => {
  fault({ method: "files.getUploadURLExternal", error: "storage_limit_reached" });
  await deliver(digest({ notices: Array.from({ length: 12 }, (_, index) => `Notice ${index}.`) }));
  expect(said()).toContain("this workspace has no room left for files");
});

test("a file's name pings nobody where its loss is told", async () => {
  const [csv] = artifacts;
  const hostile = digest({
    artifacts: csv === undefined ? [] : [{ ...csv, filename: "<!channel> & more.csv" }],
  });
  fault({ method: "files.completeUploadExternal", error: "file_not_found" });
  fault({ method: "chat.update", error: "cant_update_message" });
  expect(await deliver(hostile)).toMatchObject({
    note: expect.stringContaining("<!channel> & more.csv could"),
  });
  expect(posts()[1]?.text).toContain("&lt;!channel&gt; &amp; more.csv");
});

describe("files that are refused once the post stands", () => {
  beforeEach(() => fault({ method: "files.completeUploadExternal", error: "missing_scope" }));

  test("are taken out of it: it is edited, and its thread stays empty", async () => {
    expect(await deliver()).toMatchObject({
      kind: "sent",
      refused: [{ recipient: "delays.csv" }, { recipient: "delays.xlsx" }],
      note: expect.stringContaining("Add the scope files:write to the app"),
    });
    expect(said()).not.toMatch(/is attached|Files:/);
    expect(said()).toContain("could not be attached: the Slack app that sends this has no right");
    expect(posts()).toMatchObject([
      { edited: expect.anything(), metadata: { event_type: "lookpost_delivery" } },
    ]);
    expect(calls("chat.update").map(({ args }) => args.parse)).toEqual(["none"]);
  });

  test("are told of in the thread where the post cannot be edited", async () => {
    fault({ method: "chat.update", error: "edit_window_closed" });
    expect(await deliver()).toMatchObject({ kind: "sent", refused: [{}, {}] });
    expect(posts()).toHaveLength(2);
    expect(said(1)).toContain("delays.csv, delays.xlsx could not be attached");
  });

  test("an edit whose end nobody knows is made once more: it says the same", async () => {
    fault({ method: "chat.update", drop: true, when: "after", times: 1 });
    await deliver();
    expect(calls("chat.update")).toHaveLength(2);
    expect(posts()).toHaveLength(1);
    expect(said()).not.toMatch(/is attached|Files:/);
  });

  test("an edit whose blocks are refused is made with plainer ones", async () => {
    fault({ method: "chat.update", error: "block_mismatch", times: 1 });
    await deliver();
    expect(posts()).toHaveLength(1);
    expect(said()).not.toMatch(/is attached|Files:/);
  });

  test("a look-up of the corrected post leaves it as it is", async () => {
    await deliver();
    const before = said();
    expect(await find()).toBe(`C0000000002:${posts()[0]?.ts}`);
    expect(said()).toBe(before);
    expect(calls("chat.update")).toHaveLength(1);
    expect(calls("files.completeUploadExternal")).toHaveLength(1);
  });
});

test("files that nobody knows the fate of: the post says that they may be missing", async () => {
  fault({ method: "files.completeUploadExternal", status: 500 });
  expect(await deliver()).toMatchObject({
    refused: [{ recipient: "delays.csv" }, { recipient: "delays.xlsx" }],
    note: expect.stringContaining("may be missing here. Look in Slack"),
  });
  expect(said()).toContain("delays.csv, delays.xlsx may be missing here: Slack did not say whether it took");
});

test("a post that is looked up, made without one file and now refused the other, claims neither", async () => {
  fault({ method: "upload", status: 413, times: 1 });
  fault({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  expect(await deliver()).toMatchObject({ kind: "unknown" });
  fault({ method: "files.completeUploadExternal", error: "file_uploads_disabled" });
  for (let times = 0; times < 2; times += 1) expect(await find()).toBe(`C0000000002:${posts()[0]?.ts}`);
  expect(posts()).toHaveLength(1);
  expect(calls("chat.update")).toHaveLength(1);
  expect(said()).not.toMatch(/is attached|Files:/);
  expect(said()).toContain("delays.csv could not be attached: Slack did not take it.");
  expect(said()).toContain("delays.xlsx could not be attached: this workspace allows no uploads.");
});

test("a worker that may not act any more edits nothing", async () => {
  fault({ method: "files.completeUploadExternal", error: "missing_scope" });
  let commits = 0;
  const commit = async () => {
    commits += 1;
    if (commits > 2) throw new Error("Another worker has it.");
  };
  await open().deliver(digest(), options, termsOf({ commit }));
  expect(calls("chat.update")).toEqual([]);
  expect(posts()).toHaveLength(1);
});
