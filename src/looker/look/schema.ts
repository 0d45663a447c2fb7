import { z } from "zod";
import { LOOK_URL } from "./id.ts";

const NO_LOOK = "look has to be the id of a Look, such as 42, or the address of its page";

/** The id of a Look, or the address of its page. */
export const lookOptions = z
  .union(
    [
      z.int().positive({ error: NO_LOOK }),
      z.string().regex(/^\s*\d+\s*$/),
      z.string().trim().regex(LOOK_URL),
    ],
    { error: NO_LOOK },
  )
  .describe("A saved Look: its id (the number in its address), or the address of its page.");
