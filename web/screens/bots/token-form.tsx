import type { Schemas } from '@pandect/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useProblem } from '../../app/problem.tsx';
import { useRequestKey } from '../../app/use-request-key.ts';
import { Button } from '../../parts/button.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

type Skill = Schemas['Bot']['skills'][number];

/** The token of a new bot with what it shall do, or a new token of one that is there. */
export function TokenForm({ botId, onDone }: { botId?: string; onDone: () => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const problem = useProblem();
  const [token, setToken] = useState('');
  const [skill, setSkill] = useState<Skill>('ask');
  const request = useRequestKey();
  const save = useMutation({
    mutationFn: async () => {
      if (botId) {
        await api.PATCH('/api/bots/{id}', { params: { path: { id: botId } }, body: { token: token.trim() } });
        return;
      }
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const body = { token: token.trim(), skills: [skill], timeZone };
      await api.POST('/api/bots', { params: { header: { 'idempotency-key': request.keyOf(body) } }, body });
    },
    onMutate: problem.clear,
    onError: problem.show,
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ['listBots'] });
      onDone();
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field
        label={texts.token}
        hint={texts.tokenHint}
        type="password"
        autoComplete="off"
        required
        value={token}
        error={problem.fields.token}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      {botId ? null : (
        <Choice
          label={texts.skill}
          value={skill}
          options={(Object.keys(texts.skills) as Skill[]).map((value) => ({ value, text: texts.skills[value] }))}
          error={problem.fields.skills}
          onChoose={setSkill}
        />
      )}
      {problem.message ? <Notice tone="danger">{problem.message}</Notice> : null}
      <div className="flex justify-end">
        <Button type="submit" busy={save.isPending}>
          {texts.save}
        </Button>
      </div>
    </form>
  );
}
