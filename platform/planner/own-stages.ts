import type { Hired, PlanInput, StageInput } from './input/schema.ts';
import { callPrice, monthOfAll, type StageCost, stageCost } from './money.ts';
import { type QueueFigures, queueFigures } from './queues.ts';
import { type Sales, salesOf } from './sales.ts';

/** A stage of the operator's own: people, a model with so many calls at a time, and machines. */
export interface OwnStage {
  name: string;
  requestsPerDay: number;
  callsPerDay: number;
  callsPerHour: number;
  seconds: number;
  slots: number;
  queue: QueueFigures;
  machines: { name: string; count: number }[];
  /** Null when a price is missing. */
  cost: StageCost | null;
  /** The same on the first machine alone, without what only several hosts need; null for a stage that is one machine. */
  onOneServer: StageCost | null;
  /** Null where no packs are sold, or a price is missing. */
  sales: Sales | null;
}

export const planOwnStages = (input: PlanInput): OwnStage[] => input.stages.map((stage) => planStage(stage, input));

function planStage(stage: StageInput, input: PlanInput): OwnStage {
  const requestsPerDay = stage.perDay ?? stage.users * stage.perUserPerDay;
  const callsPerDay = requestsPerDay * (1 - stage.cacheShare);
  const callsPerHour = callsPerDay * input.busiestHourShare;
  const seconds = stage.seconds ?? input.questions.seconds;
  const tokensIn = stage.tokensIn ?? input.questions.tokensIn;
  const each = callPrice(tokensIn, stage.tokensOut ?? input.questions.tokensOut, input.prices);
  const days = input.daysPerMonth;
  const costOf = (machines: readonly Hired[]): StageCost | null => {
    const fixed = monthOfAll(machines, input.prices);
    return fixed === null ? null : stageCost(fixed, days * callsPerDay * each, days * requestsPerDay, stage.cacheShare);
  };
  const [first, ...others] = stage.machines;
  const cost = costOf(stage.machines);
  return {
    ...{ name: stage.name, requestsPerDay, callsPerDay, callsPerHour, seconds, slots: stage.slots },
    queue: queueFigures({ perHour: callsPerHour, seconds, slots: stage.slots }),
    machines: stage.machines.map(({ name, count }) => ({ name, count })),
    cost,
    onOneServer: first && (others.length > 0 || first.count > 1) ? costOf([{ ...first, count: 1 }]) : null,
    sales:
      cost && input.pack
        ? salesOf(
            {
              ...{ users: stage.users, asked: days * requestsPerDay, each: each * (1 - stage.cacheShare) },
              ...{ fixed: cost.fixed, total: cost.total },
            },
            input.pack,
          )
        : null,
  };
}
