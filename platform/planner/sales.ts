import type { PlanInput } from './input/schema.ts';
import { packsToBreakEven, perEach } from './money.ts';

/** What a month of one stage brings in. Units are questions, readings or images; money is an estimate in the prices' currency. */
export interface Sales {
  payers: number;
  packs: number;
  revenue: number;
  /** Units that are given away, and what the models take for them when all are used. */
  freeUnits: number;
  freeCost: number;
  /** What one unit costs in models, with those that the cache answers among them. */
  unitCost: number;
  /** Units of the packs that are sold. */
  paidUnits: number;
  /** What people ask for beyond both: they ask for less, or more of them pay. */
  unmetUnits: number;
  /** What is left of the revenue after all costs of the stage; below 0 what it loses. */
  result: number;
  /** Packs a month that pay for machines and free units; null where a pack costs more than it brings. */
  breakEvenPacks: number | null;
  /** Share of the users who have to pay for that; null where not even all of them are enough. */
  breakEvenConversion: number | null;
}

interface Month {
  users: number;
  /** Units that people ask for. */
  asked: number;
  /** What one unit costs. */
  each: number;
  /** What is paid whatever people ask for. */
  fixed: number;
  total: number;
}

export type Pack = NonNullable<PlanInput['pack']>;

export function salesOf({ users, asked, each, fixed, total }: Month, pack: Pack): Sales {
  const payers = users * pack.conversion;
  const packs = payers * pack.packsEach;
  const revenue = packs * pack.price;
  const freeUnits = users * pack.freeUnits;
  const freeCost = freeUnits * each;
  const paidUnits = packs * pack.units;
  const breakEvenPacks = packsToBreakEven(fixed + freeCost, pack, each);
  const conversion = breakEvenPacks === null ? null : perEach(breakEvenPacks, users * pack.packsEach);
  return {
    ...{ payers, packs, revenue, freeUnits, freeCost, paidUnits, unitCost: each },
    unmetUnits: Math.max(0, asked - freeUnits - paidUnits),
    result: revenue - total,
    breakEvenPacks,
    breakEvenConversion: conversion !== null && conversion <= 1 ? conversion : null,
  };
}
