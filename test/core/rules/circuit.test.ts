import { expect, test } from "vitest";
import { afterFailure, closedCircuit, heldUntil } from "../../../src/core/rules/circuit.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 16, 13) + seconds * 1000);

function failed(times: number) {
  let circuit = closedCircuit("slack");
  for (let count = 0; count < times; count += 1) circuit = afterFailure(circuit, "no answer", at(count));
  return circuit;
}

test("four failures in a row hold nothing back", () => {
  expect(heldUntil(failed(4), at(4))).toBeNull();
});

test("after the fifth the server is left alone for half a minute, and it is known since when", () => {
  const circuit = failed(5);
  expect(heldUntil(circuit, at(5))).toEqual(at(34));
  expect(heldUntil(circuit, at(34))).toBeNull();
  expect(circuit).toMatchObject({ failures: 5, since: at(0), reason: "no answer" });
});

test("each failure after that doubles the pause, up to five minutes", () => {
  const pauses = [5, 6, 7, 8, 9, 40].map((times) => {
    const circuit = failed(times);
    return ((circuit.openUntil?.getTime() ?? 0) - at(times - 1).getTime()) / 1000;
  });
  expect(pauses).toEqual([30, 60, 120, 240, 300, 300]);
});

test("the longest pause holds back from its beginning, and one a moment longer does not", () => {
  const circuit = failed(9);
  expect(heldUntil(circuit, at(8))).toEqual(at(308));
  expect(heldUntil(circuit, new Date(at(8).getTime() - 1))).toBeNull();
});

test("a pause that was written before the clock was set back holds nothing back", () => {
  const circuit = failed(5);
  expect(heldUntil(circuit, at(-86_400))).toBeNull();
});
