import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventFramer, EventTooLarge } from './event-framer.ts';

const TEXT = 'Привет 🙂 北京';
const STREAM = [
  `data: {"text":"${TEXT}"}`,
  ': OPENROUTER PROCESSING',
  'event: delta\ndata: first\ndata:second',
  'id: 7\ndata\nretry: 3000',
  'data: [DONE]',
]
  .map((block) => `${block}\n\n`)
  .join('');
const EVENTS = [
  { data: `{"text":"${TEXT}"}` },
  undefined,
  { event: 'delta', data: 'first\nsecond' },
  { data: '' },
  { data: '[DONE]' },
];

function read(pieces: readonly Buffer[]) {
  const framer = new EventFramer();
  const events = pieces.flatMap((piece) => framer.push(piece));
  return { events, rest: framer.rest() };
}

const cutAt = (bytes: Buffer, ...places: number[]) =>
  [0, ...places].map((place, index, all) => bytes.subarray(place, all[index + 1] ?? bytes.length));

describe('an event framer', () => {
  it.each([
    ['LF', STREAM],
    ['CRLF', STREAM.replaceAll('\n', '\r\n')],
    ['CR', STREAM.replaceAll('\n', '\r')],
    ['a mixture', STREAM.replaceAll('\n\n', '\r\n\n')],
    ['another mixture', STREAM.replaceAll('\n\n', '\n\r\n')],
    ['a byte order mark', `\uFEFF${STREAM}`],
  ])('reads the same events with %s, wherever the stream is cut', (_, text) => {
    const bytes = Buffer.from(text);
    for (let place = 0; place <= bytes.length; place += 1) {
      const { events } = read(cutAt(bytes, place));
      // A line feed after the last carriage return may stand alone.
      expect(events.map(({ event }) => event)).toEqual(EVENTS);
    }
    expect(read([...bytes].map((byte) => Buffer.of(byte))).events.map(({ event }) => event)).toEqual(EVENTS);
  });

  it('loses no byte, with any ends of lines and any cuts', () => {
    const line = fc.constantFrom('data: x', 'data: 🙂', ': note', 'event: a', '');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end)), fc.array(fc.nat()), (lines, seeds) => {
        const bytes = Buffer.from(lines.flat().join(''));
        const places = seeds.map((seed) => seed % (bytes.length + 1)).toSorted((a, b) => a - b);
        const { events, rest } = read(cutAt(bytes, ...places));
        const whole = read([bytes]);
        expect(Buffer.concat([...events.map((event) => event.bytes), rest?.bytes ?? Buffer.alloc(0)])).toEqual(bytes);
        expect(events.map(({ event }) => event)).toEqual(whole.events.map(({ event }) => event));
      }),
    );
  });

  it('does not wait for a line feed after a carriage return that ends an event', () => {
    expect(read([Buffer.from('data: x\r\r')]).events).toHaveLength(1);
  });

  it('keeps what has no blank line at its end', () => {
    const { events, rest } = read([Buffer.from('data: x\n\ndata: [DONE]')]);
    expect(events).toHaveLength(1);
    expect(rest?.event).toEqual({ data: '[DONE]' });
  });

  it('reads an event of 200 kB that comes in small pieces', () => {
    const data = 'ж'.repeat(100_000);
    const bytes = Buffer.from(`data: ${data}\n\n`);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      bytes.subarray(index * 7, index * 7 + 7),
    );
    expect(read(pieces).events.map(({ event }) => event)).toEqual([{ data }]);
  });

  it.each([65_536, 4_194_304])('refuses an endless line in pieces of %i bytes', (size) => {
    const framer = new EventFramer();
    const piece = Buffer.alloc(size, 'x');
    expect(() => {
      for (let n = 0; n < 64; n += 1) framer.push(piece);
    }).toThrow(EventTooLarge);
  });
});
