import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, type ReactNode, useEffect } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Choice } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ACCESS } from './access.ts';
import { showHost, useShownHost } from './place.ts';

const words = {
  en: {
    host: 'Host',
    hint: 'Units, queues, logs, errors, alerts, backups and changes are those of this host.',
    unknown: 'unknown host',
    states: { running: '', stopped: ' (stopped)', lost: ' (not heard of)' },
  },
  ru: {
    host: 'Узел',
    hint: 'Модули, очереди, журналы, ошибки, оповещения, резервные копии и действия относятся к этому узлу.',
    unknown: 'неизвестный узел',
    states: { running: '', stopped: ' (остановлен)', lost: ' (не отвечает)' },
  },
};

const HOSTS = ['listConsoleHosts'];
const REFRESH_MS = 30_000;

function useHosts() {
  const { api } = useClient();
  return useQuery({
    queryKey: HOSTS,
    queryFn: async () => (await api.GET('/api/operator/hosts')).data,
    // Where there is one host, nothing will change.
    refetchInterval: ({ state }) => (state.data && state.data.hosts.length > 1 ? REFRESH_MS : false),
  });
}

/** Chooses the host that answers first where there are several: all that is shown then is of that one. */
export function OneHost({ children }: { children: ReactNode }) {
  const { data, isPending } = useHosts();
  const shown = useShownHost();
  const first = shown === undefined && data && data.hosts.length > 1 ? data.own : undefined;
  useEffect(() => {
    if (first !== undefined) showHost(first);
  }, [first]);
  // When hosts cannot be read, each screen says why.
  if (isPending || first !== undefined) return <Loading />;
  return <Fragment key={shown}>{children}</Fragment>;
}

/** Which host is shown, where there are several. */
export function HostChoice() {
  const texts = useWords(words);
  const { data } = useHosts();
  const shown = useShownHost();
  const queries = useQueryClient();
  if (shown === undefined) return null;
  const known = data?.hosts ?? [];
  const options = known.map(({ id, name, state }) => ({ value: id, text: `${name}${texts.states[state]}` }));
  if (!known.some(({ id }) => id === shown)) options.unshift({ value: shown, text: texts.unknown });
  const choose = (host: string) => {
    const kept = ['restore', ACCESS[0], HOSTS[0]];
    queries.removeQueries({ predicate: ({ queryKey }) => !kept.includes(queryKey[0] as string) });
    showHost(host);
  };
  return <Choice label={texts.host} hint={texts.hint} value={shown} options={options} onChoose={choose} />;
}
