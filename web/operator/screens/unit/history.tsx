import type { Schemas } from '@pandect/client';
import { useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { historyWords } from '../../parts/history-words.ts';
import { ReleaseName } from '../../parts/release-name.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleUnitDetail'];

/** What was changed, newest first. */
export function History({ history }: Pick<Detail, 'history'>) {
  const texts = useWords(words);
  const { actions, restored } = useWords(historyWords);
  return (
    <div className="grid gap-3">
      <h2>{texts.history}</h2>
      {history.length === 0 ? (
        <Empty>{texts.noHistory}</Empty>
      ) : (
        <Table
          caption={texts.history}
          rows={history}
          rowKey={({ at, action, release }) => `${at} ${action} ${release}`}
          columns={[
            { heading: texts.at, cell: ({ at }) => <Time at={at} /> },
            {
              heading: texts.change,
              cell: ({ action, outcome, reason }) => (
                <>
                  {actions[action] ?? action}
                  {outcome === 'restored' ? (
                    <span className="block text-danger">{`${restored}: ${reason}`}</span>
                  ) : null}
                </>
              ),
            },
            { heading: texts.release, cell: ({ release }) => <ReleaseName release={release} /> },
            { heading: texts.commit, cell: ({ revision }) => <ReleaseName release={revision} /> },
            { heading: texts.by, cell: ({ by }) => by ?? '' },
          ]}
        />
      )}
    </div>
  );
}

/** Processes that the platform ended, or that ended by themselves. */
export function Kills({ kills }: Pick<Detail, 'kills'>) {
  const texts = useWords(words);
  return (
    <div className="grid gap-3">
      <h2>{texts.kills}</h2>
      <Table
        caption={texts.kills}
        rows={kills}
        rowKey={({ at, pid }) => `${at} ${pid}`}
        columns={[
          { heading: texts.at, cell: ({ at }) => <Time at={at} /> },
          { heading: texts.release, cell: ({ release }) => <ReleaseName release={release} /> },
          { heading: texts.reason, cell: ({ reason }) => reason },
          { heading: texts.detail, cell: ({ detail }) => detail },
        ]}
      />
    </div>
  );
}
