import type { Command } from 'commander';
import { examples } from '../output.ts';
import { showChange } from '../show-change.ts';

export function keys(program: Command): void {
  const command = program.command('keys').description('Look after the keys of the platform');
  command
    .command('rotate')
    .description(
      'Sign access tokens with a new key; those signed with the one before stay valid, and nothing is restarted',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect keys rotate', 'pandect keys rotate --json'))
    .action(async (flags: { json?: boolean }) => {
      await showChange('/keys/rotate', {}, flags);
    });
}
