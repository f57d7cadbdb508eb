import { ProblemError } from '@pandect/client';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { useFailureText } from '../../app/problem.tsx';
import { useWait } from '../../app/session/wait.ts';
import { Button } from '../../parts/button.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from './words.ts';

/** Waits longer than this are told as a time, not counted down. */
const LONGEST_COUNTDOWN_S = 120;

/** Why there is no answer, in words of its own for each limit, and what can be done. */
export function Unanswered({ error, onRetry, onEdit }: { error: unknown; onRetry: () => void; onEdit: () => void }) {
  const texts = useWords(words);
  const { left, start } = useWait();
  const seconds = secondsToWait(error);
  const begin = useRef(start);
  useEffect(() => {
    if (seconds > 0) begin.current(seconds);
  }, [seconds]);
  return (
    <div role="alert" className="grid gap-3 rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
      <p>
        <Reason error={error} />
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="secondary" disabled={left > 0} onClick={onRetry}>
          {left > 0 ? texts.limits.seconds(left) : texts.retry}
        </Button>
        <Button kind="quiet" onClick={onEdit}>
          {texts.edit}
        </Button>
      </div>
    </div>
  );
}

function secondsToWait(error: unknown): number {
  if (!(error instanceof ProblemError) || error.problem.status !== 429) return 0;
  const { resetSeconds, seconds } = error.problem as { resetSeconds?: unknown; seconds?: unknown };
  const wait = [seconds, resetSeconds, (error.retryAfterMs ?? 0) / 1000].find(
    (value) => typeof value === 'number' && value > 0,
  );
  return typeof wait === 'number' && wait <= LONGEST_COUNTDOWN_S ? Math.ceil(wait) : 0;
}

function Reason({ error }: { error: unknown }): ReactNode {
  const { limits } = useWords(words);
  const { language } = useLanguage();
  const describe = useFailureText();
  if (!(error instanceof ProblemError)) return describe(error);
  const { limit, resetAt } = error.problem as { limit?: unknown; resetAt?: unknown };
  const count = typeof limit === 'number' ? formatNumber(language, limit) : '';
  const reset = typeof resetAt === 'string' ? <Time at={resetAt} /> : null;
  const plans = (
    <>
      {' '}
      <Link to="/plans">{limits.more}</Link>
    </>
  );
  if (error.is('daily-questions-used') && reset)
    return (
      <>
        {limits.day(count)} {reset}.{plans}
      </>
    );
  if (error.is('monthly-questions-used') && reset)
    return (
      <>
        {limits.month(count)} {reset}.{plans}
      </>
    );
  if (error.is('too-many-questions-at-once')) return limits.atOnce(count);
  if (error.is('tokens-per-minute-used')) return limits.tokens;
  if (error.is('rate-limited')) return limits.rate;
  if (error.is('budget-exceeded') && reset)
    return (
      <>
        {limits.budget} {reset}.
      </>
    );
  return describe(error);
}
