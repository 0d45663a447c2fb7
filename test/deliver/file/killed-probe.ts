/**
 * Run as a process of its own: writes a delivery into a folder and kills itself at the last moment before it would stand.
 * Arguments: the folder, the delivery's key.
 */
import { openFile } from "../../../src/deliver/file/file.ts";
import { fileOptions } from "../../../src/deliver/file/schema.ts";
import { renderMail, sampleMessage, termsOf } from "../sample-message.ts";

const [directory = "", key = ""] = process.argv.slice(2);
const commit = async () => void process.kill(process.pid, "SIGKILL");
await openFile({ renderMail, directory }).deliver(
  sampleMessage({ key }),
  fileOptions.parse("./out/"),
  termsOf({ commit }),
);
