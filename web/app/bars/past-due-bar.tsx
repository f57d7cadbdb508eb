import { Link } from '@tanstack/react-router';
import { useWords } from '../language.tsx';
import { isAtLeast, useMe } from '../me.ts';
import { useSubscription } from '../use-subscription.ts';

const words = {
  en: {
    overdue: 'An invoice is overdue. Pay it, or the plan ends and the free limits apply.',
    show: 'To the invoice',
  },
  ru: {
    overdue: 'Счёт просрочен. Оплатите его, иначе тариф закончится и начнут действовать бесплатные лимиты.',
    show: 'К счёту',
  },
};

const STALE_MS = 10 * 60_000;

/** Tells owners on every screen that an invoice is overdue: only they can pay it. */
export function PastDueBar() {
  const texts = useWords(words);
  const me = useMe();
  const { data } = useSubscription({ enabled: isAtLeast(me?.role, 'owner'), staleTime: STALE_MS });
  if (data?.subscription?.state !== 'past-due') return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-3 border-b border-line bg-danger-soft px-4 py-2 text-sm text-danger"
    >
      <span>{texts.overdue}</span>
      <Link to="/subscription" className="text-danger">
        {texts.show}
      </Link>
    </div>
  );
}
