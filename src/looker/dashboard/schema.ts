import { z } from "zod";
import { DASHBOARD_URL, LOOKML_ID } from "./id.ts";

const NO_DASHBOARD =
  "dashboard has to be the id of a dashboard, such as 7 or model::name, or the address of its page";

/** The id of a dashboard, or the address of its page. */
export const dashboardOptions = z
  .union(
    [
      z.int().positive({ error: NO_DASHBOARD }),
      z.string().regex(/^\s*\d+\s*$/),
      z.string().trim().regex(LOOKML_ID),
      z.string().trim().regex(DASHBOARD_URL),
    ],
    { error: NO_DASHBOARD },
  )
  .describe(
    "A dashboard, tile by tile: its id (7, or model::name of one in LookML), or the address of its page. Filters in the address count; those under `filters` win over them.",
  );
