import { setTimeout as delay } from "node:timers/promises";
import type { Client, Json } from "../client.ts";

const pollsMax = 2000;

export interface Rendering {
  readonly task: Json;
  /** Every state that a poll said, once each, in order. */
  readonly states: readonly string[];
  readonly answer: Response;
  readonly bytes: Buffer;
}

/** Makes a render task (`looks/42/png?width=800&height=400`), polls it to its end and fetches what there is. */
export async function render(client: Client, path: string, body?: unknown): Promise<Rendering> {
  const made = await client.post(`/render_tasks/${path}`, body);
  const { id, message, errors } = await made.json();
  if (made.status !== 200) throw new Error(`${made.status} ${message} ${JSON.stringify(errors)}`);
  const states: string[] = [];
  let task: Json;
  let polls = 0;
  do {
    await delay(2);
    task = await client.getJson(`/render_tasks/${id}`);
    if (states.at(-1) !== task.status) states.push(task.status);
    polls += 1;
  } while (polls < pollsMax && task.finalized_at === null);
  const answer = await client.get(`/render_tasks/${id}/results`);
  return { task, states, answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}
