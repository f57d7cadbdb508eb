import type { Command } from 'commander';
import { createLiveLine } from '../live-line.ts';
import { examples, print, table, tinted } from '../output.ts';
import { dateTime } from '../quantities.ts';
import type { GenerationRow, IndexDesk } from '../reindex/index-desk.ts';

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
      // The libraries are loaded only for what needs them.
      const { openIndexDesk } = await import('../reindex/index-desk.ts');
      const desk = await openIndexDesk();
      try {
        await act(desk, options);
      } finally {
        await desk.close();
      }
    });

async function act(desk: IndexDesk, { force = false, status, rollback, abort, json }: Options): Promise<void> {
  if (status) {
    const rows = await desk.list();
    return print(json, rows, describe(rows));
  }
  if (rollback) {
    const { from, to } = await desk.rollBack();
    return print(json, { live: to, kept: from }, `Index ${to} is live again; ${from} is kept`);
  }
  if (abort) {
    const generation = await desk.abort();
    return print(json, { removed: generation }, `Index ${generation} is given up; the live one was not touched`);
  }
  const generation = await desk.begin(force);
  if (generation === undefined) {
    const rows = await desk.list();
    return print(json, rows, `The index is as it is asked for; --force builds it again\n${describe(rows)}`);
  }
  await follow(desk, generation, json);
}

async function follow(desk: IndexDesk, generation: number, json: boolean | undefined): Promise<void> {
  const { followBuild } = await import('../reindex/follow-build.ts');
  const began = performance.now();
  const line = json ? undefined : createLiveLine(process.stdout);
  line?.print(`Building index ${generation}; it continues in the background when this command ends`);
  const row = await followBuild(desk, generation, line).finally(() => line?.end());
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
    row.state === 'live' ? dateTime(row.liveAt?.toISOString()) : '',
    row.differs.join(', '),
  ]);
  return table(header, lines);
}
