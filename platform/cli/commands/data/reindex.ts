import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import { createLiveLine } from '../../live-line.ts';
import type { GenerationRow } from '../../operator-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

interface Options {
  force?: boolean;
  status?: boolean;
  rollback?: boolean;
  abort?: boolean;
  json?: boolean;
}

export const reindex = (program: Command) =>
  program
    .command('reindex')
    .description('Build a new search index while the live one serves, verify it and switch to it')
    .option('--force', 'also when nothing about how it is built has changed')
    .option('--status', 'only list the indexes')
    .option('--rollback', 'make the index live again that was before')
    .option('--abort', 'give up the build that is under way')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The work continues in the background when this command ends; given again, it follows what is under way.
${examples('pandect reindex', 'pandect reindex --status', 'pandect reindex --rollback')}`,
    )
    .action(async (options: Options) => {
      if ([options.status, options.rollback, options.abort, options.force].filter(Boolean).length > 1) {
        throw new Error('Build index: --force, --status, --rollback and --abort exclude each other');
      }
      await act(options);
    });

const list = () => ask<GenerationRow[]>('GET', '/operator/indexes');

async function act({ force = false, status, rollback, abort, json }: Options): Promise<void> {
  if (status) {
    const rows = await list();
    return print(json, rows, describe(rows));
  }
  if (rollback) {
    const { from, to } = await ask<{ from: number; to: number }>('POST', '/operator/indexes/roll-back');
    return print(json, { live: to, kept: from }, `Index ${to} is live again; ${from} is kept`);
  }
  if (abort) {
    const { generation } = await ask<{ generation: number }>('POST', '/operator/indexes/abort');
    return print(json, { removed: generation }, `Index ${generation} is given up; the live one was not touched`);
  }
  const { generation } = await ask<{ generation: number | null }>('POST', '/operator/indexes/begin', { force });
  if (generation === null) {
    const rows = await list();
    return print(json, rows, `The index is as it is asked for; --force builds it again\n${describe(rows)}`);
  }
  await follow(generation, json);
}

async function follow(generation: number, json: boolean | undefined): Promise<void> {
  const { followBuild } = await import('../../reindex/follow-build.ts');
  const began = performance.now();
  const line = json ? undefined : createLiveLine(process.stdout);
  line?.print(`Building index ${generation}; it continues in the background when this command ends`);
  const row = await followBuild({ list }, generation, line).finally(() => line?.end());
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  print(
    json,
    { ...row, seconds },
    `Index ${generation} is live: ${row.total.toLocaleString('en')} documents; the one before is kept`,
  );
}

function describe(rows: readonly GenerationRow[]): string {
  const header = [
    'INDEX',
    'STATE',
    'DOCUMENTS',
    'CHUNKER',
    'EMBEDDING MODEL',
    'LENGTH',
    'STORE',
    'LIVE SINCE',
    'DIFFERS',
  ];
  const lines = rows.map((row) => [
    row.generation,
    tinted(row.state),
    `${row.done}/${row.total}`,
    row.chunker,
    row.embeddingModel,
    row.dimensions,
    row.store,
    row.state === 'live' ? dateTime(row.liveAt ?? undefined) : '',
    row.differs.join(', '),
  ]);
  return table(header, lines);
}
