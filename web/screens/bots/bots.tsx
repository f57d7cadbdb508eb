import type { Schemas } from '@pandect/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Table } from '../../parts/table.tsx';
import { TokenForm } from './token-form.tsx';
import { words } from './words.ts';

type Bot = Schemas['Bot'];

export default function Bots() {
  const texts = useWords(words);
  const me = useMe();
  const [adding, setAdding] = useState(false);
  if (me && !isAtLeast(me.role, 'admin')) {
    return (
      <Screen heading={texts.heading}>
        <NotAllowed least="admin" />
      </Screen>
    );
  }
  const add = <Button onClick={() => setAdding(true)}>{texts.add}</Button>;
  return (
    <Screen heading={texts.heading} wide actions={add}>
      <p className="text-muted">{texts.about}</p>
      <BotList add={add} />
      <Dialog open={adding} heading={texts.add} onClose={() => setAdding(false)}>
        <TokenForm onDone={() => setAdding(false)} />
      </Dialog>
    </Screen>
  );
}

function BotList({ add }: { add: ReactNode }) {
  const texts = useWords(words);
  const { api } = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['listBots'],
    queryFn: async ({ signal }) => (await api.GET('/api/bots', { signal })).data,
  });
  if (error && !data) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  if (data.items.length === 0) return <Empty action={add}>{texts.none}</Empty>;
  return (
    <Table
      caption={texts.heading}
      rows={data.items}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.bot,
          cell: ({ name, username }) => (
            <>
              {name} <span className="block text-muted">@{username}</span>
            </>
          ),
        },
        { heading: texts.skill, cell: ({ skills }) => skills.map((skill) => texts.skills[skill]).join(', ') },
        { heading: texts.state, cell: ({ state }) => texts.states[state] },
        { heading: texts.action, cell: (bot) => <Actions bot={bot} /> },
      ]}
    />
  );
}

function Actions({ bot: { id, username, state } }: { bot: Bot }) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const [renewing, setRenewing] = useState(false);
  const [link, setLink] = useState<string>();
  const path = { params: { path: { id } } };
  const refresh = () => queries.invalidateQueries({ queryKey: ['listBots'] });
  const toggle = useMutation({
    mutationFn: () => api.PATCH('/api/bots/{id}', { ...path, body: { isStopped: state !== 'stopped' } }),
    onSuccess: refresh,
  });
  const makeLink = useMutation({
    mutationFn: () => api.POST('/api/bots/{id}/link-codes', path),
    onSuccess: ({ data }) => setLink(data.url),
  });
  const isStopped = state === 'stopped';
  const failure = toggle.error ?? makeLink.error;
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        kind="secondary"
        aria-label={isStopped ? texts.startNamed(username) : texts.stopNamed(username)}
        busy={toggle.isPending}
        onClick={() => toggle.mutate()}
      >
        {isStopped ? texts.start : texts.stop}
      </Button>
      <Button kind="secondary" aria-label={texts.newTokenFor(username)} onClick={() => setRenewing(true)}>
        {texts.newToken}
      </Button>
      <Button
        kind="secondary"
        aria-label={texts.linkNamed(username)}
        busy={makeLink.isPending}
        onClick={() => makeLink.mutate()}
      >
        {texts.link}
      </Button>
      <ConfirmButton
        text={texts.remove}
        name={texts.removeNamed(username)}
        question={texts.removeAsk}
        act={async () => {
          await api.DELETE('/api/bots/{id}', path);
          await refresh();
        }}
      />
      {failure ? <Failure error={failure} /> : null}
      <Dialog open={renewing} heading={texts.newTokenFor(username)} onClose={() => setRenewing(false)}>
        <TokenForm botId={id} onDone={() => setRenewing(false)} />
      </Dialog>
      <Dialog open={link !== undefined} heading={texts.linkNamed(username)} onClose={() => setLink(undefined)}>
        <p>{texts.linkText}</p>
        <a href={link} target="_blank" rel="noreferrer">
          {link}
        </a>
      </Dialog>
    </div>
  );
}
