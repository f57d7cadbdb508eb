import { Argument, type Command } from 'commander';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

const what = `What to rotate:
  jwt       the key that signs access tokens; nothing is restarted
  database  the passwords with which functions and workers log into PostgreSQL; units restart one by one
  redis     the same for the embedded Redis
  all       each of them
`;

export function keys(program: Command): void {
  const command = program.command('keys').description('Look after the keys of the platform');
  command
    .command('rotate')
    .description(
      'Replace keys and passwords while people work: no session ends and no request fails. Earlier access tokens stay valid until they expire; earlier passwords are refused once no process uses them',
    )
    .addArgument(new Argument('[what]', 'what to rotate').choices(['jwt', 'database', 'redis', 'all']).default('all'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `\n${what}${examples('pandect keys rotate', 'pandect keys rotate jwt', 'pandect keys rotate database --json')}`,
    )
    .action(async (what: string, flags: { json?: boolean }) => {
      await showChange('/keys/rotate', { what }, flags);
    });
}
