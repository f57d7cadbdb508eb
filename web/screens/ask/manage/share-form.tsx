import type { Schemas } from '@pandect/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Failure } from '../../../app/problem.tsx';
import { Button } from '../../../parts/button.tsx';
import { Field } from '../../../parts/field.tsx';
import { Loading } from '../../../parts/loading.tsx';
import { type Pickable, PickList } from '../../../parts/pick-list.tsx';
import { conversationKey } from '../use-asking.ts';
import { words } from './words.ts';

type Shared = Pick<Schemas['Conversation'], 'id' | 'sharedAt' | 'readers' | 'owner'>;
const audiences = ['owner', 'members', 'organization'] as const;
type Audience = (typeof audiences)[number];
/** Addresses of the chosen members by their ids. */
type Chosen = ReadonlyMap<string, string>;

const audienceOf = ({ sharedAt, readers }: Shared): Audience =>
  sharedAt !== null ? 'organization' : readers.length > 0 ? 'members' : 'owner';

/** Lets chosen members, or all of the organization, read a conversation, or no longer. */
export function ShareForm({ conversation, onClose }: { conversation: Shared; onClose: () => void }) {
  const texts = useWords(words);
  const saved = audienceOf(conversation);
  const [audience, setAudience] = useState(saved);
  const [chosen, setChosen] = useState<Chosen>(
    new Map(conversation.readers.map(({ userId, email }) => [userId, email])),
  );
  const members = useMembers(audience === 'members');
  const known = members.data && new Set(members.data.map(({ id }) => id));
  const [present, gone] = partition([...chosen], ([id]) => known?.has(id) ?? true);
  const share = useShare(conversation.id);
  const toggle = ({ id, text }: Pickable) => {
    share.reset();
    setChosen((before) =>
      before.has(id) ? new Map([...before].filter(([other]) => other !== id)) : new Map([...before, [id, text]]),
    );
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setChosen(new Map(present));
        share.mutate({ audience, userIds: present.map(([id]) => id) });
      }}
    >
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-medium">{texts.audience}</legend>
        {audiences.map((each) => (
          <label key={each} className="flex min-h-10 items-center gap-3">
            <input
              type="radio"
              name="audience"
              checked={audience === each}
              onChange={() => {
                share.reset();
                setAudience(each);
              }}
            />
            {texts.audiences[each]}
          </label>
        ))}
      </fieldset>
      {audience === 'members' ? (
        <Members
          members={members}
          owner={conversation.owner}
          chosen={new Set(present.map(([id]) => id))}
          onToggle={toggle}
        />
      ) : null}
      {audience === 'members' && gone.length > 0 ? (
        <p role="alert" className="text-sm">
          {texts.gone(gone.map(([, email]) => email).join(', '))}
        </p>
      ) : null}
      {audience === 'owner' ? null : <p className="text-sm text-muted">{texts.shareHint}</p>}
      {share.error && gone.length === 0 ? <Failure error={share.error} /> : null}
      <p role="status" className="text-sm text-ok empty:hidden">
        {share.isSuccess ? texts.saved : ''}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.close}
        </Button>
        {saved === 'owner' ? null : <CopyAddress id={conversation.id} />}
        <Button type="submit" busy={share.isPending} disabled={audience === 'members' && present.length === 0}>
          {texts.save}
        </Button>
      </div>
    </form>
  );
}

function useShare(id: string) {
  const { api } = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn({ audience, userIds }: { audience: Audience; userIds: string[] }): Promise<unknown> {
      const params = { path: { id } };
      if (audience === 'members') return api.PUT('/api/conversations/{id}/readers', { params, body: { userIds } });
      if (audience === 'organization') return api.PUT('/api/conversations/{id}/share', { params });
      return api.DELETE('/api/conversations/{id}/share', { params });
    },
    // Somebody who was chosen may have left.
    onError: () => queries.invalidateQueries({ queryKey: ['listMembers'] }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: conversationKey(id) });
      await queries.invalidateQueries({ queryKey: ['listConversations'] });
    },
  });
}

function useMembers(enabled: boolean) {
  const { api } = useClient();
  return useQuery({
    queryKey: ['listMembers'],
    queryFn: async ({ signal }) => (await api.GET('/api/organization/members', { signal })).data,
    select: (data) => data?.items ?? [],
    enabled,
  });
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** From so many members on they can be searched. */
const MANY = 8;

function Members({
  members: { data, error, refetch },
  owner,
  chosen,
  onToggle,
}: {
  members: ReturnType<typeof useMembers>;
  owner: Shared['owner'];
  chosen: ReadonlySet<string>;
  onToggle: (member: Pickable) => void;
}) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const [typed, setTyped] = useState('');
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  const others = data.filter(({ id }) => id !== owner.userId);
  if (others.length === 0) return <p className="text-sm text-muted">{texts.alone}</p>;
  const found = others.filter(({ email }) => email.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <div className="grid gap-2">
      {others.length < MANY ? null : (
        <Field
          label={texts.find}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <PickList
        label={texts.audiences.members}
        items={found.map(({ id, email }) => ({ id, text: email }))}
        chosen={chosen}
        onToggle={onToggle}
      />
      <p className="text-sm text-muted">{texts.chosen(formatNumber(language, chosen.size))}</p>
    </div>
  );
}

function CopyAddress({ id }: { id: string }) {
  const texts = useWords(words);
  const router = useRouter();
  const [isCopied, setIsCopied] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const copy = async () => {
    const { href } = router.buildLocation({ to: '/c/$id', params: { id }, search: {} });
    await navigator.clipboard.writeText(new URL(href, window.location.origin).href);
    setIsCopied(true);
  };
  return (
    <Button kind="secondary" onClick={copy}>
      {isCopied ? texts.copied : texts.copy}
    </Button>
  );
}
