import { setTimeout as delay } from "node:timers/promises";
import {
  type SandboxLooker,
  type SandboxLookerOptions,
  startSandboxLooker,
} from "../../../src/sandbox/looker/index.ts";

const pollsMax = 2000;

/** JSON of whatever shape came, to be held against an expectation. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer extends Response {
  json(): Promise<Json>;
}

export function request(url: string, init?: RequestInit): Promise<Answer> {
  return fetch(url, init);
}

export interface Client {
  looker: SandboxLooker;
  api: string;
  token: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  getJson(path: string): Promise<Json>;
  /** Makes a task for a Look and gives its id. */
  task(lookId: string, format: string, parameters?: string): Promise<string>;
  /** Polls until the task is neither added nor running, and gives every status it said. */
  statuses(taskId: string): Promise<string[]>;
}

export async function startWithClient(options: SandboxLookerOptions = {}): Promise<Client & AsyncDisposable> {
  const looker = await startSandboxLooker({ queryMs: 20, ...options });
  const client = await signIn(looker);
  return { ...client, [Symbol.asyncDispose]: () => looker.close() };
}

export async function signIn(looker: SandboxLooker): Promise<Client> {
  const api = `${looker.url}/api/4.0`;
  const answer = await login(looker);
  const { access_token: token } = await answer.json();
  const send = (method: string, path: string, body?: unknown) =>
    request(`${api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const get = (path: string) => send("GET", path);
  const getJson = async (path: string) => (await get(path)).json();
  return {
    looker,
    api,
    token,
    get,
    getJson,
    post: (path, body) => send("POST", path, body),
    delete: (path) => send("DELETE", path),
    task: async (lookId, format, parameters = "") => {
      const { query_id } = await getJson(`/looks/${lookId}`);
      const made = await send("POST", `/query_tasks${parameters}`, { query_id, result_format: format });
      return (await made.json()).id;
    },
    statuses: async (taskId) => {
      const said: string[] = [];
      do {
        await delay(2);
        said.push((await getJson(`/query_tasks/${taskId}?fields=status`)).status);
      } while (said.length < pollsMax && ["added", "running"].includes(said.at(-1) ?? ""));
      return said;
    },
  };
}

export function login(looker: SandboxLooker, secret = looker.clientSecret): Promise<Answer> {
  const body = new URLSearchParams({ client_id: looker.clientId, client_secret: secret });
  return request(`${looker.url}/api/4.0/login`, { method: "POST", body });
}
