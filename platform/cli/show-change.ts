import type { Readable } from 'node:stream';
import { styleText } from 'node:util';
import type { ChangeEvent } from '../supervisor/control/contract.ts';
import { createSourcePlaces } from '../supervisor/release/source-places.ts';
import { currentHome, follow } from './control-client.ts';
import { createLiveLine } from './live-line.ts';
import { complain, tinted } from './output.ts';
import { duration } from './quantities.ts';

interface Showing {
  json?: boolean | undefined;
  /** Where the steps go; standard output when not told. */
  output?: NodeJS.WriteStream;
  /** What else the JSON says. */
  result?: (events: readonly ChangeEvent[]) => object;
}

/**
 * Follows a change: on a terminal its steps pass in one line and its results stay, elsewhere each is a line; with JSON
 * all are printed at the end. Ends with status 1 if it failed.
 * @returns its events, and whether it succeeded
 */
export async function showChange(
  path: string,
  body: object | Readable,
  { json, output = process.stdout, result = () => ({}) }: Showing,
): Promise<{ ok: boolean; events: ChangeEvent[] }> {
  const events: ChangeEvent[] = [];
  const line = json ? undefined : createLiveLine(output);
  const ok = await follow<ChangeEvent>(path, body, async (told) => {
    const event = told.log === undefined ? told : { ...told, log: await inSources(told.log) };
    events.push(event);
    if (output.isTTY && isStep(event)) line?.show(`${event.unit.padEnd(NAME)} ${event.step}`);
    else if (event.step === 'settings' || event.step === 'source') line?.print(event.message ?? '');
    else if (event.unit !== '') line?.print(describe(event));
  }).finally(() => line?.end());
  if (json) console.log(JSON.stringify({ ok, ...result(events), events }, null, 2));
  if (!ok) {
    process.exitCode = 1;
    if (!json) for (const advice of advise(events)) complain(advice);
  }
  return { ok, events };
}

const NAME = 14;

/** The log of a process that failed, with places in the sources; only then is it asked where the releases lie. */
export const inSources = async (log: string): Promise<string> =>
  createSourcePlaces((await currentHome()).releases)(log);

/** What only matters while it continues. */
export const isStep = ({ step, message, log }: ChangeEvent): boolean =>
  ['build', 'start', 'switch', 'watch', 'drain'].includes(step) && message === undefined && log === undefined;

/** `ask            done       1a2b3c4d5e6f 842 ms`, and the log of a process that failed below it. */
export function describe({ unit, step, release, ms, message, log }: ChangeEvent): string {
  const padded = tinted(step) + ' '.repeat(Math.max(0, 10 - step.length));
  const parts = [unit.padEnd(NAME), padded, release, duration(ms), message].filter(Boolean);
  return [parts.join(' ').trimEnd(), ...(log ? [styleText('dim', log)] : [])].join('\n');
}

/** What is the case after a change that failed, and where to look. */
export function advise(events: readonly ChangeEvent[]): string[] {
  return events.flatMap(({ unit, step, message, log }) => {
    if (step === 'settings' || step === 'source') return []; // it was printed, whatever the outcome
    // What concerns no unit is why nothing was begun.
    if (unit === '') return message ?? [];
    const more = `; pandect logs ${unit} shows more`;
    if (step === 'failed') return `Change "${unit}": it is as it was before${log ? more : ''}`;
    return step === 'restored' ? `Change "${unit}": the release before serves again${more}` : [];
  });
}
