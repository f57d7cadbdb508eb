import { ProblemError, type Schemas } from '@pandect/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ACCESS } from '../app/access.ts';
import { progressWords } from './change-progress-words.ts';
import { formatMs, shortRelease } from './figures.ts';

type Step = Schemas['ConsoleChangeEvent'];

interface Progress {
  steps: Step[];
  isLost: boolean;
  /** How it ended; undefined while it is under way. */
  ok?: boolean;
  error?: unknown;
}

const before: Progress = { steps: [], isLost: false };

/** Follows a change from its first step on; it continues whether somebody looks or not. */
function useProgress(id: string): Progress {
  const client = useClient();
  const queries = useQueryClient();
  const [progress, setProgress] = useState(before);
  useEffect(() => {
    setProgress(before);
    const stop = new AbortController();
    const update = (change: (known: Progress) => Progress) => {
      if (!stop.signal.aborted) setProgress(change);
    };
    const follow = async () => {
      const path = `/api/operator/changes/${encodeURIComponent(id)}/events`;
      for await (const { event, data } of client.followEvents(path, { signal: stop.signal })) {
        if (event === 'change') update((known) => ({ ...known, steps: [...known.steps, data as Step], isLost: false }));
        if (event === 'connected' || event === 'lost') update((known) => ({ ...known, isLost: event === 'lost' }));
        if (event === 'end') {
          update((known) => ({ ...known, ok: (data as { ok: boolean }).ok }));
          return;
        }
      }
    };
    const settle = () => {
      if (stop.signal.aborted) return;
      for (const key of ['getConsoleUnit', 'listConsoleUnits', 'listConsoleBackups']) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
    };
    follow()
      .catch((error: unknown) => {
        update((known) => ({ ...known, error }));
        void queries.invalidateQueries({ queryKey: ACCESS });
      })
      .finally(settle);
    return () => stop.abort();
  }, [id, client, queries]);
  return progress;
}

/** The steps of a change as they happen. */
export function ChangeProgress({ id, unit, onClose }: { id: string; unit: string; onClose: () => void }) {
  const texts = useWords(progressWords);
  const { language } = useLanguage();
  const { steps, isLost, ok, error } = useProgress(id);
  const isOver = ok !== undefined || error !== undefined;
  const isGone = error instanceof ProblemError && error.is('not-found');
  return (
    <section aria-labelledby="change" className="grid gap-3 rounded-xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="change">{texts.heading(unit)}</h2>
        {isOver ? (
          <Button kind="quiet" onClick={onClose}>
            {texts.close}
          </Button>
        ) : null}
      </div>
      <ol aria-busy={!isOver} className="grid gap-1 text-sm">
        {steps.map(({ step, release, ms, message, log }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only added
          <li key={index} className="grid gap-1">
            <span>
              <strong className="font-medium">{texts.steps[step] ?? step}</strong>{' '}
              {release ? <code>{shortRelease(release)}</code> : null} {ms === undefined ? '' : formatMs(language, ms)}
              {message ? <span dir="auto"> {message}</span> : null}
            </span>
            {log ? <BuildLog text={log} name={texts.log} /> : null}
          </li>
        ))}
        {isOver ? null : <li className="text-muted">{texts.waiting}</li>}
      </ol>
      {isLost && !isOver ? <Notice tone="warn">{texts.lost}</Notice> : null}
      {ok === true ? <Notice tone="ok">{texts.done}</Notice> : null}
      {ok === false ? <Notice tone="danger">{texts.failed}</Notice> : null}
      {isGone ? <Notice>{texts.gone}</Notice> : error ? <Failure error={error} /> : null}
    </section>
  );
}

/** What a build printed. */
export const BuildLog = ({ text, name }: { text: string; name: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
  <section aria-label={name} tabIndex={0} className="max-h-80 overflow-auto rounded-md border border-line bg-paper p-3">
    <pre dir="ltr" className="text-xs whitespace-pre-wrap">
      {text}
    </pre>
  </section>
);
