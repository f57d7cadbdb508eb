import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Button } from '../../../parts/button.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Time } from '../../../parts/time.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatMs } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Checked = NonNullable<Schemas['ConsoleBotCheck']['check']>;

/** What Telegram says of a bot. It is asked when the screen opens, and then on a click alone. */
export function Check({ id }: { id: string }) {
  const texts = useWords(words);
  const { api } = useClient();
  const check = useQuery({
    queryKey: ['checkConsoleBot', id],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/bots/{id}/check', { signal, params: { path: { id } } })).data,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <section className="grid gap-3" aria-labelledby="check">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="check">{texts.check}</h2>
        <Button kind="secondary" busy={check.isFetching} onClick={() => void check.refetch()}>
          {texts.checkAgain}
        </Button>
      </div>
      <Read query={check}>
        {({ check: found, failure }) =>
          found ? <Found check={found} /> : <Notice tone="danger">{texts.notAsked(failure ?? '')}</Notice>
        }
      </Read>
    </section>
  );
}

function Found({ check }: { check: Checked }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { webhook, polling, clockAheadMs, troubles, pausedUntil } = check;
  const at = (time: string) => <Time at={time} />;
  const webhookState = ({ isSet, isOurs }: NonNullable<Checked['webhook']>) =>
    isSet ? (isOurs ? texts.webhookOurs : texts.webhookOther) : texts.webhookNone;
  const clock = (aheadMs: number) =>
    aheadMs === 0 ? texts.clockFine : texts.clockOff(formatMs(language, Math.abs(aheadMs)), aheadMs > 0);
  const facts: [string, ReactNode][] = [
    [texts.token, check.isAuthorized ? texts.accepted : texts.refused],
    ...(webhook
      ? ([
          [texts.webhook, webhookState(webhook)],
          [texts.pending, formatNumber(language, webhook.pending)],
          [
            texts.lastError,
            webhook.lastErrorAt ? (
              <>
                {at(webhook.lastErrorAt)} <span lang="en">{webhook.lastError}</span>
              </>
            ) : (
              '–'
            ),
          ],
        ] as [string, ReactNode][])
      : []),
    [
      texts.polling,
      polling ? (
        <>
          {polling.problem ? texts.pollProblems[polling.problem] : texts.pollingFine}
          {polling.polledAt ? (
            <>
              , {texts.polledAt} {at(polling.polledAt)}
            </>
          ) : null}
        </>
      ) : (
        texts.never
      ),
    ],
    [texts.paused, pausedUntil ? at(pausedUntil) : '–'],
    [texts.clock, clockAheadMs === null ? '–' : clock(clockAheadMs)],
  ];
  return (
    <>
      {troubles.length === 0 ? (
        <Notice tone="ok">{texts.working}</Notice>
      ) : (
        <Notice tone="danger">
          <ul lang="en">
            {troubles.map((trouble) => (
              <li key={trouble}>{trouble}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts facts={facts} />
    </>
  );
}
