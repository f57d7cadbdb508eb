import type { Hired, PlanInput, Prices } from './input/schema.ts';
import type { Load, Work } from './loads.ts';
import { picturesMiB } from './plan-disk.ts';

/** Money is an estimate in the prices' currency; bills are made elsewhere, of exact decimals. */

const MILLION = 1_000_000;
const GIB_MIB = 1024;
const TENTH = 0.1;

/** A machine's month; null when its price can neither be read nor be worked out. */
export function monthOf(machine: Hired, prices: Prices): number | null {
  if (machine.price !== undefined) return machine.count * machine.price;
  const { cores, memoryGb, diskGb, isPublic } = machine;
  if (cores === undefined || memoryGb === undefined) return null;
  if (prices.core === undefined || prices.memoryGb === undefined) return null;
  const disk = diskGb === 0 ? 0 : diskGb * (prices.diskGb ?? 0);
  return machine.count * (cores * prices.core + memoryGb * prices.memoryGb + disk + (isPublic ? prices.address : 0));
}

/** Null when the price of one of them is unknown. */
export function monthOfAll(machines: readonly Hired[], prices: Prices): number | null {
  return machines.reduce<number | null>((sum, machine) => {
    const month = monthOf(machine, prices);
    return sum === null || month === null ? null : sum + month;
  }, 0);
}

/** A share of a sum; null where there is nothing to share it among. */
export function perEach(total: number, count: number): number | null {
  const each = total / count;
  return Number.isFinite(each) ? each : null;
}

/** Of one call of a model. */
export const callPrice = (tokensIn: number, tokensOut: number, prices: Prices): number =>
  (tokensIn * prices.millionTokensIn + tokensOut * prices.millionTokensOut) / MILLION;

/** What a month of the load costs next to machines; `each` is of one request that is not answered from the cache. */
export interface VariableCost {
  byWork: { work: Work; month: number; requests: number; each: number }[];
  storage: number;
  egress: number;
  backup: number;
  total: number;
}

export function variableCost(input: PlanInput, loads: readonly Load[], prices: Prices): VariableCost {
  const days = input.daysPerMonth;
  const byWork = loads
    .filter(({ work }) => work !== 'documents')
    .map(({ work, callsPerDay, requestsPerDay }) => {
      const each = priceOf(work, input, prices);
      return { work, month: days * callsPerDay * each, requests: days * requestsPerDay, each };
    });
  const images = loads.find(({ work }) => work === 'images')?.callsPerDay ?? 0;
  const { count, megabytesEach, replacedShare } = input.documents;
  const keptGb = (count * megabytesEach * (1 + replacedShare) + picturesMiB(input, images)) / GIB_MIB;
  const shownGb = (days * images * input.images.picturesEach * input.images.megabytesEach) / GIB_MIB;
  const storage = keptGb * prices.storageGb;
  const egress = shownGb * prices.egressGb;
  const backup = keptGb * prices.backupGb;
  const total = byWork.reduce((sum, { month }) => sum + month, storage + egress + backup);
  return { byWork, storage, egress, backup, total };
}

function priceOf(work: Work, input: PlanInput, prices: Prices): number {
  if (work === 'documents') return 0;
  if (work === 'images') {
    return input.images.picturesEach * prices.picture + input.images.seconds * prices.gpuSecond;
  }
  return callPrice(input[work].tokensIn, input[work].tokensOut, prices);
}

/** What a month of one stage costs; figures of one request are null where there is none. */
export interface StageCost {
  fixed: number;
  model: number;
  total: number;
  perRequest: number | null;
  /** Share of the model in the total; null where the total is 0. */
  modelShare: number | null;
  /** What ten more of a hundred requests from the cache save. */
  savedByTenth: number;
}

/** @param variable of a month, at `hit` of its requests from the cache */
export function stageCost(fixed: number, model: number, requests: number, hit: number): StageCost {
  const total = fixed + model;
  return {
    ...{ fixed, model, total, perRequest: perEach(total, requests) },
    modelShare: perEach(model, total),
    savedByTenth: hit < 1 ? (model / (1 - hit)) * Math.min(TENTH, 1 - hit) : 0,
  };
}

/** Packs a month that pay the fixed cost; null where a pack costs more than it brings. */
export function packsToBreakEven(fixed: number, pack: { price: number; units: number }, each: number): number | null {
  const left = pack.price - pack.units * each;
  return left > 0 ? perEach(fixed, left) : null;
}
