import { expect, test } from "vitest";
import type { Picture } from "../../../src/core/model/picture.ts";
import type { Kpi, Show } from "../../../src/core/model/show.ts";
import { fitPictures } from "../../../src/render/fit/pictures.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { message, routes, section, words } from "../sample.ts";

const picture = (name: string, bytes: number): Picture => ({
  name,
  file: { path: `/nowhere/${name}`, bytes },
  width: 600,
  height: 300,
  alt: `Words of ${name}.`,
});
const image = (name: string): Show => ({ kind: "image", picture: name });
const chart = (name: string): Show => ({ kind: "chart", picture: name, series: null });
const KPI: Kpi = {
  label: "Flights",
  value: "7",
  of: null,
  change: null,
  withoutChange: null,
  sparkline: "line.png",
  points: [],
};
const shown = message(
  [
    section("Flights", routes(1), { show: { kind: "kpi", kpi: KPI } }),
    section("By week", routes(5), { show: chart("chart.png") }),
    words("Notes", "Words."),
    section("Map", routes(5), { show: image("map.png") }),
  ],
  { pictures: ["line.png", "chart.png", "map.png", "stray.png"].map((name) => picture(name, 1_000_000)) },
);
const namesOf = ({ pictures }: { pictures: readonly Picture[] }) => pictures.map(({ name }) => name);

test("only pictures that a section shows are sent and counted", () => {
  const fitted = fitPictures(shown, 3_000_000);
  expect(namesOf(fitted.message)).toEqual(["line.png", "chart.png", "map.png"]);
  expect(fitted).toMatchObject({ bytes: 3_000_000, notices: [] });
  expect(fitted.message.sections).toEqual(shown.sections);
});

test("where they are too large the last gives way to its table first, figures' small lines at the end, each with a sentence", () => {
  const two = fitPictures(shown, 2_999_999, 6_000_000);
  expect(namesOf(two.message)).toEqual(["line.png", "chart.png"]);
  expect(two.notices).toEqual([
    "The picture of “Map” is left out: the pictures are too large together with the files (limit 6 MB in all). Its table is shown instead.",
  ]);
  expect(renderMail(two.message).text).toContain("ATL-00004");
  const none = fitPictures(shown, 999_999);
  expect(none).toMatchObject({ bytes: 0, message: { pictures: [] } });
  expect(none.notices).toEqual([
    "The sparkline of “Flights” is left out: the pictures are too large (limit 1 MB in all).",
    "The picture of “By week” is left out: the pictures are too large (limit 1 MB in all). Its table is shown instead.",
    "The picture of “Map” is left out: the pictures are too large (limit 1 MB in all). Its table is shown instead.",
  ]);
  expect(renderMail(none.message).html).not.toContain("<img");
});
