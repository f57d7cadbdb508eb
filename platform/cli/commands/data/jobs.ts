import { type Command, InvalidArgumentError, Option } from 'commander';
import { jobStates } from '../../../kernel/job-state.ts';
import { ask } from '../../control-client.ts';
import type { JobRow, Retried } from '../../operator-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

const someId = '0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11';

export function jobs(program: Command): void {
  const command = program
    .command('jobs')
    .description('Look at the jobs of the workers, and decide about those that failed for good')
    .addHelpText(
      'after',
      examples(
        'pandect jobs list ingest --state dead',
        'pandect jobs retry --all --queue ingest',
        'pandect jobs pause ingest',
      ),
    );
  for (const add of [list, show, retry, discard, pauseAndResume]) add(command);
}

function list(command: Command): void {
  command
    .command('list [queue]')
    .description('List jobs, newest first')
    .addOption(new Option('--state <state>', 'only those').choices(jobStates))
    .option('--limit <count>', 'at most so many', count, 50)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect jobs list', 'pandect jobs list ingest --state dead --limit 200'))
    .action(async (queue: string | undefined, { state, limit, json }) => {
      const rows = await ask<JobRow[]>('POST', '/operator/jobs/list', { queue, state, limit });
      const lines = rows.map((row) => [
        row.id,
        row.queue,
        tinted(row.state),
        `${row.attempt}/${row.attempts}`,
        dateTime(row.createdAt),
        dateTime(row.endedAt ?? row.startedAt ?? undefined),
        row.organization ?? undefined,
        row.error ?? undefined,
      ]);
      const header = ['ID', 'QUEUE', 'STATE', 'ATTEMPT', 'CREATED', 'LAST RUN', 'ORGANIZATION', 'ERROR'];
      print(json, rows, table(header, lines));
    });
}

function show(command: Command): void {
  command
    .command('show <id>')
    .description('Show one job')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect jobs show ${someId}`))
    .action(async (id: string, { json }) => {
      const job = await ask<JobRow>('POST', '/operator/jobs/show', { id });
      const { about, ...fields } = job;
      const lines = Object.entries({ ...fields, ...about }).map(([name, value]) => [
        name,
        name.endsWith('At') && value !== null ? dateTime(String(value)) : (value ?? undefined),
      ]);
      print(json, job, table(['FIELD', 'VALUE'], lines));
    });
}

function retry(command: Command): void {
  command
    .command('retry [ids...]')
    .description('Have jobs that failed for good done after all, with all their attempts before them')
    .option('--all', 'every dead job of a queue')
    .option('--queue <queue>', 'the queue that --all means')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect jobs retry ${someId}`, 'pandect jobs retry --all --queue ingest'))
    .action(async (ids: string[], { all, queue, json }) => {
      if (all ? !queue || ids.length > 0 : ids.length === 0 || queue) {
        throw new Error('Retry jobs: name their ids, or --all with --queue');
      }
      const retried = await ask<Retried[]>('POST', '/operator/jobs/retry', all ? { queue } : { ids });
      const lines = retried.map(({ id, job, isNew }) => `${id} ${isNew ? 'waits as' : 'is given up for'} ${job}`);
      print(json, retried, lines.join('\n') || `No job of "${queue}" is dead`);
    });
}

function discard(command: Command): void {
  command
    .command('discard <ids...>')
    .description('Forget jobs that wait, or that failed for good')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect jobs discard ${someId}`))
    .action(async (ids: string[], { json }) => {
      const discarded = await ask<{ id: string }[]>('POST', '/operator/jobs/discard', { ids });
      print(json, discarded, discarded.map(({ id }) => `${id} is discarded`).join('\n'));
    });
}

function pauseAndResume(command: Command): void {
  for (const [name, description, done] of [
    ['pause', 'Let a queue’s workers finish what they have and take no more; jobs are still accepted', 'is paused'],
    ['resume', 'Start the workers of a paused queue again', 'continues'],
  ] as const) {
    command
      .command(`${name} <queue>`)
      .description(description)
      .option('--json', 'print JSON')
      .addHelpText('after', examples(`pandect jobs ${name} ingest`))
      .action(async (queue: string, { json }) => {
        const answer = await ask<object>('POST', `/queues/${name}`, { queue });
        print(json, answer, `Queue "${queue}" ${done}`);
      });
  }
}

function count(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(value);
}
