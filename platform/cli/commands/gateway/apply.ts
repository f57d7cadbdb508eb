import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import { type AppliedConfiguration, describeChange } from '../../gateway-answers.ts';
import { operator } from '../../operator.ts';
import { examples, print } from '../../output.ts';
import { readDocument } from './read-document.ts';

interface Flags {
  comment?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `apply`, and `diff`, which is the same without its effect. */
export function apply(command: Command): void {
  command
    .command('apply <file>')
    .description('Put a configuration in effect, in every process within a second; - reads standard input')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--comment <text>', 'what is changed and why')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect gateway apply gateway.yaml',
        'pandect gateway apply gateway.yaml --comment "GigaChat as fallback"',
        'pandect gateway apply gateway.yaml --dry-run',
      ),
    )
    .action((file: string, flags: Flags) => send(file, flags));
  command
    .command('diff <file>')
    .description('Show what would change with a configuration, and change nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway diff gateway.yaml'))
    .action((file: string, { json = false }: Flags) => send(file, { json, dryRun: true }));
}

async function send(file: string, { comment, dryRun = false, json }: Flags): Promise<void> {
  const document = await readDocument(file);
  const body = { document, by: operator(), dryRun, ...(comment !== undefined && { comment }) };
  const applied = await ask<AppliedConfiguration>('POST', '/operator/gateway/apply', body);
  print(json, applied, describeApplied(applied, dryRun));
}

/** The changes, and the version that is in effect. */
export function describeApplied({ version, isNew, changes }: AppliedConfiguration, dryRun: boolean): string {
  const inEffect = version === 0 ? 'what the environment says' : `version ${version}`;
  const end = dryRun ? `Nothing was changed: ${inEffect} stays in effect` : `Version ${version} is in effect`;
  if (!isNew) return `No difference: version ${version} stays in effect`;
  return [...changes.map(describeChange), end].join('\n');
}
