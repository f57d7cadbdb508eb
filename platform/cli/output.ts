import { stripVTControlCharacters, styleText } from 'node:util';

/** Prints an error as one message and ends with status 1; a stack only helps those who ask for it. */
export function fail(error: unknown): never {
  const { stack } = error instanceof Error ? error : new Error(String(error));
  complain(process.env.DEBUG === 'true' ? String(stack) : explain(error));
  process.exit(1);
}

/** Prints what went wrong where it belongs, red on a terminal. */
export function complain(message: string): void {
  console.error(styleText('red', message, { stream: process.stderr }));
}

/** What the query builder says is the whole statement; the database's own words below it tell what was wrong. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'query' in error && error.cause ? `Query failed: ${explain(error.cause)}` : error.message;
}

/** Rows under a header, columns as wide as their widest cell. Cells may be coloured. */
export function table(header: string[], rows: (string | number | undefined)[][]): string {
  const head = header.map((cell) => styleText('bold', cell));
  const cells = [head, ...rows.map((row) => row.map((cell) => String(cell ?? '')))];
  const width = (cell: string | undefined) => stripVTControlCharacters(cell ?? '').length;
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same result for people or, with `--json`, for programs. */
export function print(json: boolean | undefined, value: unknown, text: string): void {
  console.log(json ? JSON.stringify(value, null, 2) : text);
}

/** Text below a command's `--help`. */
export const examples = (...lines: string[]): string =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;

const tones = {
  green: ['ready', 'done', 'ok', 'live', 'closed', 'cached'],
  yellow: [
    'starting',
    'draining',
    'canary',
    'preview',
    'paused',
    'unchanged',
    'warn',
    'fallback',
    'building',
    'verified',
    'half-open',
    'broken',
    'pending',
  ],
  dim: ['asleep', 'stopped'],
  red: ['crashed', 'dead', 'backing off', 'down', 'failed', 'restored', 'fail', 'open', 'lost', 'firing'],
} as const;

/** A state in the colour of how well it is, on a terminal. */
export function tinted(state: string): string {
  for (const tone of ['green', 'yellow', 'dim', 'red'] as const) {
    if (tones[tone].some((one) => one === state)) return styleText(tone, state);
  }
  return state;
}
