import type { Plan } from './plan.ts';

/** What a plan limits by number. */
export interface Unit {
  name: { ru: string; en: string };
  /** The plan's figure of each period in which the unit is counted; a unit that is held instead has one for any moment. */
  limits: Partial<Record<'day' | 'month' | 'held', Figure>>;
}

type Figure = 'questionsPerDay' | 'questionsPerMonth' | 'documents' | 'storageBytes' | 'users';

/** A list that clients are shown follows this order. */
export const units = {
  question: {
    name: { ru: 'вопросы', en: 'questions' },
    limits: { day: 'questionsPerDay', month: 'questionsPerMonth' },
  },
  document: { name: { ru: 'документы', en: 'documents' }, limits: { held: 'documents' } },
  byte: { name: { ru: 'место для файлов, байт', en: 'file storage, bytes' }, limits: { held: 'storageBytes' } },
  user: { name: { ru: 'пользователи', en: 'users' }, limits: { held: 'users' } },
} as const satisfies Record<string, Unit>;

export type UnitKey = keyof typeof units;

export interface UnitLimit {
  unit: UnitKey;
  name: Unit['name'];
  /** In UTC; missing for what is held. */
  period?: 'day' | 'month';
  figure: Figure;
}

/** Every limit of every unit, once. */
export const unitLimits: readonly UnitLimit[] = Object.entries<Unit>(units).flatMap(([unit, { name, limits }]) =>
  Object.entries(limits).map(([period, figure]) => ({
    ...{ unit: unit as UnitKey, name, figure },
    ...(period !== 'held' && { period: period as 'day' | 'month' }),
  })),
);

/** What a plan allows, by unit. */
export const planUnits = (plan: Pick<Plan, Figure>) =>
  unitLimits.map(({ figure, ...limit }) => ({ ...limit, amount: plan[figure] }));
