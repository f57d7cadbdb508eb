import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Choice } from '../../../parts/field.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { words } from './words.ts';

const stale = [['listConsoleAlerts'], ['getConsoleOverview']];

/** Sends nothing about a rule for a time; for one of its labels only, where it has some. */
export function SilenceButton({ alert: { rule, labels } }: { alert: Schemas['ConsoleAlert'] }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [seconds, setSeconds] = useState('3600');
  const [unit, setUnit] = useState('');
  const subjects = [...new Set(Object.values(labels))];
  const body = { rule, seconds: Number(seconds), ...(unit && { unit }) };
  return (
    <ChangeButton
      text={texts.silence}
      name={texts.silenceNamed(rule)}
      chosen={body}
      stale={stale}
      question={
        <>
          <p>{texts.silenceText}</p>
          <Choice
            label={texts.for}
            value={seconds}
            options={Object.entries(texts.hours).map(([value, text]) => ({ value, text }))}
            onChoose={setSeconds}
          />
          {subjects.length > 0 ? (
            <Choice
              label={texts.about}
              value={unit}
              options={[{ value: '', text: texts.everything }, ...subjects.map((value) => ({ value, text: value }))]}
              onChoose={setUnit}
            />
          ) : null}
        </>
      }
      act={({ key }) =>
        api.POST('/api/operator/alerts/silences', { params: { header: { 'idempotency-key': key } }, body })
      }
    />
  );
}

export function EndSilenceButton({ silence: { rule, unit } }: { silence: Schemas['ConsoleSilence'] }) {
  const texts = useWords(words);
  const { api } = useClient();
  return (
    <ChangeButton
      text={texts.endSilence}
      name={texts.endNamed(rule)}
      question={<p>{texts.endText}</p>}
      stale={stale}
      act={({ key }) =>
        api.DELETE('/api/operator/alerts/silences', {
          params: { header: { 'idempotency-key': key } },
          body: { rule, ...(unit && { unit }) },
        })
      }
    />
  );
}
