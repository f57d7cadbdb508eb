import type { Plan } from '../../planner/make-plan.ts';
import type { StageCost } from '../../planner/money.ts';
import type { OwnStage } from '../../planner/own-stages.ts';
import type { Sales } from '../../planner/sales.ts';
import type { StagePlan } from '../../planner/stages.ts';
import { seconds } from '../quantities.ts';
import type { ReportTable } from './report-tables.ts';
import { money, rounded, share } from './words.ts';

/** Stages with what they cost a month. */
export function stagesTable({ stages: all, currency }: Plan): ReportTable {
  const rows = all.map((stage) => [
    ...[`${stage.isChosen ? '→' : ' '} ${stage.name}`, machines(stage)],
    stage.fits ? 'yes' : `no: ${stage.lacks.join(', ')}`,
    ...costs(stage, currency),
    stage.advice,
  ]);
  const hasCosts = all.some(({ cost }) => cost !== null);
  const header = ['  STAGE', 'MACHINES', 'SUFFICES', ...(hasCosts ? ['A MONTH', 'OF ONE'] : []), 'ADVICE'];
  return { title: 'Stages', header, rows };
}

const machines = ({ machines: all }: StagePlan): string =>
  all.map(({ name, count, cores, memoryGb }) => `${count} ${name} ${cores}/${memoryGb}`).join(', ');

function costs({ cost }: StagePlan, currency: string): string[] {
  if (cost === null) return [];
  const each = cost.each.map(({ work, price }) => `${singular[work]} ${money(price, currency)}`);
  return [money(cost.total, currency), each.join(', ')];
}

const singular = {
  questions: 'question',
  readings: 'reading',
  gateway: 'call',
  images: 'image',
  documents: 'document',
};

/** The chosen stage's month by people, and what they pay. */
export function stageRemarks({ stages: all, currency }: Plan): string[] {
  if (all.every(({ cost }) => cost === null)) return ['', 'Costs need prices: see --prices.'];
  const chosen = all.find(({ isChosen }) => isChosen);
  if (!chosen?.cost) return [];
  const { perUser, perOrganization, sales } = chosen.cost;
  const parts = [
    perUser ? `${money(perUser, currency)} for each user` : '',
    perOrganization ? `${money(perOrganization, currency)} for each organization` : '',
  ].filter((part) => part !== '');
  return [
    ...(parts.length === 0 ? [] : [`${chosen.name}: ${parts.join(', ')} a month`]),
    ...salesRemarks(chosen.name, sales, currency),
  ];
}

export function ownStagesTable({ ownStages: all, currency }: Plan): ReportTable | undefined {
  if (all.length === 0) return undefined;
  const header = ['YOUR STAGE', 'CALLS A DAY', 'PEAK', 'SLOTS', 'MEAN WAIT', 'MODEL', 'MACHINES', 'A MONTH', 'OF ONE'];
  const rows = all.flatMap((stage) => {
    const row = (name: string, cost: StageCost | null) => [
      ...[name, rounded(stage.callsPerDay), `${rounded(stage.callsPerHour)}/h`, stage.slots, wait(stage)],
      ...[money(cost?.model, currency), money(cost?.fixed, currency), money(cost?.total, currency)],
      money(cost?.perRequest, currency),
    ];
    const own = row(stage.name, stage.cost);
    return stage.onOneServer === null ? [own] : [own, row(`  on one server`, stage.onOneServer)];
  });
  return { title: 'Your stages', header, rows };
}

const wait = ({ queue }: OwnStage): string =>
  queue.isStable ? seconds(queue.meanWaitSeconds ?? 0) : 'never catches up';

/** What the figures of the stages mean, a sentence each. */
export const ownRemarks = ({ ownStages, currency }: Plan): string[] =>
  ownStages.flatMap((stage) => remarks(stage, currency));

function remarks({ name, queue, slots, cost, sales, callsPerHour }: OwnStage, currency: string): string[] {
  const found: string[] = [];
  if (!queue.isStable) {
    const rates = `${rounded(queue.capacityPerHour)} an hour at most, ${rounded(queue.sensiblePerHour)} sensibly`;
    found.push(`${name}: ${rounded(callsPerHour)} calls an hour are more than ${slots} at a time do: ${rates}.`);
  }
  if (cost !== null && cost.modelShare !== null && cost.model > 0) {
    const saved = money(cost.savedByTenth, currency);
    found.push(`${name}: the model is ${share(cost.modelShare)}; 10 % more from the cache save ${saved}.`);
  }
  return [...found, ...salesRemarks(name, sales, currency)];
}

function salesRemarks(name: string, sales: Sales | null, currency: string): string[] {
  if (sales === null) return [];
  const { payers, packs, revenue, freeUnits, freeCost, paidUnits, unmetUnits, result } = sales;
  const found: string[] = [];
  if (payers > 0 || freeUnits > 0) {
    const free = freeUnits > 0 ? `; ${rounded(freeUnits)} free units cost ${money(freeCost, currency)}` : '';
    const sold = `${rounded(payers)} people buy ${rounded(packs)} packs for ${money(revenue, currency)} a month${free}`;
    found.push(`${name}: ${sold}. ${money(Math.abs(result), currency)} are ${result < 0 ? 'lost' : 'left'}.`);
    if (unmetUnits > 0) {
      const had = rounded(freeUnits + paidUnits);
      found.push(
        `${name}: ${rounded(freeUnits + paidUnits + unmetUnits)} units are asked for a month, and ${had} are free or paid: people ask for less, or more of them pay.`,
      );
    }
  }
  return [...found, ...breakEven(name, sales)];
}

function breakEven(name: string, { freeUnits, breakEvenPacks, breakEvenConversion, payers }: Sales): string[] {
  if (breakEvenPacks === null) return [];
  const what = freeUnits > 0 ? 'the machines and the free units' : 'the machines';
  const people = breakEvenConversion === null ? '' : `, when ${share(breakEvenConversion)} of the people buy`;
  const isTooMany = breakEvenConversion === null && payers > 0 ? ', more than all people buy' : people;
  return [`${name}: ${Math.ceil(breakEvenPacks)} packs a month pay for ${what}${isTooMany}.`];
}
