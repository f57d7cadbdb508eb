import { type Unit, units } from '../../db/units.ts';

const words = (ru: readonly string[], en: readonly string[]): Unit['words'] => ({
  ru: { name: ru[2] as string, forms: ru },
  en: { name: en[1] as string, forms: en },
});

/** Units that a product may add. */
const more: Record<string, Unit> = {
  drawing: {
    code: 'drawings',
    words: words(['рисунок', 'рисунка', 'рисунков'], ['drawing', 'drawings']),
    periods: ['month'],
  },
  token: { code: 'tokens', words: words(['токен', 'токена', 'токенов'], ['token', 'tokens']), periods: ['day'] },
};

/** Adds units to those of the platform, for this process alone. */
export const addUnits = (added: Record<string, Unit> = more) => Object.assign(units, added);
