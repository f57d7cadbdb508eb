import type { Schemas } from '@pandect/client';
import { Link } from '@tanstack/react-router';
import { useWords } from '../../app/language.tsx';
import { Time } from '../../parts/time.tsx';
import { useVersions } from './use-versions.ts';
import { words } from './words.ts';

/** All versions of a document with what was said of it before; nothing for one that has only this. */
export function Versions({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const { data: versions = [] } = useVersions(document);
  if (versions.length < 2) return null;
  return (
    <section className="grid gap-2">
      <h2>{texts.versions}</h2>
      <ul className="rounded-xl border border-line bg-surface">
        {versions.map(({ id, version, createdAt, status }, index) => {
          const older = versions[index + 1];
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 border-b border-line px-4 py-2 last:border-0">
              <Link to="/documents/$id" params={{ id }} aria-current={id === document.id ? 'true' : undefined}>
                {texts.version(version)}
              </Link>
              <span className="text-sm text-muted">
                <Time at={createdAt} to="day" />
                {status === 'ready' ? ` · ${texts.current}` : ''}
                {id === document.id ? ` · ${texts.shown}` : ''}
              </span>
              {older ? (
                <Link
                  to="/documents/$id/compare/$other"
                  params={{ id: older.id, other: id }}
                  className="ml-auto text-sm"
                >
                  {texts.compareWith(older.version)}
                </Link>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
