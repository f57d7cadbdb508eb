import type { Language } from '../language.tsx';
import { plural } from '../plural.ts';

const forms = {
  en: { sessions: { one: 'session', other: 'sessions' }, keys: { one: 'API key', other: 'API keys' } },
  ru: {
    sessions: { one: 'сеанс', few: 'сеанса', many: 'сеансов', other: 'сеанса' },
    keys: { one: 'ключ API', few: 'ключа API', many: 'ключей API', other: 'ключа API' },
  },
};
const lead = { en: 'Ended:', ru: 'Завершено:' };

/** What the operation ended, such as "Ended: 2 sessions, 1 API key."; undefined when that is nothing. */
export function describeEnded(
  language: Language,
  { sessions, keys }: { sessions: number; keys: number },
): string | undefined {
  const parts = [
    ...(sessions > 0 ? [plural(language, sessions, forms[language].sessions)] : []),
    ...(keys > 0 ? [plural(language, keys, forms[language].keys)] : []),
  ];
  return parts.length > 0 ? `${lead[language]} ${parts.join(', ')}.` : undefined;
}
