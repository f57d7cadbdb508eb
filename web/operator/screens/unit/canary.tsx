import type { Schemas } from '@pandect/client';
import { useId, useState } from 'react';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { formatShare, shortRelease } from '../../parts/figures.ts';
import { showChange, staleUnits, useBeginChange } from '../../parts/use-change-unit.ts';
import { words } from './words.ts';

const FIRST_PERCENT = 5;
const MOST_PERCENT = 100;

/** A release for a share of the callers: its errors next to those of the live one, more or less of it, all or nothing. */
export function Canary({ detail: { name, release, canary } }: { detail: Schemas['ConsoleUnitDetail'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const begin = useBeginChange();
  const id = useId();
  const [chosen, setChosen] = useState<number>();
  const percent = chosen ?? canary?.percent ?? FIRST_PERCENT;
  const from = shortRelease(release ?? '–');
  const common = { stale: staleUnits, onDone: showChange };
  return (
    <section aria-labelledby={`${id}-heading`} className="grid gap-3 rounded-xl border border-line bg-surface p-4">
      <h2 id={`${id}-heading`}>{texts.canary}</h2>
      {canary ? (
        <>
          <p>{texts.canaryRunning(shortRelease(canary.release), canary.percent)}</p>
          <dl className="grid grid-cols-2 gap-3">
            {(['live', 'canary'] as const).map((side) => (
              <div key={side} className="grid gap-0.5">
                <dt className="text-sm text-muted">{side === 'live' ? texts.ofLive : texts.ofCanary}</dt>
                <dd className="text-xl font-semibold tabular-nums">{formatShare(language, canary.errorRatio[side])}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <p className="text-sm text-muted">{texts.canaryAbout}</p>
      )}
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          {texts.share}: <output htmlFor={id}>{percent}</output>
        </label>
        <input
          id={id}
          type="range"
          min={1}
          max={MOST_PERCENT}
          value={percent}
          className="w-full max-w-xl accent-[var(--accent)]"
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <ChangeButton
          {...common}
          text={canary ? texts.changeShare : texts.startCanary}
          name={canary ? texts.changeShareNamed(name, percent) : texts.startCanaryNamed(name)}
          disabled={canary?.percent === percent}
          chosen={percent}
          question={<p>{texts.canaryAbout}</p>}
          act={({ key }) => begin(name, { action: 'canary', percent }, key)}
        />
        {canary ? (
          <>
            <ChangeButton
              {...common}
              text={texts.promote}
              name={texts.promoteNamed(name, from, shortRelease(canary.release))}
              kind="primary"
              question={<p>{texts.promoteText}</p>}
              act={({ key }) => begin(name, { action: 'promote' }, key)}
            />
            <ChangeButton
              {...common}
              text={texts.abort}
              name={texts.abortNamed(name)}
              kind="danger"
              question={<p>{texts.abortText}</p>}
              act={({ key }) => begin(name, { action: 'abort' }, key)}
            />
          </>
        ) : null}
      </div>
    </section>
  );
}
