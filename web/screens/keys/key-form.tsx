import type { Schemas } from '@pandect/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useProblem } from '../../app/problem.tsx';
import { useRequestKey } from '../../app/use-request-key.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

type Scope = Schemas['ApiKey']['scopes'][number];

/** Asks for name, rights and end of a key. */
export function KeyForm({ onSecret }: { onSecret: (secret: string) => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const problem = useProblem();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [until, setUntil] = useState('');
  const request = useRequestKey();
  const create = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), scopes, ...(until ? { expiresAt: endOfDay(until) } : {}) };
      const params = { header: { 'idempotency-key': request.keyOf(body) } };
      return (await api.POST('/api/keys', { params, body })).data;
    },
    onMutate: problem.clear,
    onError: problem.show,
    onSuccess({ key }) {
      request.renew();
      if (key) onSecret(key);
      else problem.say(texts.secretLost);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['listKeys'] }),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field
        label={texts.name}
        hint={texts.nameHint}
        required
        maxLength={100}
        value={name}
        error={problem.fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-medium">{texts.scopes}</legend>
        {(Object.keys(texts.scopeNames) as Scope[]).map((scope) => (
          <label key={scope} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={({ currentTarget: { checked } }) =>
                setScopes(checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
            {texts.scopeNames[scope]}
          </label>
        ))}
        {problem.fields.scopes ? <p className="text-sm text-danger">{texts.scopesNeeded}</p> : null}
      </fieldset>
      <Field
        label={texts.expires}
        hint={texts.expiresHint}
        type="date"
        min={dayOf(0)}
        max={dayOf(DAYS_AHEAD)}
        value={until}
        error={problem.fields.expiresAt}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      {problem.message ? <Notice tone="danger">{problem.message}</Notice> : null}
      <div className="flex justify-end">
        <Button type="submit" busy={create.isPending}>
          {texts.create}
        </Button>
      </div>
    </form>
  );
}

/** At most a year, and the last day ends within it. */
const DAYS_AHEAD = 365;

/** A day in the person's zone, so many from today, as the field has it. */
function dayOf(ahead: number): string {
  const day = new Date();
  day.setDate(day.getDate() + ahead);
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${digits(day.getMonth() + 1)}-${digits(day.getDate())}`;
}

/** The end of a day in the person's zone, as the API takes it. */
const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString();
