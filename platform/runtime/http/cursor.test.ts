import { describe, expect, it } from 'vitest';
import { nextCursor, readCursor } from './cursor.ts';

const id = '3f2b8a54-92a2-4a6c-9d0b-7f3c1d2e4f50';
const createdAt = '2026-01-31T10:20:30.405Z';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('cursors', () => {
  it('come back as the position they were made of', () => {
    expect(
      readCursor(
        nextCursor(
          [
            { id: 'other', createdAt },
            { id, createdAt },
          ],
          true,
        ) ?? '',
      ),
    ).toEqual({ at: createdAt, id });
  });

  it('are not given on the last page', () => {
    expect(nextCursor([{ id, createdAt }], false)).toBeNull();
    expect(nextCursor([], true)).toBeNull();
  });

  it.each([
    ['empty', ''],
    ['not base64', '%%%'],
    ['not JSON', Buffer.from('[').toString('base64url')],
    ['of another shape', encode({ at: createdAt, id })],
    ['too long', encode([createdAt, id, 1])],
    ['with a time that is none', encode(["now()'; --", id])],
    ['with a day that is none', encode(['2026-02-30T00:00:00Z', id])],
    ['with a year that the database lacks', encode(['0000-01-01T00:00:00Z', id])],
    ['with an id that is none', encode([createdAt, '1 or true'])],
    ['null', encode(null)],
  ])('are refused when they are %s', (_, cursor) => {
    expect(() => readCursor(cursor)).toThrow(
      expect.objectContaining({
        type: 'invalid-request',
        errors: [{ path: 'query.cursor', message: 'not a cursor of ours' }],
      }),
    );
  });
});
