import type { Command } from 'commander';
import type { Restored } from '../../../backup/restore/restore-backup.ts';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime, seconds } from '../../quantities.ts';

interface Flags {
  backup?: string;
  into?: string;
  drill?: boolean;
  json?: boolean;
}

export const restore = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('restore')
    .description(
      'Restore a backup into a new home, which then does not reach anyone before `pandect reconcile --release`',
    )
    .option('--backup <id>', 'which one; default: the newest complete one')
    .option('--into <home>', 'a folder that is missing or empty; default: PANDECT_HOME')
    .option(
      '--drill',
      'restore into a temporary home, prove it and remove it; status 1 when something is not as it was',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect restore --into /var/lib/pandect-restored',
        'pandect restore --drill',
        'pandect restore --drill --json',
      ),
    )
    .action(async ({ backup: id, into, drill: isDrill, json }: Flags) => {
      if (isDrill && into !== undefined) throw new Error('Restore: --drill makes a home of its own; leave --into out');
      if (isDrill) return runDrill(loadComposition, id, json);
      const { restoreInto } = await import('../../work-on-backups.ts');
      const restored = await restoreInto({ id, into, progress });
      print(json, restored, describe(restored));
    });

const progress = (line: string) => console.error(line);

async function runDrill(
  loadComposition: LoadComposition,
  id: string | undefined,
  json: boolean | undefined,
): Promise<void> {
  const { drill, openPlace } = await import('../../work-on-backups.ts');
  const { drill: prove } = await loadComposition();
  const result = await drill(await openPlace(loadComposition), { id, prove, progress });
  const rows = result.proofs.map(({ name, isPassed, detail }) => [tinted(isPassed ? 'ok' : 'fail'), name, detail]);
  const head = `Backup ${result.id} ${result.isPassed ? 'can be restored' : 'CANNOT be restored as it was'} (${seconds(result.seconds)})`;
  print(json, result, `${head}\n${table(['STATE', 'WHAT', 'DETAIL'], rows)}`);
  if (!result.isPassed) process.exitCode = 1;
}

function describe({ id, into, manifest, settled, held, proofs, ...rest }: Restored): string {
  const { secrets, settings, files } = manifest;
  const lines = [
    `Backup ${id} is restored into ${into}, as of ${dateTime(manifest.at)} (${seconds(rest.seconds)})`,
    ...proofs.map(({ name, detail }) => `  ${name.padEnd(12)}${detail}`),
    '',
    `Sign-ins ended: ${settled.sessions}; everyone signs in again`,
    `Keys that had been revoked later: ${settled.keys}; organizations that had been erased later: ${settled.organizations}, with ${settled.files} files`,
    `Jobs are held of: ${held.join(', ')}. No letter, charge or bot message leaves before pandect reconcile --release`,
    `Payments after ${dateTime(manifest.at)} are not in the database: compare with the provider before the release`,
    ...(files === null ? ['Files are in S3 and were not touched'] : []),
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
