import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatBytes } from '../../../parts/bytes.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { formatMs, shortRelease } from '../../parts/figures.ts';
import { ReleaseName } from '../../parts/release-name.tsx';
import { showChange, staleUnits, useBeginChange } from '../../parts/use-change-unit.ts';
import { words } from './words.ts';

type Detail = Schemas['ConsoleUnitDetail'];
type Release = Detail['releases'][number];

const tones: Record<string, Tone> = { serving: 'ok', canary: 'info', preview: 'info', 'given-up': 'danger' };

/** What is kept, newest first; every row says which one is live. */
export function Releases({ detail }: { detail: Detail }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { releases, release: live } = detail;
  return (
    <div className="grid gap-3">
      <h2>{texts.releases}</h2>
      {releases.length === 0 ? (
        <Empty>{texts.noReleases}</Empty>
      ) : (
        <Table
          caption={texts.releases}
          rows={releases}
          rowKey={({ release }) => release}
          columns={[
            {
              heading: texts.release,
              cell: ({ release, state, current }) => (
                <>
                  <ReleaseName release={release} />{' '}
                  <Badge tone={tones[state] ?? 'quiet'}>{texts.releaseStates[state] ?? state}</Badge>
                  {current || !live ? null : (
                    <span className="block text-xs text-muted">{texts.liveIs(shortRelease(live))}</span>
                  )}
                </>
              ),
            },
            { heading: texts.commit, cell: ({ revision }) => <ReleaseName release={revision} /> },
            {
              heading: texts.size,
              numeric: true,
              cell: ({ bytes }) => <span className="whitespace-nowrap">{formatBytes(language, bytes)}</span>,
            },
            { heading: texts.built, cell: ({ builtAt }) => <Time at={builtAt} /> },
            { heading: texts.deployed, cell: ({ deployedAt }) => (deployedAt ? <Time at={deployedAt} /> : '–') },
            {
              heading: texts.by,
              cell: ({ deployedAt, deployedBy }) => deployedBy ?? (deployedAt ? texts.byStart : '–'),
            },
            { heading: texts.start, numeric: true, cell: ({ startMs }) => formatMs(language, startMs) },
            { heading: texts.actions, cell: (release) => <Actions detail={detail} release={release} /> },
          ]}
        />
      )}
    </div>
  );
}

function Actions({ detail: { name, release: live, previews }, release }: { detail: Detail; release: Release }) {
  const texts = useWords(words);
  const begin = useBeginChange();
  const { release: id, current, state } = release;
  const short = shortRelease(id);
  const common = { stale: staleUnits, onDone: showChange };
  const shown = previews.filter((preview) => preview.release === id);
  if (shown.length > 0) {
    return (
      <div className="flex flex-wrap items-center gap-2">
        {shown.map(({ path }) => (
          <a key={path} href={path} target="_blank" rel="noreferrer" aria-label={texts.openNamed(path)}>
            {texts.open}
          </a>
        ))}
        <ChangeButton
          {...common}
          text={texts.endPreview}
          name={texts.endPreviewNamed(short)}
          question={<p>{texts.endPreviewText}</p>}
          act={({ key }) => begin(name, { action: 'end-preview', release: id }, key)}
        />
      </div>
    );
  }
  // The canary is promoted or aborted above.
  if (current || state === 'canary') return null;
  return (
    <div className="flex flex-wrap gap-2">
      <ChangeButton
        {...common}
        text={texts.rollback}
        name={texts.rollbackNamed(name, shortRelease(live ?? '–'), short)}
        kind="danger"
        question={<p>{texts.rollbackText}</p>}
        act={({ key }) => begin(name, { action: 'rollback', release: id }, key)}
      />
      <ChangeButton
        {...common}
        text={texts.preview}
        name={texts.previewNamed(name, short)}
        question={<p>{texts.previewText}</p>}
        act={({ key }) => begin(name, { action: 'preview', release: id }, key)}
      />
    </div>
  );
}
