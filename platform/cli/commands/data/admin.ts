import type { Command } from 'commander';
import { examples } from '../../output.ts';
import { adminConfirm } from './admin-confirm.ts';
import { adminCreate } from './admin-create.ts';
import { adminList } from './admin-list.ts';
import { adminRemove } from './admin-remove.ts';
import { adminTier } from './admin-tier.ts';

export function admin(program: Command): void {
  const command = program
    .command('admin')
    .description('Administer the platform and its organizations')
    .addHelpText(
      'after',
      examples('pandect admin create olga@example.org', 'pandect admin tier olga@example.org professional'),
    );
  adminCreate(command);
  adminList(command);
  adminRemove(command);
  adminConfirm(command);
  adminTier(command);
}
