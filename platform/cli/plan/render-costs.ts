import type { Plan } from '../../planner/make-plan.ts';
import type { StageCost } from '../../planner/money.ts';
import type { OwnStage } from '../../planner/own-stages.ts';
import type { StagePlan } from '../../planner/stages.ts';
import { table } from '../output.ts';
import { seconds } from '../quantities.ts';
import { money, rounded, share } from './words.ts';

/** Stages with what they cost a month. */
export const renderCosts = (plan: Plan): string =>
  [stages(plan), ownStages(plan)].filter((part) => part !== '').join('\n\n');

function stages({ stages: all, currency }: Plan): string {
  const rows = all.map((stage) => [
    ...[`${stage.isChosen ? '→' : ' '} ${stage.name}`, machines(stage)],
    stage.fits ? 'yes' : `no: ${stage.lacks.join(', ')}`,
    ...costs(stage, currency),
    stage.advice,
  ]);
  const hasCosts = all.some(({ cost }) => cost !== null);
  const header = ['  STAGE', 'MACHINES', 'SUFFICES', ...(hasCosts ? ['A MONTH', 'OF ONE'] : []), 'ADVICE'];
  const below = hasCosts ? shares(all, currency) : '\n\nCosts need prices: see --prices.';
  return `${table(header, rows)}${below}`;
}

/** The chosen stage's month by people. */
function shares(all: readonly StagePlan[], currency: string): string {
  const chosen = all.find(({ isChosen }) => isChosen);
  const parts = [
    chosen?.cost?.perUser ? `${money(chosen.cost.perUser, currency)} for each user` : '',
    chosen?.cost?.perOrganization ? `${money(chosen.cost.perOrganization, currency)} for each organization` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `\n${chosen?.name}: ${parts.join(', ')} a month`;
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

function ownStages({ ownStages: all, currency }: Plan): string {
  if (all.length === 0) return '';
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
  return [table(header, rows), ...all.flatMap((stage) => remarks(stage, currency))].join('\n');
}

const wait = ({ queue }: OwnStage): string =>
  queue.isStable ? seconds(queue.meanWaitSeconds ?? 0) : 'never catches up';

function remarks({ name, queue, slots, cost, breakEvenPacks, callsPerHour }: OwnStage, currency: string): string[] {
  const found: string[] = [];
  if (!queue.isStable) {
    const rates = `${rounded(queue.capacityPerHour)} an hour at most, ${rounded(queue.sensiblePerHour)} sensibly`;
    found.push(`${name}: ${rounded(callsPerHour)} calls an hour are more than ${slots} at a time do: ${rates}.`);
  }
  if (cost !== null && cost.modelShare !== null && cost.model > 0) {
    const saved = money(cost.savedByTenth, currency);
    found.push(`${name}: the model is ${share(cost.modelShare)}; 10 % more from the cache save ${saved}.`);
  }
  if (breakEvenPacks !== null) found.push(`${name}: ${Math.ceil(breakEvenPacks)} packs a month pay for the machines.`);
  return found;
}
