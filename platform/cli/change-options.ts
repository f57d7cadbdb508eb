import { type Command, InvalidArgumentError } from 'commander';
import type { ChangeOptions } from '../supervisor/control/contract.ts';
import { operator } from './operator.ts';

/** Reads a whole number within bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

export interface ChangeFlags {
  json?: boolean;
  watch?: number;
  wait: boolean;
}

/** The options of every command that puts other processes in place of those that run. */
export const withChangeOptions = (command: Command): Command =>
  command
    .option(
      '--watch <seconds>',
      'how long crashes and errors restore the release before; 0 does not watch',
      wholeNumber(0, 3600),
    )
    .option('--no-wait', 'do not wait until the old processes have finished their requests')
    .option('--json', 'print JSON');

export const changeOptions = ({ watch, wait }: ChangeFlags): ChangeOptions => ({
  by: operator(),
  wait,
  ...(watch !== undefined && { watch }),
});
