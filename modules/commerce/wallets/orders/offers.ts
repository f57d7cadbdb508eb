import { allUnits, type BotPack, unitOf } from '../../../../db/units.ts';

/** A pack as a bot offers it. */
export interface Offer extends BotPack {
  /** Short enough for the data of a button: `reading-20`, `reading-30-monthly`. */
  id: string;
  unit: string;
}

/** What is looked at of a bot; it may have packs of its own, by unit. */
export interface SellingBot {
  id: string;
  organizationId: string;
  settings: { packs?: Readonly<Record<string, readonly BotPack[] | undefined>> | undefined };
}

/** What a bot sells of a unit, or of all, in the order in which it is shown. */
export function offers({ settings: { packs } }: Pick<SellingBot, 'settings'>, unit?: string): Offer[] {
  return allUnits()
    .filter(([name]) => unit === undefined || name === unit)
    .flatMap(([name, { botPacks = [] }]) =>
      (packs?.[name] ?? botPacks).map((pack) => ({ id: offerId(name, pack), unit: name, ...pack })),
    );
}

const offerId = (unit: string, { amount, monthly }: BotPack) => `${unit}-${amount}${monthly ? '-monthly' : ''}`;

/** Words of a pack on its invoice: a title of at most 32 characters, and what is bought in full. */
export function packWords(
  { unit, amount, monthly }: { unit: string; amount: number; monthly?: boolean | undefined },
  language: 'ru' | 'en',
): { title: string; description: string } {
  const { forms } = unitOf(unit).words[language];
  const rules = new Intl.PluralRules(language).select(amount);
  const index = { one: 0, few: 1, many: 2 }[rules as string] ?? 1;
  const counted = `${amount} ${forms[Math.min(index, forms.length - 1)]}`;
  if (language === 'ru') {
    return {
      title: monthly ? `${counted} в месяц` : counted,
      description: monthly
        ? `${counted} каждые 30 дней, пока Вы не отмените подписку. Неиспользованное не переносится.`
        : `${counted} сверх бесплатных. Срок использования не ограничен.`,
    };
  }
  return {
    title: monthly ? `${counted} a month` : counted,
    description: monthly
      ? `${counted} every 30 days until you cancel. What you do not use is not carried over.`
      : `${counted} on top of the free ones. They do not expire.`,
  };
}
