import { defineConfig, type Plugin } from "rolldown";

/*
 * The programs that a service starts as processes of their own, each as one file without imports: a service reads them at its start, and
 * starts them from memory whatever has become of the installation since (src/app/child-program.ts). All else stays as `tsc` makes it.
 */

/** Of @resvg/resvg-js: chooses the addon of this platform among packages. Here it is the file that the process is given first. */
const CHOOSER = /resvg-js[\\/]js-binding\.js$/;

const addonAsGiven: Plugin = {
  name: "addon as given",
  load: {
    filter: { id: CHOOSER },
    handler: () => "process.dlopen(module, process.argv[2]);",
  },
};

const output = { dir: "dist/children", format: "esm", minify: true, codeSplitting: false } as const;

const common = { platform: "node", logLevel: "warn", output } as const;

export default defineConfig([
  { ...common, input: { reports: "src/app/reports-child.ts" } },
  { ...common, input: { inspect: "src/ledger/sqlite/inspect-child.ts" } },
  { ...common, input: { chart: "src/draw/process/child.ts" }, plugins: [addonAsGiven] },
]);
