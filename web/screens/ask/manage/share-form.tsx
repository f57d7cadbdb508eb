import type { Schemas } from '@pandect/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Failure } from '../../../app/problem.tsx';
import { Button } from '../../../parts/button.tsx';
import { conversationKey } from '../use-asking.ts';
import { words } from './words.ts';

/** Lets the organization read a conversation, or no longer. */
export function ShareForm({
  conversation: { id, sharedAt },
  onClose,
}: {
  conversation: Pick<Schemas['Conversation'], 'id' | 'sharedAt'>;
  onClose: () => void;
}) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const router = useRouter();
  const [isCopied, setIsCopied] = useState(false);
  const isShared = sharedAt !== null;
  const change = useMutation({
    mutationFn: () => {
      const params = { path: { id } };
      return isShared
        ? api.DELETE('/api/conversations/{id}/share', { params })
        : api.PUT('/api/conversations/{id}/share', { params });
    },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: conversationKey(id) });
      await queries.invalidateQueries({ queryKey: ['listConversations'] });
    },
  });
  const copy = async () => {
    const { href } = router.buildLocation({ to: '/c/$id', params: { id }, search: {} });
    await navigator.clipboard.writeText(new URL(href, window.location.origin).href);
    setIsCopied(true);
  };
  return (
    <>
      <p>{isShared ? texts.sharedHint : texts.shareHint}</p>
      {change.error ? <Failure error={change.error} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.close}
        </Button>
        {isShared && 'clipboard' in navigator ? (
          <Button kind="secondary" onClick={copy}>
            {isCopied ? texts.copied : texts.copy}
          </Button>
        ) : null}
        <Button kind={isShared ? 'danger' : 'primary'} busy={change.isPending} onClick={() => change.mutate()}>
          {isShared ? texts.unshare : texts.shareAct}
        </Button>
      </div>
    </>
  );
}
