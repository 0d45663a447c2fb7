import type { Looker } from "../http/client.ts";
import { objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import type { LookOptions } from "../look/id.ts";
import { lookId } from "../look/id.ts";
import { readLook } from "../look/read.ts";
import { type ExploreField, exploreFields, exploresOf } from "./explore.ts";

export { exploresOf as explores };

/** A Look as people look for it. */
export interface FoundLook {
  readonly id: string;
  readonly title: string;
  /** Name of the folder it lies in. */
  readonly folder: string | null;
  readonly model: string | null;
  readonly url: string;
}

/** The Looks that the API user sees; with a text, those whose id, title, folder or model holds it. By title. */
export async function looks(
  looker: Looker,
  text: string | null,
  signal: AbortSignal,
): Promise<readonly FoundLook[]> {
  const fields = "id,title,deleted,folder(name),model(id)";
  const answer = await looker.call((sdk, options) => sdk.all_looks(fields, options), signal);
  const wanted = (text ?? "").trim().toLowerCase();
  return objectsIn(answer)
    .filter((look) => look.deleted !== true)
    .flatMap((look): FoundLook[] => {
      const id = textIn(look.id);
      if (id === null) return [];
      return [
        {
          id,
          title: textIn(look.title) ?? "",
          folder: textIn(objectIn(look.folder).name),
          model: textIn(objectIn(look.model).id),
          url: `${looker.webUrl}/looks/${id}`,
        },
      ];
    })
    .filter(({ id, title, folder, model }) =>
      [id, title, folder, model].some((word) => word?.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => a.title.localeCompare(b.title, "en"));
}

/** The fields of an explore. Rejects with ReportError `not_found` that names near models or explores. */
export function fields(
  looker: Looker,
  explore: { readonly model: string; readonly explore: string },
  signal: AbortSignal,
): Promise<readonly ExploreField[]> {
  return exploreFields(looker, explore.model, explore.explore, signal);
}

/** The fields of the explore that a Look is made from. */
export async function fieldsOfLook(
  looker: Looker,
  look: LookOptions,
  signal: AbortSignal,
): Promise<readonly ExploreField[]> {
  const { body } = (await readLook(looker, lookId(look), signal)).query;
  return exploreFields(looker, body.model, body.view, signal);
}
