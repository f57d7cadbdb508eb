import type { Command } from 'commander';
import { examples, print } from '../../output.ts';

export const migrate = (program: Command) =>
  program
    .command('migrate')
    .description('Bring the database to this version; every start of the platform does the same')
    .option(
      '--logins <folder>',
      'make the logins of functions and workers too, from a file with a connection string for each',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'DATABASE_URL=postgres://… pandect migrate',
        'DATABASE_URL=postgres://… pandect migrate --logins /run/logins',
      ),
    )
    .action(async ({ logins, json }: { logins?: string; json?: boolean }) => {
      const { migrateOnly } = await import('../../migrate-only.ts');
      await migrateOnly({ logins });
      print(json, { migrated: true }, 'The database is up to date');
    });
