import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { useProblem } from '../../../app/problem.tsx';
import { Button } from '../../../parts/button.tsx';
import { Field } from '../../../parts/field.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { conversationKey } from '../use-asking.ts';
import { words } from './words.ts';

const LONGEST = 200;

export function RenameForm({
  conversation: { id, title },
  onClose,
}: {
  conversation: { id: string; title: string };
  onClose: () => void;
}) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const problem = useProblem();
  const [text, setText] = useState(title);
  const rename = useMutation({
    mutationFn: () => api.PATCH('/api/conversations/{id}', { params: { path: { id } }, body: { title: text.trim() } }),
    onMutate: problem.clear,
    onError: problem.show,
    async onSuccess() {
      onClose();
      await queries.invalidateQueries({ queryKey: conversationKey(id) });
      await queries.invalidateQueries({ queryKey: ['listConversations'] });
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate();
      }}
    >
      <Field
        label={texts.title}
        required
        maxLength={LONGEST}
        value={text}
        error={problem.fields.title}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {problem.message ? <Notice tone="danger">{problem.message}</Notice> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" busy={rename.isPending} disabled={text.trim() === ''}>
          {texts.save}
        </Button>
      </div>
    </form>
  );
}
