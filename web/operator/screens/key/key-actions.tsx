import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { useMe } from '../../../app/me.ts';
import { Choice } from '../../../parts/field.tsx';
import { SecretOnce } from '../../../parts/secret-once.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleKeyDetail'];

const staleOf = (id: string) => [['getConsoleKey', id], ['listConsoleKeys']];

/** What an operator does with a key. Its secret is for its owner alone, so only that person rotates it. */
export function KeyActions({ apiKey }: { apiKey: Detail }) {
  const me = useMe();
  const isOver = apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) <= Date.now();
  if (apiKey.revokedAt) return null;
  return (
    <>
      <Channel apiKey={apiKey} />
      {isOver ? null : me?.userId === apiKey.userId ? <Rotation apiKey={apiKey} /> : null}
      <Revocation apiKey={apiKey} isOthers={me !== undefined && me.userId !== apiKey.userId} />
    </>
  );
}

function Channel({ apiKey: { id, channel } }: { apiKey: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const to = channel === 'external' ? 'internal' : 'external';
  return (
    <ChangeButton
      text={texts.toChannel[to]}
      chosen={to}
      question={<p>{texts.channelText[to]}</p>}
      stale={staleOf(id)}
      act={() => api.PATCH('/api/admin/keys/{id}', { params: { path: { id } }, body: { channel: to } })}
    />
  );
}

function Rotation({ apiKey: { id, name } }: { apiKey: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [grace, setGrace] = useState('86400');
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <ChangeButton
        text={texts.rotate}
        name={texts.rotateNamed(name)}
        chosen={grace}
        question={
          <>
            <p>{texts.rotateText}</p>
            <Choice
              label={texts.grace}
              value={grace}
              options={Object.entries(texts.graces).map(([value, text]) => ({ value, text }))}
              onChoose={setGrace}
            />
          </>
        }
        stale={staleOf(id)}
        act={async () =>
          (
            await api.POST('/api/keys/{id}/rotate', {
              params: { path: { id } },
              body: { graceSeconds: Number(grace) },
            })
          ).data
        }
        onDone={({ key }) => setSecret(key ?? undefined)}
      />
      <SecretOnce heading={texts.rotated} secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

function Revocation({ apiKey: { id, name }, isOthers }: { apiKey: Detail; isOthers: boolean }) {
  const texts = useWords(words);
  const { api } = useClient();
  return (
    <ChangeButton
      text={texts.revoke}
      name={texts.revokeNamed(name)}
      kind="danger"
      withReason
      question={
        <>
          <p>{texts.revokeText}</p>
          {isOthers ? <p className="text-sm text-muted">{texts.rotateOthers}</p> : null}
        </>
      }
      stale={staleOf(id)}
      act={({ reason, key }) =>
        api.POST('/api/operator/gateway/keys/{id}/revoke', {
          params: { path: { id }, header: { 'idempotency-key': key } },
          body: { reason },
        })
      }
    />
  );
}
