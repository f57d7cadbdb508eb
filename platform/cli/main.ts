import { Command } from 'commander';
import { adminTier } from './commands/admin-tier.ts';
import { deploy } from './commands/deploy.ts';
import { logs } from './commands/logs.ts';
import { migrate } from './commands/migrate.ts';
import { ps } from './commands/ps.ts';
import { releases } from './commands/releases.ts';
import { restart } from './commands/restart.ts';
import { rollback } from './commands/rollback.ts';
import { up } from './commands/up.ts';
import { fail } from './output.ts';

const program = new Command('pandect')
  .description('A small serverless platform for AI products on one server')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nPANDECT_HOME (default .pandect) tells which platform is meant when several run on one machine.',
  );

for (const register of [up, migrate, ps, deploy, rollback, releases, restart, logs, adminTier]) register(program);

await program.parseAsync().catch(fail);
