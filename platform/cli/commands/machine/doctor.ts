import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import type { Finding } from '../../doctor/finding.ts';
import { examples, print, tinted } from '../../output.ts';

export const doctor = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('doctor')
    .description('Check the machine, the settings and the running platform; the status is 1 when something fails')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect doctor', 'pandect doctor --json'))
    .action(async ({ json }) => {
      // What it looks with takes longer to load than all of the other commands together.
      const { diagnose } = await import('../../doctor/diagnose.ts');
      const findings = await diagnose(await loadComposition());
      print(json, findings, findings.map(describe).join('\n'));
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
    });

const MARGIN = 26;

/** `ok    disk                41 GiB free`, and below it what to do. */
function describe({ name, state, detail, hint }: Finding): string {
  const margin = ' '.repeat(MARGIN);
  const lines = `${tinted(state)}${' '.repeat(6 - state.length)}${name.padEnd(MARGIN - 6)}${detail}`.split('\n');
  const indented = lines.map((line, index) => (index === 0 ? line : margin + line));
  return [...indented, ...(hint ? [styleText('dim', `${margin}→ ${hint}`)] : [])].join('\n');
}
