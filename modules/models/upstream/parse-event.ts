import type { WireEvent } from '../dialects/contract.ts';

const LF = 10;
const DATA = Buffer.from('data: ');

/** The event in the bytes of one block of a stream; undefined where it holds no data, such as a comment. */
export function parseEvent(bytes: Buffer): WireEvent | undefined {
  // Nearly all events are one line of data between line feeds.
  const end = bytes.length - 2;
  if (end > DATA.length && bytes.indexOf(LF) === end && bytes[end + 1] === LF && bytes.indexOf(DATA) === 0) {
    const data = bytes.toString('utf8', DATA.length, end);
    if (!data.includes('\r')) return { data };
  }
  return parseLines(bytes.toString('utf8').split(/\r\n|\n|\r/));
}

function parseLines(lines: readonly string[]): WireEvent | undefined {
  let event: string | undefined;
  let data: string | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') continue;
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') event = value;
    else data = data === undefined ? value : `${data}\n${value}`;
  }
  if (data === undefined) return undefined;
  return event === undefined || event === '' ? { data } : { event, data };
}
