import { allUnits, units } from '../../../db/units.ts';

/** Units that can be bought on top of a plan, `price` in kopecks. They do not run out, and are used when the plan’s own are. */
export interface TopUpPack {
  unit: string;
  amount: number;
  price: number;
}

/** Every pack of every unit. */
export const unitPacks = (): TopUpPack[] =>
  allUnits().flatMap(([unit, { packs = [] }]) => packs.map((pack) => ({ unit, ...pack })));

type QuestionPack = TopUpPack & { questions: number };

/** Packs of questions, with the name that clients had for the amount before other units could be bought. */
export const topUpPacks = units.question.packs.map(
  ({ amount, price }): QuestionPack => ({ unit: 'question', amount, questions: amount, price }),
) as [QuestionPack, QuestionPack, QuestionPack];
