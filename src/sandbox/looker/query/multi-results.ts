import type { Call } from "../http/call.ts";
import { ApiError } from "../http/errors.ts";
import { chunked, type Reply } from "../http/reply.ts";
import { failedDetail } from "./failure.ts";
import type { QueryRoom } from "./module.ts";
import { isJson, resultChunks } from "./results.ts";
import { isPending, type QueryTask } from "./task/task.ts";

const idsMax = 200;

/** Maps each id to its status, and to its data once it is complete; an unknown id is `missing`. */
export function multiResults(call: Call, room: QueryRoom): Reply {
  const ids = (call.query.get("query_task_ids") ?? "").split(",").filter((id) => id !== "");
  if (ids.length === 0) throw new ApiError(400, "Parameter 'query_task_ids' is required");
  if (ids.length > idsMax) throw new ApiError(400, `At most ${idsMax} query_task_ids at once`);
  // Every poll happens here and now; only the data waits for the reader.
  const found = [...new Set(ids)].map((id) => {
    const task = room.tasks.find(id);
    return { id, task, status: task === null ? "missing" : room.tasks.poll(task) };
  });
  return chunked("application/json;charset=utf-8", entries(found, room.webUrl()));
}

interface Found {
  id: string;
  task: QueryTask | null;
  status: string;
}

function* entries(found: readonly Found[], webUrl: string): Generator<string> {
  let before = "{";
  for (const { id, task, status } of found) {
    yield `${before}${JSON.stringify(id)}:{"status":${JSON.stringify(status)}`;
    if (task !== null && status === task.state && !isPending(task)) yield* inlined(task, webUrl);
    yield "}";
    before = ",";
  }
  yield "}";
}

function* inlined(task: QueryTask, webUrl: string): Generator<string> {
  if (task.state === "killed" || task.state === "expired") return;
  yield `,"result_source":${JSON.stringify(task.fromCache ? "cache" : "query")}`;
  if (task.state === "error") {
    if (task.request.format === "json_detail") yield `,"data":${failedDetail(task)}`;
    return;
  }
  yield ',"data":';
  const chunks = resultChunks(task, webUrl);
  if (isJson(task.request.format)) yield* chunks;
  else yield* jsonString(chunks);
}

/** A long text as one JSON string, without ever holding all of it. */
function* jsonString(chunks: Iterable<string>): Generator<string> {
  yield '"';
  for (const chunk of chunks) yield JSON.stringify(chunk).slice(1, -1);
  yield '"';
}
