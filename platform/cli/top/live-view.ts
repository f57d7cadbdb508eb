import type { ReadStream, WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/**
 * Shows frames on a screen of their own until q or Ctrl-C; the terminal is then as it was before.
 * @param next gives the next frame when it is time for it
 */
export async function liveView(
  input: ReadStream,
  output: WriteStream,
  next: (size: { rows: number }, signal: AbortSignal) => Promise<string>,
): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const end = () => ended.abort();
  const onKey = (key: Buffer) => {
    if (['q', 'Q', '\u0003', '\u0004'].includes(key.toString())) end();
  };
  process.once('SIGTERM', end);
  input.setRawMode(true).on('data', onKey).resume();
  output.write(ENTER);
  try {
    while (!signal.aborted) {
      const text = await next({ rows: output.rows || 24 }, signal);
      const lines = text.split('\n').map((line) => `${cut(line, output.columns || 80)}${CLEAR_LINE}`);
      if (!signal.aborted) output.write(HOME + lines.join('\n') + CLEAR_BELOW);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    output.write(LEAVE);
    process.off('SIGTERM', end);
    input.off('data', onKey).setRawMode(false).pause();
  }
}

/** A line that is too long loses its colours with its end. */
const cut = (line: string, width: number): string => {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : plain.slice(0, width);
};
