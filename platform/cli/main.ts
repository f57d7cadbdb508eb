import './drizzle-files.ts';
import { Command } from 'commander';
import type { LoadComposition } from '../kernel/composition.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import { version } from '../kernel/version.ts';
import { fail } from './output.ts';

type Registration = (program: Command, loadComposition: LoadComposition) => unknown;

const command = <Name extends string>(name: Name, load: () => Promise<Record<Name, Registration>>) => ({
  name,
  load: async (): Promise<Registration> => (await load())[name],
});

const commands = {
  'The platform:': [
    command('up', () => import('./commands/machine/up.ts')),
    command('down', () => import('./commands/machine/down.ts')),
    command('dev', () => import('./commands/machine/dev.ts')),
  ],
  'What runs:': [
    command('ps', () => import('./commands/running/ps.ts')),
    command('top', () => import('./commands/running/top.ts')),
    command('logs', () => import('./commands/running/logs.ts')),
    command('errors', () => import('./commands/running/errors.ts')),
    command('kills', () => import('./commands/running/kills.ts')),
    command('alerts', () => import('./commands/running/alerts.ts')),
    command('restart', () => import('./commands/running/restart.ts')),
    command('scale', () => import('./commands/running/scale.ts')),
  ],
  'Releases:': [
    command('deploy', () => import('./commands/releases/deploy.ts')),
    command('push', () => import('./commands/releases/push.ts')),
    command('rollback', () => import('./commands/releases/rollback.ts')),
    command('releases', () => import('./commands/releases/releases.ts')),
    command('history', () => import('./commands/releases/history.ts')),
    command('canary', () => import('./commands/releases/canary.ts')),
    command('promote', () => import('./commands/releases/promote.ts')),
    command('abort', () => import('./commands/releases/abort.ts')),
    command('preview', () => import('./commands/releases/preview.ts')),
    command('build', () => import('./commands/releases/build.ts')),
  ],
  'Jobs:': [command('jobs', () => import('./commands/data/jobs.ts'))],
  'Search:': [command('reindex', () => import('./commands/data/reindex.ts'))],
  'Files:': [
    command('files', () => import('./commands/data/files.ts')),
    command('storage', () => import('./commands/data/storage.ts')),
  ],
  'Backups:': [
    command('backup', () => import('./commands/data/backup.ts')),
    command('restore', () => import('./commands/data/restore.ts')),
    command('reconcile', () => import('./commands/data/reconcile.ts')),
  ],
  'Usage:': [
    command('usage', () => import('./commands/data/usage.ts')),
    command('retention', () => import('./commands/data/retention.ts')),
  ],
  'Images:': [command('images', () => import('./commands/data/images.ts'))],
  'Bots:': [command('bots', () => import('./commands/data/bots.ts'))],
  'Gateway:': [command('gateway', () => import('./commands/gateway/gateway.ts'))],
  'People and money:': [
    command('admin', () => import('./commands/data/admin.ts')),
    command('audit', () => import('./commands/data/audit.ts')),
    command('billing', () => import('./commands/data/billing.ts')),
    command('wallets', () => import('./commands/data/wallets.ts')),
  ],
  'The machine:': [
    command('doctor', () => import('./commands/machine/doctor.ts')),
    command('plan', () => import('./commands/machine/plan.ts')),
    command('export', () => import('./commands/export/export.ts')),
    command('keys', () => import('./commands/machine/keys.ts')),
    command('hosts', () => import('./commands/machine/hosts.ts')),
    command('prune', () => import('./commands/machine/prune.ts')),
    command('migrate', () => import('./commands/machine/migrate.ts')),
    command('serve', () => import('./commands/machine/serve.ts')),
    command('upgrade', () => import('./commands/machine/upgrade.ts')),
    command('install', () => import('./commands/machine/install.ts')),
    command('uninstall', () => import('./commands/machine/uninstall.ts')),
    command('completion', () => import('./commands/machine/completion.ts')),
  ],
};

/** Runs the command that the process was started with. */
export async function runCommand(loadComposition: LoadComposition): Promise<void> {
  const program = new Command('pandect')
    .description('A small serverless platform for AI products on one server')
    .version(version)
    .showHelpAfterError('(--help tells more)')
    .addHelpText(
      'after',
      `
PANDECT_HOME (default .pandect) tells which platform is meant when several run on one machine. Every command has its own
--help with examples. The exit status is 0 when it was done and 1 when it was refused or failed.`,
    );

  // Commands see the settings as processes will have them.
  const load: LoadComposition = async () => {
    const composition = await loadComposition();
    Object.assign(process.env, secretsFromFiles(composition.variables, process.env));
    return composition;
  };

  // To read all of them takes longer than most commands do: one that is named is read alone.
  const named = Object.values(commands)
    .flat()
    .some(({ name }) => name === process.argv[2]);
  for (const [heading, group] of Object.entries(commands)) {
    program.commandsGroup(heading);
    const wanted = group.filter(({ name }) => !named || name === process.argv[2]);
    for (const register of await Promise.all(wanted.map((one) => one.load()))) register(program, load);
  }
  program.helpCommand('help [command]', 'Tell how a command is used');

  // A reader that has seen enough, such as head, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    error.code === 'EPIPE' ? process.exit(0) : fail(error),
  );

  await program.parseAsync().catch(fail);
}
