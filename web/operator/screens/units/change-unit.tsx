import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useWords } from '../../../app/language.tsx';
import { Choice, Field } from '../../../parts/field.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { showChange, staleUnits, type UnitAction, useBeginChange } from '../../parts/use-change-unit.ts';
import { changeWords } from './change-words.ts';

type Action = 'deploy' | 'restart' | 'scale';

const actionsOf = (kind: Schemas['ConsoleUnit']['kind']): Action[] =>
  kind === 'site' ? ['deploy'] : ['deploy', 'restart', 'scale'];

/** Deploys, restarts or scales a unit, and shows the steps. */
export function ChangeUnit({ unit: { name, kind } }: { unit: Pick<Schemas['ConsoleUnit'], 'name' | 'kind'> }) {
  const texts = useWords(changeWords);
  const begin = useBeginChange();
  const [action, setAction] = useState<Action>('deploy');
  const [instances, setInstances] = useState('');
  const body = (): UnitAction =>
    action === 'scale' ? { action, instances: instances.trim() === '' ? null : Number(instances) } : { action };
  return (
    <ChangeButton
      text={texts.change}
      name={texts.changeNamed(name)}
      confirm={texts.begin}
      chosen={body()}
      stale={staleUnits}
      question={
        <>
          <Choice
            label={texts.action}
            value={action}
            options={actionsOf(kind).map((value) => ({ value, text: texts.actions[value] }))}
            onChoose={setAction}
          />
          <p>{texts.explain[action](name)}</p>
          {action === 'scale' ? (
            <Field
              label={texts.instances}
              type="number"
              min={0}
              max={64}
              placeholder={texts.byLoad}
              value={instances}
              onChange={(event) => setInstances(event.currentTarget.value)}
            />
          ) : null}
        </>
      }
      act={({ key }) => begin(name, body(), key)}
      onDone={showChange}
    />
  );
}
