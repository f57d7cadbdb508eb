import { type Command, InvalidArgumentError } from 'commander';
import type { Scale } from '../../../supervisor/control/contract.ts';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import { operator } from '../../operator.ts';
import { examples, print } from '../../output.ts';

export const scale = (program: Command) =>
  program
    .command('scale <name>')
    .argument('<instances>', 'a number, or auto: by load, between the bounds of the manifest', instancesOf)
    .description('Fix the number of processes of a function or worker, or leave it to the load again')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect scale ask 3', 'pandect scale ask auto'))
    .action(async (unit: string, wanted: number | 'auto', { json }) => {
      const instances = wanted === 'auto' ? null : wanted;
      const result = await ask<Scale>('POST', '/scale', { unit, instances, by: operator() });
      const now = result.instances ?? `by load, ${result.min} to ${result.max}`;
      print(json, result, `Processes of "${result.unit}": ${now}`);
    });

function instancesOf(text: string): number | 'auto' {
  if (text === 'auto') return text;
  try {
    return wholeNumber(0, 64)(text);
  } catch {
    throw new InvalidArgumentError('It must be a whole number from 0 to 64, or auto.');
  }
}
