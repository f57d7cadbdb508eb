import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { words } from './words.ts';

/** Documents of a conversation by their ids, with what could not be read of each. */
export type Sources = ReadonlyMap<string, Schemas['Source']>;

/** Which documents that an answer cites were not read whole: it can lack what stands in the rest. */
export function UnreadParts({ citations, sources }: { citations: readonly Schemas['Citation'][]; sources: Sources }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const cited = new Set(citations.map(({ documentId }) => documentId));
  const unread = [...cited].flatMap((id) => sources.get(id) ?? []).filter(({ notices }) => notices.length > 0);
  if (unread.length === 0) return null;
  return (
    <details className="rounded-md bg-warn-soft px-4 py-3 text-sm text-warn">
      <summary>{texts.unread}</summary>
      <ul className="mt-2 grid gap-2">
        {unread.map(({ documentId, title, notices, noticesOmitted }) => (
          <li key={documentId}>
            {title}
            <ul className="list-disc pl-5">
              {notices.map(({ kind, page, detail, message }) => (
                <li key={`${kind} ${page} ${detail}`}>{message}</li>
              ))}
              {noticesOmitted > 0 ? <li>{texts.moreUnread(formatNumber(language, noticesOmitted))}</li> : null}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
