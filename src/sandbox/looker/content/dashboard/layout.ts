import type { Dashboard } from "./elements.ts";

/**
 * The page as Looker lays it out now, and a layout from before that, no longer active, in another order. The components
 * stand in the order in which they were put there, which says nothing.
 */
export function layoutsJson({ shelved, tiles }: Dashboard) {
  const components = (layoutId: string, places: "as shown" | "as once") =>
    tiles.flatMap(({ shelved: tile, query }, index) => {
      if (tile.place === null) return [];
      const { row, column, width, height, removed } = tile.place;
      const once = { row: index * 4, column: 0, width: 24, height: 4 };
      return {
        can: { show: true },
        id: `${layoutId}${index + 1}`,
        dashboard_layout_id: layoutId,
        dashboard_element_id: tile.id,
        ...(places === "as shown" ? { row, column, width, height } : once),
        deleted: removed ?? false,
        element_title: tile.title,
        element_title_hidden: tile.titleHidden ?? false,
        vis_type: typeof query?.body.vis_config?.type === "string" ? query.body.vis_config.type : null,
      };
    });
  const layout = (id: string, type: string, active: boolean, places: "as shown" | "as once") => ({
    can: { show: true },
    id,
    dashboard_id: shelved.id,
    type,
    active,
    column_width: null,
    width: null,
    deleted: false,
    dashboard_title: shelved.title,
    dashboard_layout_components: components(id, places),
  });
  const shown = layout(`${shelved.id}1`, "newspaper", true, "as shown");
  return shelved.lookmlModel === undefined
    ? [layout(`${shelved.id}0`, "drag", false, "as once"), shown]
    : [shown];
}
