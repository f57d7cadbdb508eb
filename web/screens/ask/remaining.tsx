import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { words } from './words.ts';

/** From this share of a limit on it is worth saying. */
const LOW = 0.2;

type Questions = Schemas['Limits']['questions'];

/** Which limit of questions is nearly used up, the nearer one; undefined while there are enough. */
export function nearestLimit({ day, month, credits }: Questions): 'day' | 'month' | undefined {
  const share = ({ left, limit }: Questions['day']) => (limit === 0 ? 0 : left / limit);
  const nearest = month.left < day.left ? 'month' : 'day';
  return credits === 0 && share(nearest === 'day' ? day : month) <= LOW ? nearest : undefined;
}

/** How many questions are left, when there are few. */
export function Remaining() {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const { data } = useQuery({
    queryKey: ['getLimits'],
    queryFn: async ({ signal }) => (await api.GET('/api/limits', { signal })).data,
  });
  const nearest = data && nearestLimit(data.questions);
  if (!nearest) return null;
  const { left, limit } = data.questions[nearest];
  const say = nearest === 'day' ? texts.leftDay : texts.leftMonth;
  return <p className="px-2 text-sm text-warn">{say(formatNumber(language, left), formatNumber(language, limit))}</p>;
}
