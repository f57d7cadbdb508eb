import type { Schemas } from '@pandect/client';
import type { ReactNode } from 'react';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { plural } from '../../../app/plural.ts';
import { Notice } from '../../../parts/notice.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { words } from './words.ts';

type Overview = Schemas['ConsoleOverview'];

const goodBackups: readonly string[] = ['ok', 'off'];

/** What needs somebody now, the worst first; each leads to where it is dealt with. */
export function Problems({ overview: { alerts, units, services, backup } }: { overview: Overview }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const items: { key: string; to: string; isMild: boolean; text: ReactNode }[] = [
    ...alerts.map(({ rule, labels, sentence, since, severity, isSilenced }) => ({
      key: `${rule} ${JSON.stringify(labels)}`,
      to: `/alerts/${segment(rule)}`,
      isMild: isSilenced || severity === 'info',
      text: (
        <>
          {sentence} <Time at={since} />
          {isSilenced ? ` · ${texts.silenced}` : ''}
        </>
      ),
    })),
    ...services
      .filter(({ state }) => state !== 'ready')
      .map(({ name }) => ({
        key: name,
        // Its own log is read on the host alone; the supervisor's says how it ended.
        to: '/logs?unit=supervisor',
        isMild: false,
        text: texts.serviceDown(name),
      })),
  ];
  if (units.backingOff > 0) {
    const text = texts.backingOff(plural(language, units.backingOff, texts.units));
    items.push({ key: 'units', to: '/units', isMild: false, text });
  }
  if (!goodBackups.includes(backup.state)) {
    const text = `${texts.backup}: ${texts.backups[backup.state]}`;
    items.push({ key: 'backup', to: '/backups', isMild: backup.state === 'never', text });
  }
  return (
    <section className="grid gap-3" aria-labelledby="problems">
      <h2 id="problems">{texts.problems}</h2>
      {items.length === 0 ? <Notice tone="ok">{texts.fine}</Notice> : null}
      <ul className="grid gap-2">
        {items
          .toSorted((a, b) => Number(a.isMild) - Number(b.isMild))
          .map(({ key, to, isMild, text }) => (
            <li key={key}>
              <Go
                to={to}
                className={`block rounded-md px-4 py-3 text-sm no-underline ${isMild ? 'bg-warn-soft text-warn' : 'bg-danger-soft text-danger'}`}
              >
                {text}
              </Go>
            </li>
          ))}
      </ul>
    </section>
  );
}
