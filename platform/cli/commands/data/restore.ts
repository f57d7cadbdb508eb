import { type Command, InvalidArgumentError } from 'commander';
import type { Restored } from '../../../backup/restore/restore-backup.ts';
import type { Settled } from '../../../backup/restore/settle-database.ts';
import type { SettledElsewhere } from '../../../backup/restore/settle-elsewhere.ts';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { giveWay } from '../../give-way.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime, seconds } from '../../quantities.ts';
import { describeVerdicts } from '../../verdicts.ts';

interface Flags {
  backup?: string;
  at?: Date;
  into?: string;
  drill?: boolean;
  settle?: boolean;
  json?: boolean;
}

export const restore = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('restore')
    .description(
      'Restore a backup into a new home, and a dump of a database elsewhere into the empty one of DATABASE_URL; it does not reach anyone before `pandect reconcile --release`',
    )
    .option('--backup <id>', 'which one, as of its own moment; default: the newest complete one and all log after it')
    .option('--at <time>', 'as of a moment of the log, such as 2026-01-31T12:00:00Z; see pandect backup list', readTime)
    .option('--into <home>', 'a folder that is missing or empty; default: PANDECT_HOME')
    .option(
      '--drill',
      'restore into a temporary home, prove it and remove it; status 1 when something is not as it was',
    )
    .option(
      '--settle',
      'with --at: a database elsewhere was brought back by other means, as of that moment; end sign-ins, erase again what was erased since, hold letters and charges',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect restore --into /var/lib/pandect-restored',
        'pandect restore --at 2026-01-31T12:00:00+03:00 --into /var/lib/pandect-restored',
        'pandect restore --drill',
        'pandect restore --drill --json',
        'pandect restore --settle --at 2026-01-31T12:00:00Z',
      ),
    )
    .action(async ({ backup: id, at, into, drill: isDrill, settle: isSettling, json }: Flags) => {
      if (isSettling) {
        if (isDrill || id !== undefined || into !== undefined) throw new Error('Restore: --settle takes --at alone');
        if (!at) throw new Error('Restore: --settle needs --at: the moment that the database is as of');
        const { settleRestored } = await import('../../work-on-backups.ts');
        const result = await settleRestored(loadComposition, at);
        return print(json, result, describeSettled(result));
      }
      if (isDrill && into !== undefined) throw new Error('Restore: --drill makes a home of its own; leave --into out');
      if (isDrill && at) throw new Error('Restore: --drill proves the newest moment; leave --at out');
      if (isDrill) return runDrill(loadComposition, id, json);
      const { restoreInto } = await import('../../work-on-backups.ts');
      const restored = await restoreInto({ id, at, into, loadComposition, progress });
      print(json, restored, describe(restored));
    });

/** @throws for a time without a zone, which would be another one on another host */
function readTime(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(text);
  if (isTime && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError(
    'must be a time with its zone, such as 2026-01-31T12:00:00Z or 2026-01-31T15:00:00+03:00.',
  );
}

const progress = (line: string) => console.error(line);

async function runDrill(
  loadComposition: LoadComposition,
  id: string | undefined,
  json: boolean | undefined,
): Promise<void> {
  giveWay();
  const { drill, openPlace } = await import('../../work-on-backups.ts');
  const { drill: prove } = await loadComposition();
  const result = await drill(await openPlace(loadComposition), { id, prove, progress });
  const rows = result.proofs.map(({ name, isPassed, detail }) => [tinted(isPassed ? 'ok' : 'fail'), name, detail]);
  const head = `Backup ${result.id} ${result.isPassed ? 'can be restored' : 'CANNOT be restored as it was'} (${seconds(result.seconds)})`;
  print(json, result, `${head}\n${table(['STATE', 'WHAT', 'DETAIL'], rows)}`);
  if (!result.isPassed) process.exitCode = 1;
}

function describeSettled({ at, erasures, settled, after, held }: SettledElsewhere): string {
  return [
    `The database, as of ${dateTime(at)}, is settled; ${erasures} erasures and revoked keys are known`,
    ...describeWhatEnded(settled, held),
    ...describeVerdicts(after),
    'Next: ./scripts/up on this host alone, ./scripts/pandect reconcile, and after its --release the other hosts',
  ].join('\n');
}

const describeWhatEnded = (settled: Settled, held: readonly string[]): string[] => [
  `Sign-ins ended: ${settled.sessions}; everyone signs in again`,
  `Keys that had been revoked later: ${settled.keys}; organizations that had been erased later: ${settled.organizations}, with ${settled.files} files`,
  `Jobs are held of: ${held.join(', ')}. No letter, charge or bot message leaves before pandect reconcile --release`,
];

function describe({ id, at, filesAt, into, after, manifest, settled, held, proofs, ...rest }: Restored): string {
  const { secrets, settings, files } = manifest;
  const lines = [
    `Backup ${id} is restored into ${into}, as of ${dateTime(at)} (${seconds(rest.seconds)})`,
    ...proofs.map(({ name, detail }) => `  ${name.padEnd(12)}${detail}`),
    '',
    ...describeWhatEnded(settled, held),
    ...(filesAt !== undefined && filesAt < at
      ? [`Files are as of ${dateTime(filesAt)}; later ones are not in the backup`]
      : []),
    ...describeVerdicts(after),
    ...(manifest.database.kind === 'dump'
      ? ['The database of DATABASE_URL is filled from the dump; roles and passwords are made at the first start']
      : []),
    ...(files === null ? ['Files are in S3 and were not touched'] : []),
    ...(settings.STORAGE === 's3' && process.env.STORAGE !== 's3'
      ? ['Erasures that are noted in the bucket were not read: pandect reconcile does, with STORAGE and S3_… set']
      : []),
    '',
    'Next:',
    `  1. Set what was set: ${
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ') || 'nothing'
    }`,
    ...(secrets.length > 0 ? [`     and these secrets, which a backup does not hold: ${secrets.join(', ')}`] : []),
    `  2. PANDECT_HOME=${into} ./scripts/up`,
    `  3. PANDECT_HOME=${into} ./scripts/pandect reconcile`,
  ];
  return lines.join('\n');
}
