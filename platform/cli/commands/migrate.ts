import type { Command } from 'commander';

export const migrate = (program: Command) =>
  program
    .command('migrate')
    .description('Bring the database to this version; every start of the platform does the same')
    .action(async () => {
      const { migrateOnly } = await import('../migrate-only.ts');
      await migrateOnly();
      console.log('The database is up to date');
    });
