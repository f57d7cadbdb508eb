/** Bytes of a file of the write-ahead log, as `initdb` sets it unless told otherwise. */
export const SEGMENT_BYTES = 16 * 1024 ** 2;

/** A byte of the write-ahead log, counted from its beginning. PostgreSQL writes it as `0/3000028`. */
export function parsePosition(text: string): number {
  const [, high, low] = /^([0-9A-F]+)\/([0-9A-F]+)$/i.exec(text) ?? [];
  if (high === undefined || low === undefined) throw new Error(`Read position of the log "${text}": it is none`);
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

export const formatPosition = (position: number): string =>
  `${hex(Math.floor(position / 2 ** 32))}/${hex(position % 2 ** 32)}`;

const hex = (value: number, digits = 1) => value.toString(16).toUpperCase().padStart(digits, '0');

/** The file that holds a position: timeline, upper half, number within it. */
export const segmentName = (timeline: number, position: number): string =>
  hex(timeline, 8) + hex(Math.floor(position / 2 ** 32), 8) + hex(Math.floor((position % 2 ** 32) / SEGMENT_BYTES), 8);

/** Undefined for other files, such as the history of timelines. */
export function parseSegmentName(name: string): { timeline: number; start: number } | undefined {
  const [, timeline = '', high = '', number = ''] = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/.exec(name) ?? [];
  if (timeline === '') return undefined;
  const start = Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(number, 16) * SEGMENT_BYTES;
  return { timeline: Number.parseInt(timeline, 16), start };
}
