import { FAA } from "./faa.ts";
import type { Explore, Model } from "./model.ts";
import { SANDBOX } from "./sandbox.ts";

export const MODELS: readonly Model[] = [FAA, SANDBOX];

export function findModel(name: string): Model | undefined {
  return MODELS.find((model) => model.name === name);
}

export function findExplore(model: string, name: string): Explore | undefined {
  return findModel(model)?.explores.find((explore) => explore.name === name);
}
