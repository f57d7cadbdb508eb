import { ProblemError, type Schemas } from '@pandect/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber, plural } from '../../app/plural.ts';
import { Failure, useProblem } from '../../app/problem.tsx';
import { useRequestKey } from '../../app/use-request-key.ts';
import { Button } from '../../parts/button.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { unitForms, words } from './words.ts';

type Model = Schemas['ImageModel'];

export function ImageForm() {
  const { api } = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['listImageModels'],
    queryFn: async ({ signal }) => (await api.GET('/api/images/models', { signal })).data,
  });
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  const [first] = data?.items ?? [];
  return data && first ? <PromptForm models={data.items} first={first} /> : null;
}

function PromptForm({ models, first }: { models: Model[]; first: Model }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const queries = useQueryClient();
  const problem = useProblem();
  const request = useRequestKey();
  const id = useId();
  const [prompt, setPrompt] = useState('');
  const [model, setModel] = useState(first);
  const [size, setSize] = useState('');
  const [count, setCount] = useState(1);
  const make = useMutation({
    mutationFn() {
      const [width, height] = size.split('×').map(Number);
      const body = { prompt, model: model.name, count, ...(width && height ? { width, height } : {}) };
      return api.POST('/api/images', { params: { header: { 'idempotency-key': request.keyOf(body) } }, body });
    },
    onMutate: problem.clear,
    onError: problem.show,
    async onSuccess() {
      request.renew();
      setPrompt('');
      await queries.invalidateQueries({ queryKey: ['listImageGenerations'] });
    },
  });
  const offered = 'sizes' in model.sizes ? model.sizes.sizes : [];
  return (
    <form
      className="grid gap-4 rounded-xl border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          {texts.prompt}
        </label>
        <textarea
          id={id}
          required
          rows={3}
          maxLength={model.maxPromptCharacters}
          value={prompt}
          className="w-full rounded-md border border-line bg-surface px-3 py-2"
          onChange={(event) => setPrompt(event.currentTarget.value)}
        />
        {problem.fields.prompt ? <p className="text-sm text-danger">{problem.fields.prompt}</p> : null}
      </div>
      <details>
        <summary className="text-sm text-accent">{texts.more}</summary>
        <div className="grid gap-4 pt-3 sm:grid-cols-3">
          <Choice
            label={texts.model}
            value={model.name}
            options={models.map(({ name }) => ({ value: name, text: name }))}
            onChoose={(name) => {
              setModel(models.find((one) => one.name === name) ?? first);
              setSize('');
            }}
          />
          <Choice
            label={texts.size}
            value={size}
            options={[
              { value: '', text: `${model.defaultSize.width}×${model.defaultSize.height}` },
              ...offered.map(({ width, height }) => ({ value: `${width}×${height}`, text: `${width}×${height}` })),
            ]}
            onChoose={setSize}
          />
          <Field
            label={texts.count}
            type="number"
            min={1}
            max={model.maxCount}
            value={count}
            error={problem.fields.count}
            onChange={(event) => setCount(event.currentTarget.valueAsNumber || 1)}
          />
        </div>
      </details>
      {problem.message ? (
        <Notice tone="danger">
          {problem.message} {isUsedUp(make.error) ? <Link to="/plans">{texts.plans}</Link> : null}
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">
          {texts.units(plural(language, model.unitsPerPicture, unitForms[language]))},{' '}
          {texts.usual(formatNumber(language, model.usualSeconds))}
        </p>
        <Button type="submit" busy={make.isPending}>
          {texts.make}
        </Button>
      </div>
    </form>
  );
}

const isUsedUp = (error: unknown): boolean => error instanceof ProblemError && error.is('no-units');
