import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Time } from '../../parts/time.tsx';
import { words } from './words.ts';

/** Where a document stands: how far its reading is, since when it rests, or why it failed. */
export function DocumentState({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { status, progress, stalled, stalledSince, failure, notices } = document;
  if (status === 'failed') return <p className="text-sm text-danger sm:max-w-80">{failure?.message}</p>;
  if (stalled && stalledSince) {
    return (
      <p className="text-sm text-warn">
        {texts.stalled} <Time at={stalledSince} />
      </p>
    );
  }
  const { pagesDone, pagesTotal } = progress;
  const pages =
    status === 'processing' && pagesTotal > 0
      ? `, ${texts.pages(formatNumber(language, pagesDone), formatNumber(language, pagesTotal))}`
      : '';
  return (
    <p className={`text-sm ${status === 'ready' ? 'text-ok' : 'text-muted'}`}>
      {texts.statuses[status]}
      {pages}
      {status === 'ready' && notices.length > 0 ? <span className="text-warn"> · {texts.notices}</span> : null}
    </p>
  );
}
