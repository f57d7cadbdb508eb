import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Screen } from '../../../parts/screen.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment, withSearch } from '../../app/place.ts';
import type { ScreenProps } from '../../app/screens.ts';
import { Badge } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Read } from '../../parts/read.tsx';
import { words as botsWords, botTones } from '../bots/words.ts';
import { Check } from './check.tsx';
import { Sums } from './sums.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleBotDetail'];

const REFRESH_MS = 15_000;

/** One bot: how it stands here and at Telegram, and what its people have, as sums. */
export default function Bot({ params: { id = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const bot = useQuery({
    queryKey: ['getConsoleBot', id],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/bots/{id}', { signal, params: { path: { id } } })).data,
    refetchInterval: REFRESH_MS,
  });
  const { data } = bot;
  return (
    <Screen heading={data ? `@${data.username}` : texts.loading} wide actions={data ? <Delivery bot={data} /> : null}>
      <p className="flex flex-wrap gap-4">
        <Go to="/bots">{texts.back}</Go>
        <Go to={withSearch('/logs', { unit: 'bots' })}>{texts.logs}</Go>
      </p>
      <Read query={bot}>
        {(detail) => (
          <>
            <Standing bot={detail} />
            <Check id={id} />
            <Sums bot={detail} />
          </>
        )}
      </Read>
    </Screen>
  );
}

function Standing({ bot }: { bot: Detail }) {
  const texts = useWords(words);
  const { states, deliveries } = useWords(botsWords);
  const { language } = useLanguage();
  const number = (value: number) => formatNumber(language, value);
  const { lastFailure } = bot;
  const facts: [string, ReactNode][] = [
    [
      texts.organization,
      <Go key="organization" to={`/organizations/${segment(bot.organizationId)}`}>
        {bot.organization}
      </Go>,
    ],
    [texts.name, bot.name],
    [
      texts.state,
      <Badge key="state" tone={botTones[bot.state]}>
        {states[bot.state]}
      </Badge>,
    ],
    [texts.delivery, deliveries[bot.delivery]],
    [texts.skills, bot.skills.join(', ')],
    [texts.timeZone, bot.timeZone],
    [texts.since, <Time key="since" at={bot.createdAt} to="day" />],
    [texts.people, texts.peopleText(number(bot.people), number(bot.newPeopleToday), number(bot.activePeople))],
    [texts.blocked, number(bot.blocked)],
    [texts.linked, number(bot.linkedPeople)],
    [texts.readings, number(bot.readingsToday)],
    [
      texts.waiting,
      bot.oldestUpdateAt ? (
        <>
          {number(bot.waitingUpdates)}, {texts.oldest} <Time at={bot.oldestUpdateAt} />
        </>
      ) : (
        number(bot.waitingUpdates)
      ),
    ],
    [texts.messages, number(bot.waitingMessages)],
    [texts.failed, number(bot.failedMessages)],
    [
      texts.lastFailure,
      lastFailure ? (
        <>
          <Time at={lastFailure.at} /> <span lang="en">{lastFailure.reason}</span>
        </>
      ) : (
        '–'
      ),
    ],
  ];
  return <Facts facts={facts} />;
}

/** The other way by which its updates may come; a stopped bot gets none. */
function Delivery({ bot: { id, username, state, delivery } }: { bot: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const to = delivery === 'webhook' ? 'polling' : 'webhook';
  const name = `@${username}`;
  const [text, named, question] =
    to === 'polling'
      ? [texts.pollingSet, texts.pollingSetNamed(name), texts.pollingSetText]
      : [texts.webhookSet, texts.webhookSetNamed(name), texts.webhookSetText];
  return (
    <ChangeButton
      text={text}
      name={named}
      disabled={state === 'stopped'}
      chosen={to}
      question={<p>{question}</p>}
      stale={[['getConsoleBot', id], ['checkConsoleBot', id], ['listConsoleBots']]}
      act={({ key }) =>
        api.POST('/api/operator/bots/{id}/delivery', {
          params: { path: { id }, header: { 'idempotency-key': key } },
          body: { delivery: to },
        })
      }
    />
  );
}
