import type { Command } from 'commander';
import { examples, print } from '../../output.ts';

export const migrate = (program: Command) =>
  program
    .command('migrate')
    .description('Bring the database to this version; every start of the platform does the same')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('DATABASE_URL=postgres://… pandect migrate'))
    .action(async ({ json }) => {
      const { migrateOnly } = await import('../../migrate-only.ts');
      await migrateOnly();
      print(json, { migrated: true }, 'The database is up to date');
    });
