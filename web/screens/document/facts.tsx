import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatBytes } from '../../parts/bytes.ts';
import { Time } from '../../parts/time.tsx';
import { DocumentState } from '../documents/document-state.tsx';
import { words as listWords } from '../documents/words.ts';
import { words } from './words.ts';

/** On a phone they would stand where its pages are looked for. */
const hasRoom = () => matchMedia('(min-width: 48rem)').matches;

/** What is known of a document. */
export function Facts({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const named = useWords(listWords);
  const { language } = useLanguage();
  const { fileName, type, dated, language: written, bytes, createdAt } = document;
  const [isOpen] = useState(hasRoom);
  const isNamed = written === 'ru' || written === 'en';
  const facts = [
    { name: texts.state, value: <DocumentState document={document} /> },
    { name: texts.file, value: fileName },
    { name: texts.type, value: type && named.types[type] },
    { name: texts.dated, value: dated && <Time at={dated} to="day" /> },
    { name: texts.language, value: isNamed ? named.languages[written] : null },
    { name: texts.size, value: formatBytes(language, bytes) },
    { name: texts.added, value: <Time at={createdAt} /> },
  ];
  return (
    <details open={isOpen} className="rounded-xl border border-line bg-surface px-4 py-3">
      <summary className="font-medium">{texts.facts}</summary>
      <dl className="mt-2 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr_auto_1fr]">
        {facts
          .filter(({ value }) => value)
          .map(({ name, value }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0">{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
