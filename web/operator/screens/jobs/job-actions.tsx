import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { plural } from '../../../app/plural.ts';
import { ChangeButton } from '../../parts/change-button.tsx';
import { type JobAction, mayBe, staleJobs, useActOnJobs, type Wanted } from './use-act-on-jobs.ts';
import { words } from './words.ts';

type Job = Schemas['ConsoleJob'];

const actions = ['retry', 'discard'] as const;

/** What may be done with one job. */
export function JobActions({ job: { id, state } }: { job: Pick<Job, 'id' | 'state'> }) {
  const texts = useWords(words);
  return (
    <div className="flex flex-wrap gap-2">
      {actions
        .filter((action) => mayBe[action].includes(state))
        .map((action) => (
          <Act
            key={action}
            action={action}
            text={texts[action]}
            name={action === 'retry' ? texts.retryOne(id) : texts.discardOne(id)}
            wanted={{ ids: [id] }}
          />
        ))}
    </div>
  );
}

/** What may be done with the chosen jobs, or else with all that match, whose number the button says. */
export function BulkActions({
  chosen,
  filter,
  total,
  asOf,
  onDone,
}: {
  chosen: readonly Job[];
  filter: { queue?: string; state?: Job['state'] };
  total: number;
  asOf: string;
  onDone: (done: number) => void;
}) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const jobs = (count: number) => plural(language, count, texts.jobs);
  const { queue, state } = filter;
  if (chosen.length > 0) {
    const ids = chosen.map(({ id }) => id);
    return actions
      .filter((action) => chosen.every((job) => mayBe[action].includes(job.state)))
      .map((action) => {
        const text = action === 'retry' ? texts.retryChosen : texts.discardChosen;
        return <Act key={action} action={action} text={text(jobs(ids.length))} wanted={{ ids }} onDone={onDone} />;
      });
  }
  if (total === 0 || state === undefined) return null;
  return actions
    .filter((action) => mayBe[action].includes(state))
    .map((action) => {
      const text = action === 'retry' ? texts.retryAll : texts.discardAll;
      const wanted = { ...(queue && { queue }), state: state as 'dead', count: total, asOf };
      return <Act key={action} action={action} text={text(jobs(total))} wanted={wanted} onDone={onDone} />;
    });
}

function Act({
  action,
  text,
  name = text,
  wanted,
  onDone,
}: {
  action: JobAction;
  text: string;
  name?: string;
  wanted: Wanted;
  onDone?: (done: number) => void;
}) {
  const texts = useWords(words);
  const act = useActOnJobs();
  return (
    <ChangeButton
      text={text}
      name={name}
      kind={action === 'retry' ? 'secondary' : 'danger'}
      chosen={wanted}
      question={
        <>
          <p>{action === 'retry' ? texts.retryText : texts.discardText}</p>
          {'count' in wanted ? <p>{texts.asCounted}</p> : null}
        </>
      }
      stale={staleJobs}
      act={({ key }) => act(action, wanted, key)}
      onDone={({ done }) => onDone?.(done)}
    />
  );
}
