import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Screen } from '../../../parts/screen.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import type { ScreenProps } from '../../app/screens.ts';
import { Badge } from '../../parts/badge.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Read } from '../../parts/read.tsx';
import { Calls } from '../gateway/calls.tsx';
import { Budgets } from '../gateway/keys.tsx';
import { KeyActions } from './key-actions.tsx';
import { Use } from './use.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleKeyDetail'];

const REFRESH_MS = 15_000;

/** One key of the gateway: who has it, what it may, and what it was used for. */
export default function Key({ params: { id = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const key = useQuery({
    queryKey: ['getConsoleKey', id],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/gateway/keys/{id}', { signal, params: { path: { id } } })).data,
    refetchInterval: REFRESH_MS,
  });
  const { data } = key;
  return (
    <Screen heading={data?.name ?? texts.loading} wide actions={data ? <KeyActions apiKey={data} /> : null}>
      <p>
        <Go to="/gateway">{texts.back}</Go>
      </p>
      <Read query={key}>
        {(detail) => (
          <>
            <Standing apiKey={detail} />
            <Use apiKey={detail} />
            <Calls of={{ organization: detail.organizationId, key: id }} />
          </>
        )}
      </Read>
    </Screen>
  );
}

function Standing({ apiKey }: { apiKey: Detail }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const number = (value: number) => formatNumber(language, value);
  const limit = (value: number | null) => (value === null ? texts.byChannel : number(value));
  const time = (at: string | null, none: string) => (at ? <Time at={at} /> : none);
  const { refused, earlier } = apiKey;
  const facts: [string, ReactNode][] = [
    [texts.state, <State key="state" apiKey={apiKey} />],
    [texts.key, <code key="key">{apiKey.prefix}…</code>],
    [
      texts.organization,
      <Go key="organization" to={`/organizations/${segment(apiKey.organizationId)}`}>
        {apiKey.organization}
      </Go>,
    ],
    [texts.actsFor, `${apiKey.email}, ${texts.role(apiKey.role)}`],
    [texts.scopes, <Codes key="scopes" texts={apiKey.scopes} />],
    [texts.channel, texts.channels[apiKey.channel]],
    [texts.routes, apiKey.routes ? <Codes key="routes" texts={apiKey.routes} /> : texts.allRoutes],
    [texts.rpm, limit(apiKey.rpm)],
    [texts.tpm, limit(apiKey.tpm)],
    [texts.atOnce, limit(apiKey.concurrency)],
    [texts.budgets, <Budgets key="budgets" budgets={apiKey.budgets} />],
    [texts.refused, texts.refusedText(number(refused.today), number(refused.yesterday))],
    [texts.created, time(apiKey.createdAt, '–')],
    [texts.expires, time(apiKey.expiresAt, texts.never)],
    [texts.lastUsed, time(apiKey.lastUsedAt, texts.notUsed)],
    [
      texts.earlier,
      earlier.length === 0 ? (
        '–'
      ) : (
        <ul key="earlier">
          {earlier.map(({ prefix, graceUntil }) => (
            <li key={prefix}>
              <code>{prefix}…</code> {texts.earlierText} <Time at={graceUntil} />
            </li>
          ))}
        </ul>
      ),
    ],
  ];
  return <Facts facts={facts} />;
}

const Codes = ({ texts }: { texts: string[] }) => (
  <span className="flex flex-wrap gap-x-3">
    {texts.map((text) => (
      <code key={text}>{text}</code>
    ))}
  </span>
);

function State({ apiKey: { revokedAt, expiresAt } }: { apiKey: Detail }) {
  const texts = useWords(words);
  if (revokedAt) {
    return (
      <>
        <Badge tone="danger">{texts.revoked}</Badge> <Time at={revokedAt} />
      </>
    );
  }
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  return <Badge tone={isOver ? 'quiet' : 'ok'}>{isOver ? texts.ended : texts.works}</Badge>;
}
