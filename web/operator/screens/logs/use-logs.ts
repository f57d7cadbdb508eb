import type { Schemas } from '@pandect/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from '../../../app/client.tsx';
import { ACCESS } from '../../app/access.ts';
import { append, emptyRing, type LogRing, prepend } from './log-ring.ts';

type Page = Schemas['ConsoleLogPage'];
type Told = Schemas['ConsoleLogLines'];

/** As the API takes them. */
export type LogQuery = Partial<Record<'unit' | 'level' | 'request' | 'text' | 'since' | 'until', string>>;

interface Read {
  ring: LogRing;
  /** Cursor of what is older; null when nothing is left, undefined before the first page. */
  older: string | null | undefined;
  error: unknown;
  isLost: boolean;
}

const unread: Read = { ring: emptyRing, older: undefined, error: undefined, isLost: false };
const PAGE = 200;

const followVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
};

/**
 * Lines of the log for these filters. While it is live, new lines are added as they come. It holds no connection while the page is
 * hidden or paused, and continues behind the last line that it has: nothing is missing and nothing is there twice.
 */
export function useLogs(query: LogQuery, isLive: boolean) {
  const client = useClient();
  const queries = useQueryClient();
  const isVisible = useSyncExternalStore(followVisibility, () => document.visibilityState === 'visible');
  const [attempt, setAttempt] = useState(0);
  const [read, setRead] = useState(unread);
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  /** The place in the log behind the newest line on the page, of the filters that it belongs to. */
  const place = useRef<{ of: string; id: string }>(undefined);
  const search = new URLSearchParams(query).toString();
  const of = `${search} ${attempt}`;
  const isReady = read.older !== undefined && read.error === undefined;

  const fail = useCallback(
    (error: unknown) => {
      setRead((known) => ({ ...known, error }));
      void queries.invalidateQueries({ queryKey: ACCESS });
    },
    [queries],
  );
  const readPage = useCallback(
    async (cursor: string | undefined, signal?: AbortSignal): Promise<Page> => {
      const given = Object.fromEntries(new URLSearchParams(search));
      const params = { query: { ...given, limit: PAGE, ...(cursor !== undefined && { cursor }) } };
      return (await client.api.GET('/api/operator/logs', { params, ...(signal && { signal }) })).data;
    },
    [client, search],
  );

  useEffect(() => {
    const stop = new AbortController();
    setRead(unread);
    readPage(undefined, stop.signal).then(
      ({ lines, next, end }) => {
        if (stop.signal.aborted) return;
        place.current = end === null ? undefined : { of, id: end };
        setRead({ ...unread, ring: append(emptyRing, lines), older: next });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) fail(error);
      },
    );
    return () => stop.abort();
  }, [readPage, of, fail]);

  useEffect(() => {
    if (!isLive || !isVisible || !isReady || place.current?.of !== of) return;
    const stop = new AbortController();
    const path = `/api/operator/logs/events${search ? `?${search}` : ''}`;
    const follow = async () => {
      const events = client.followEvents(path, { signal: stop.signal, lastEventId: place.current?.id });
      for await (const { event, data, id } of events) {
        // Lines and the place behind them are taken together or not at all.
        if (stop.signal.aborted) return;
        if (event === 'connected' || event === 'lost') setRead((known) => ({ ...known, isLost: event === 'lost' }));
        if (event !== 'lines') continue;
        const { lines, isGap } = data as Told;
        if (id !== undefined) place.current = { of, id };
        setRead((known) => ({ ...known, isLost: false, ring: append(known.ring, lines, isGap) }));
      }
    };
    follow().catch((error: unknown) => {
      if (!stop.signal.aborted) fail(error);
    });
    return () => stop.abort();
  }, [client, search, of, isLive, isVisible, isReady, fail]);

  const loadOlder = async () => {
    if (!read.older || isLoadingOlder) return;
    setLoadingOlder(true);
    try {
      const { lines, next } = await readPage(read.older);
      setRead((known) => ({ ...known, ring: prepend(known.ring, lines), older: next }));
    } catch (error) {
      fail(error);
    } finally {
      setLoadingOlder(false);
    }
  };
  return {
    ...read,
    isLoadingOlder,
    loadOlder: read.older && !read.ring.isCut ? loadOlder : undefined,
    retry: () => setAttempt((before) => before + 1),
  };
}
