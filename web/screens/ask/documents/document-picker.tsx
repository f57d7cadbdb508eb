import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { useDelayed } from '../../../app/use-delayed.ts';
import { usePages } from '../../../app/use-pages.ts';
import { Button } from '../../../parts/button.tsx';
import { Field } from '../../../parts/field.tsx';
import { Paged } from '../../../parts/paged.tsx';
import { PickList } from '../../../parts/pick-list.tsx';
import type { ChosenDocument } from '../kept.ts';
import { words } from './words.ts';

/** As many as a question may name. */
const MOST_CHOSEN = 100;
const PAGE_SIZE = 30;

/** Documents that can be searched, by the words of their titles, newest first. */
export function DocumentPicker({
  chosen,
  onChange,
  onClose,
}: {
  chosen: readonly ChosenDocument[];
  onChange: (chosen: readonly ChosenDocument[]) => void;
  onClose: () => void;
}) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const [typed, setTyped] = useState('');
  const query = useDelayed(typed.trim());
  const pages = usePages(['listDocuments', 'to ask', query], async (cursor, signal) => {
    const filter = { ...cursor, status: 'ready' as const, limit: PAGE_SIZE, ...(query && { query }) };
    return (await api.GET('/api/documents', { signal, params: { query: filter } })).data;
  });
  const ids = new Set(chosen.map(({ id }) => id));
  const number = (count: number) => formatNumber(language, count);
  return (
    <>
      <p className="text-sm text-muted">{texts.hint}</p>
      <Field
        label={texts.find}
        type="search"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Paged pages={pages} empty={<p className="text-muted">{texts.none}</p>}>
        {(documents) => (
          <PickList
            label={texts.list}
            items={documents.map(({ id, title }) => ({ id, text: title }))}
            chosen={ids}
            isFull={chosen.length >= MOST_CHOSEN}
            onToggle={({ id, text }) =>
              onChange(ids.has(id) ? chosen.filter((other) => other.id !== id) : [...chosen, { id, title: text }])
            }
          />
        )}
      </Paged>
      <p role="status" className="text-sm text-muted">
        {texts.chosen(number(chosen.length), number(MOST_CHOSEN))}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" disabled={chosen.length === 0} onClick={() => onChange([])}>
          {texts.clear}
        </Button>
        <Button onClick={onClose}>{texts.done}</Button>
      </div>
    </>
  );
}
