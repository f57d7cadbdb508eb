import type { Schemas } from '@pandect/client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { usePages } from '../../app/use-pages.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Paged } from '../../parts/paged.tsx';
import { Screen } from '../../parts/screen.tsx';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { KeyForm } from './key-form.tsx';
import { words } from './words.ts';

type ApiKey = Schemas['ApiKey'];

export default function Keys() {
  const texts = useWords(words);
  const me = useMe();
  const { api } = useClient();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const pages = usePages(
    ['listKeys'],
    async (query, signal) => (await api.GET('/api/keys', { signal, params: { query } })).data,
  );
  const may = isAtLeast(me?.role, 'member');
  const create = <Button onClick={() => setCreating(true)}>{texts.create}</Button>;
  return (
    <Screen heading={texts.heading} wide actions={may ? create : null}>
      {me && !may ? <NotAllowed least="member" /> : null}
      <p className="text-muted">{texts.about}</p>
      <Paged pages={pages} empty={<Empty action={may ? create : undefined}>{texts.none}</Empty>}>
        {(keys) => <KeyTable keys={keys} />}
      </Paged>
      <Dialog open={creating} heading={texts.create} onClose={() => setCreating(false)}>
        <KeyForm
          onSecret={(shown) => {
            setCreating(false);
            setSecret(shown);
          }}
        />
      </Dialog>
      <SecretOnce heading={texts.created} secret={secret} onClose={() => setSecret(undefined)} />
    </Screen>
  );
}

function KeyTable({ keys }: { keys: ApiKey[] }) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  return (
    <Table
      caption={texts.heading}
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.name,
          cell: ({ name, prefix }) => (
            <>
              {name} <code className="block min-w-40 wrap-anywhere text-muted">{prefix}…</code>
            </>
          ),
        },
        {
          heading: texts.scopes,
          cell: ({ scopes }) => scopes.map((scope) => texts.scopeNames[scope]).join(', '),
        },
        { heading: texts.state, cell: (key) => <State apiKey={key} /> },
        {
          heading: texts.lastUsed,
          cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : texts.notUsed),
        },
        {
          heading: texts.action,
          cell: ({ id, name, revokedAt }) =>
            revokedAt ? null : (
              <ConfirmButton
                text={texts.revoke}
                name={texts.revokeNamed(name)}
                question={texts.revokeAsk}
                act={async () => {
                  await api.DELETE('/api/keys/{id}', { params: { path: { id } } });
                  await queries.invalidateQueries({ queryKey: ['listKeys'] });
                }}
              />
            ),
        },
      ]}
    />
  );
}

function State({ apiKey: { revokedAt, expiresAt, graceUntil } }: { apiKey: ApiKey }) {
  const texts = useWords(words);
  if (revokedAt) return texts.revoked;
  if (graceUntil) {
    return (
      <>
        {texts.grace} <Time at={graceUntil} />
      </>
    );
  }
  if (!expiresAt) return `${texts.active}, ${texts.never}`;
  if (Date.parse(expiresAt) < Date.now()) return texts.ended;
  return (
    <>
      {texts.expires} <Time at={expiresAt} to="day" />
    </>
  );
}
