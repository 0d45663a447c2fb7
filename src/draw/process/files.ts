import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** For letters that Inter does not have: fonts/README.md. Of those with the same letters the first is taken. */
const OTHER_FONTS = [
  "noto-sans-sc",
  "noto-sans-jp",
  "noto-sans-kr",
  "noto-sans-arabic",
  "noto-sans-hebrew",
  "noto-sans-thai",
  "noto-sans-symbols",
  "noto-sans-symbols-2",
  "noto-emoji",
] as const;

/** Next to src/ and dist/. */
const FONTS_FOLDER = fileURLToPath(new URL("../../../fonts/", import.meta.url));

/**
 * What the chart process reads besides its code, in the order in which it gets them: resvg's addon, Inter, regular and bold, and the
 * other fonts.
 */
export function drawingFiles(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  const inter = dirname(resolve("@expo-google-fonts/inter/package.json"));
  return [
    addonFile(resolve("@resvg/resvg-js")),
    join(inter, "400Regular", "Inter_400Regular.ttf"),
    join(inter, "600SemiBold", "Inter_600SemiBold.ttf"),
    ...OTHER_FONTS.map((name) => join(FONTS_FOLDER, `${name}.ttf`)),
  ];
}

/** Its addon is a package for each platform, of which npm installs the one that fits; older ones, those of another C library too. */
function addonFile(entry: string): string {
  const near = createRequire(entry);
  const { optionalDependencies } = near("./package.json") as { optionalDependencies: Record<string, string> };
  const platform = `@resvg/resvg-js-${process.platform}-${process.arch}`;
  const installed = Object.keys(optionalDependencies)
    .filter((name) => name.startsWith(platform))
    .flatMap((name) => resolved(near, name) ?? []);
  const isMusl = installed.length > 1 && !hasGlibc();
  const file = installed.find((path) => installed.length === 1 || /musl/.test(path) === isMusl);
  if (file === undefined) throw new Error(`resvg has no addon for ${process.platform} ${process.arch} here.`);
  return file;
}

function resolved(near: NodeJS.Require, name: string): string | null {
  try {
    return near.resolve(name);
  } catch {
    return null;
  }
}

function hasGlibc(): boolean {
  // Else it looks up the names of this machine's addresses.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
