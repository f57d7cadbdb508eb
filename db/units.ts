import type { LimitPeriod } from './schema/commerce/plan-limits.ts';

/** Words of a unit in one language. */
interface UnitWords {
  /** As the title of a limit. */
  name: string;
  /** After a number. English has two forms, Russian three: 1 вопрос, 2 вопроса, 5 вопросов. */
  forms: readonly string[];
  /** As the title of a pack on an invoice; missing for what cannot be bought. */
  pack?: string;
}

export interface Unit {
  /** Names it in the plural for programs: `daily-questions`, `questions/day`. */
  code: string;
  words: { ru: UnitWords; en: UnitWords };
  /** Periods whose limits clients are shown: `day` and `month` of what is counted, `held` of what is there at any moment. */
  periods: readonly Exclude<LimitPeriod, 'concurrent'>[];
  /** How people are shown it in letters, where its own measure is too small. */
  shownAs?: { divisor: number; ru: { name: string; measure: string }; en: { name: string; measure: string } };
  /** What each plan of a new platform allows; administrators may change it later. Nothing in a plan that is not named. */
  plans?: Readonly<Record<string, Partial<Record<LimitPeriod, number>>>>;
  /** What can be bought on top of a plan, `price` in kopecks. */
  packs?: readonly { amount: number; price: number }[];
  /** What the users of a bot can buy of it, unless the bot has packs of its own. */
  botPacks?: readonly BotPack[];
}

/** Units that a bot sells to one person. */
export interface BotPack {
  amount: number;
  /** Whole Telegram Stars. */
  stars: number;
  /** In kopecks; a pack without it is sold for Stars alone. */
  price?: number | undefined;
  /** Bought again every 30 days until it is cancelled, for Stars alone; what is left of it does not outlive its 30 days. */
  monthly?: true | undefined;
}

/** Everything that is limited by number. Lists that clients are shown have this order. */
export const units = {
  question: {
    code: 'questions',
    words: {
      ru: { name: 'вопросы', forms: ['вопрос', 'вопроса', 'вопросов'], pack: 'Дополнительные вопросы' },
      en: { name: 'questions', forms: ['question', 'questions'], pack: 'Additional questions' },
    },
    periods: ['day', 'month'],
    packs: [
      { amount: 100, price: 150_000 },
      { amount: 500, price: 650_000 },
      { amount: 2000, price: 2_200_000 },
    ],
  },
  image: {
    code: 'images',
    words: {
      ru: {
        name: 'изображения',
        forms: ['изображение', 'изображения', 'изображений'],
        pack: 'Дополнительные изображения',
      },
      en: { name: 'images', forms: ['image', 'images'], pack: 'Additional images' },
    },
    periods: ['day', 'month'],
    plans: {
      demo: { day: 5, month: 30, concurrent: 2 },
      basic: { day: 50, month: 500, concurrent: 10 },
      professional: { day: 200, month: 3000, concurrent: 40 },
      enterprise: { day: 1000, month: 20_000, concurrent: 200 },
    },
    packs: [
      { amount: 50, price: 49_000 },
      { amount: 200, price: 169_000 },
    ],
    botPacks: [
      { amount: 10, stars: 100, price: 19_900 },
      { amount: 50, stars: 400, price: 79_900 },
      { amount: 100, stars: 650, monthly: true },
    ],
  },
  reading: {
    code: 'readings',
    words: {
      ru: { name: 'расклады', forms: ['расклад', 'расклада', 'раскладов'], pack: 'Дополнительные расклады' },
      en: { name: 'readings', forms: ['reading', 'readings'], pack: 'Additional readings' },
    },
    periods: ['day', 'month'],
    plans: {
      demo: { day: 20, month: 200, concurrent: 4 },
      basic: { day: 300, month: 5000, concurrent: 20 },
      professional: { day: 2000, month: 40_000, concurrent: 100 },
      enterprise: { day: 10_000, month: 200_000, concurrent: 500 },
    },
    packs: [
      { amount: 500, price: 99_000 },
      { amount: 5000, price: 790_000 },
    ],
    botPacks: [
      { amount: 5, stars: 75, price: 14_900 },
      { amount: 20, stars: 250, price: 49_900 },
      { amount: 30, stars: 300, monthly: true },
    ],
  },
  document: {
    code: 'documents',
    words: {
      ru: { name: 'документы', forms: ['документ', 'документа', 'документов'] },
      en: { name: 'documents', forms: ['document', 'documents'] },
    },
    periods: ['held'],
  },
  byte: {
    code: 'storage',
    words: {
      ru: { name: 'место для файлов, байт', forms: ['байт', 'байта', 'байт'] },
      en: { name: 'file storage, bytes', forms: ['byte', 'bytes'] },
    },
    periods: ['held'],
    shownAs: {
      divisor: 1024 ** 3,
      ru: { name: 'место для файлов', measure: 'ГБ' },
      en: { name: 'room for files', measure: 'GB' },
    },
  },
  user: {
    code: 'users',
    words: {
      ru: { name: 'пользователи', forms: ['пользователь', 'пользователя', 'пользователей'] },
      en: { name: 'users', forms: ['user', 'users'] },
    },
    periods: ['held'],
  },
} as const satisfies Record<string, Unit>;

/** Every unit with its name, as data. */
export const allUnits = (): [name: string, unit: Unit][] => Object.entries<Unit>(units);

/** @throws Error for a name that no unit has */
export function unitOf(name: string): Unit {
  const unit = (units as Record<string, Unit>)[name];
  if (!unit) throw new Error(`Read unit "${name}": there is none`);
  return unit;
}
