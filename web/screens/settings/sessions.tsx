import { useMutation } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { type Me, useMeQuery, useReloadMe } from '../../app/me.ts';
import { plural } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { describeDevice } from './describe-device.ts';
import { words } from './words.ts';

type Session = Me['sessions'][number];

export function SessionsSection() {
  const texts = useWords(words);
  const { language } = useLanguage();
  const me = useMeQuery();
  const { api } = useClient();
  const reload = useReloadMe();
  const endOthers = useMutation({
    mutationFn: async () => (await api.DELETE('/api/me/sessions', {})).data.sessions,
    onSuccess: reload,
  });
  return (
    <section className="grid gap-4" aria-labelledby="sessions">
      <h2 id="sessions">{texts.sessions}</h2>
      <p className="text-sm text-muted">{texts.sessionsHint}</p>
      {me.isPending ? <Loading /> : null}
      {me.isError ? <Failure error={me.error} onRetry={() => void me.refetch()} /> : null}
      {endOthers.isError ? <Failure error={endOthers.error} onRetry={() => endOthers.mutate()} /> : null}
      {endOthers.isSuccess ? <Notice tone="ok">{plural(language, endOthers.data, texts.ended)}</Notice> : null}
      {me.data ? <List sessions={me.data.sessions} /> : null}
      {me.data && me.data.sessions.length > 1 ? (
        <Button
          kind="danger"
          className="justify-self-start"
          busy={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {texts.endOthers}
        </Button>
      ) : null}
    </section>
  );
}

function List({ sessions }: { sessions: Session[] }) {
  const texts = useWords(words);
  return (
    <Table
      caption={texts.list}
      rows={sessions}
      rowKey={({ id }) => id}
      columns={[
        { heading: texts.device, cell: (session) => <Device {...session} /> },
        { heading: texts.used, cell: ({ refreshedAt }) => <Time at={refreshedAt} /> },
        { heading: texts.started, cell: ({ startedAt }) => <Time at={startedAt} /> },
        { heading: texts.address, cell: ({ address }) => address ?? '–' },
        { heading: texts.actions, cell: (session) => (session.current ? null : <EndButton {...session} />) },
      ]}
    />
  );
}

function Device({ userAgent, current }: Session) {
  const texts = useWords(words);
  return (
    <span title={userAgent ?? undefined} className="inline-block min-w-40">
      {describeDevice(userAgent) ?? texts.unknown}
      {current ? <strong> ({texts.current_})</strong> : null}
    </span>
  );
}

function EndButton({ id, userAgent }: Session) {
  const texts = useWords(words);
  const { api } = useClient();
  const reload = useReloadMe();
  // One that has ended already is no failure: the list is read again either way.
  const end = useMutation({
    mutationFn: () => api.DELETE('/api/me/sessions/{id}', { params: { path: { id } } }),
    onSettled: reload,
  });
  return (
    <Button
      kind="secondary"
      className="whitespace-nowrap"
      busy={end.isPending}
      aria-label={`${texts.end}: ${describeDevice(userAgent) ?? texts.unknown}`}
      onClick={() => end.mutate()}
    >
      {texts.end}
    </Button>
  );
}
