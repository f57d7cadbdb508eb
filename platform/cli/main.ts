import './drizzle-files.ts';
import { Command } from 'commander';
import { version } from '../kernel/version.ts';
import { abort } from './commands/abort.ts';
import { admin } from './commands/admin.ts';
import { billing } from './commands/billing.ts';
import { canary } from './commands/canary.ts';
import { completion } from './commands/completion.ts';
import { deploy } from './commands/deploy.ts';
import { dev } from './commands/dev.ts';
import { doctor } from './commands/doctor.ts';
import { down } from './commands/down.ts';
import { history } from './commands/history.ts';
import { install } from './commands/install.ts';
import { jobs } from './commands/jobs.ts';
import { kills } from './commands/kills.ts';
import { logs } from './commands/logs.ts';
import { migrate } from './commands/migrate.ts';
import { preview } from './commands/preview.ts';
import { promote } from './commands/promote.ts';
import { ps } from './commands/ps.ts';
import { reindex } from './commands/reindex.ts';
import { releases } from './commands/releases.ts';
import { restart } from './commands/restart.ts';
import { rollback } from './commands/rollback.ts';
import { scale } from './commands/scale.ts';
import { top } from './commands/top.ts';
import { uninstall } from './commands/uninstall.ts';
import { up } from './commands/up.ts';
import { usage } from './commands/usage.ts';
import { fail } from './output.ts';

const commands = {
  'The platform:': [up, down, dev],
  'What runs:': [ps, top, logs, kills, restart, scale],
  'Releases:': [deploy, rollback, releases, history, canary, promote, abort, preview],
  'Jobs:': [jobs],
  'Search:': [reindex],
  'Usage:': [usage],
  'People and money:': [admin, billing],
  'The machine:': [doctor, migrate, install, uninstall, completion],
};

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

for (const [heading, registrations] of Object.entries(commands)) {
  program.commandsGroup(heading);
  for (const register of registrations) register(program);
}
program.helpCommand('help [command]', 'Tell how a command is used');

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : fail(error)));

await program.parseAsync().catch(fail);
