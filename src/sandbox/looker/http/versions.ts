import { json } from "./reply.ts";
import type { Route } from "./router.ts";

export function versionsJson(url: string) {
  const current = {
    version: "4.0",
    full_version: "4.0.26.12",
    status: "current",
    swagger_url: `${url}/api/4.0/swagger.json`,
  };
  return {
    looker_release_version: "26.12.0",
    current_version: current,
    supported_versions: [current],
    api_server_url: url,
    web_server_url: url,
  };
}

export function versionRoutes(url: () => string): Route[] {
  return [
    { operation: "versions", method: "GET", path: "/versions", answer: () => json(versionsJson(url())) },
  ];
}
