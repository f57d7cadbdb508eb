import { describe, expect, it } from 'vitest';
import { findBreaks } from './find-breaks.ts';
import type { Contract, RecordedOperation } from './record.ts';
import { type Schema, type Shape, shapeOf } from './shape.ts';

const text: Schema = { type: 'string' };
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  ...{ type: 'object', properties, required },
});
const contract = (
  {
    answer = {},
    body,
    query = object({}),
    status = '200',
  }: { [part in 'answer' | 'body' | 'query']?: Schema } & {
    status?: string;
  },
  schemas: Record<string, Schema> = {},
): Contract => {
  const operation: RecordedOperation = {
    parameters: shapeOf(query),
    ...(body && { body: { required: true, content: { 'application/json': shapeOf(body) } } }),
    answers: { [`${status} application/json`]: shapeOf(answer) },
  };
  const shapes = Object.entries(schemas).map(([name, schema]): [string, Shape] => [name, shapeOf(schema)]);
  return { operations: { 'POST /api/notes': operation }, shapes: Object.fromEntries(shapes) };
};
const breaks = (before: Contract, now: Contract) =>
  findBreaks(before, now).map((line) => line.replace('POST /api/notes: ', ''));
const note = { $ref: '#/components/schemas/Note' };

describe('a program that reads answers', () => {
  it.each<[string, Schema, Schema, string[]]>([
    ['another field', object({ id: text }), object({ id: text, title: text }), []],
    ['a field less', object({ id: text, title: text }), object({ id: text }), ['answer title: may be missing']],
    ['a field that may be missing now', object({ id: text }), object({ id: text }, []), ['answer id: may be missing']],
    ['a field that it did not count on', object({ id: text }, []), object({}), []],
    ['null where there was none', text, { type: ['string', 'null'] }, ['answer: null instead of string']],
    ['no null any more', { type: ['string', 'null'] }, text, []],
    ['another type', { type: 'number' }, text, ['answer: string instead of number']],
    ['whole numbers', { type: 'number' }, { type: 'integer' }, []],
    ['anything at all', text, {}, ['answer: anything instead of string']],
    ['another value', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, ['answer: b beyond a']],
    ['a value less', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['a'] }, []],
    [
      'other items',
      { type: 'array', items: text },
      { type: 'array', items: { type: 'null' } },
      ['answer[]: null instead of string'],
    ],
    [
      'another form',
      { anyOf: [text, { type: 'null' }] },
      { anyOf: [text, { type: 'boolean' }] },
      ['answer: has other forms'],
    ],
    ['a form less', { anyOf: [text, { type: 'null' }] }, text, []],
  ])('is told of %s only if it matters', (_, before, now, expected) => {
    const found = breaks(contract({ answer: before }), contract({ answer: now }));
    expect(found.map((line) => line.replace('answer 200 application/json', 'answer'))).toEqual(expected);
  });

  it('is told of an operation, a status and a kind of event that are gone', () => {
    const events = { Events: object({ delta: text, done: text }, []) };
    const stream = { ...text, contentSchema: { $ref: '#/components/schemas/Events' } };
    expect(breaks(contract({}), { operations: {}, shapes: {} })).toEqual(['is gone']);
    expect(breaks(contract({}), contract({ status: '202' }))).toEqual([
      'answer 200 application/json: is no longer given',
    ]);
    expect(
      breaks(
        contract({ answer: stream }, events),
        contract({ answer: stream }, { Events: object({ done: text }, []) }),
      ),
    ).toEqual(['answer 200 application/json event delta: is gone']);
  });

  it('follows shapes by their names, also those that hold themselves', () => {
    const before = { Note: object({ id: text, below: { type: 'array', items: note } }) };
    const now = { Note: object({ below: { type: 'array', items: note } }) };
    expect(breaks(contract({ answer: note }, before), contract({ answer: note }, before))).toEqual([]);
    expect(breaks(contract({ answer: note }, before), contract({ answer: note }, now))).toEqual([
      'answer 200 application/json id: may be missing',
    ]);
  });
});

describe('a program that sends requests', () => {
  it.each<[string, Schema, Schema, string[]]>([
    ['another field that may be left out', object({ id: text }), object({ id: text, title: text }, ['id']), []],
    [
      'another field that must be there',
      object({ id: text }),
      object({ id: text, title: text }),
      ['body title: has become required'],
    ],
    [
      'a field that must be there now',
      object({ id: text }, []),
      object({ id: text }),
      ['body id: has become required'],
    ],
    ['a field that need not be there', object({ id: text }), object({ id: text }, []), []],
    ['a field that is refused now', object({ id: text }), object({}), ['body id: is no longer accepted']],
    ['a field that any name may have', object({ id: text }), { type: 'object', additionalProperties: text }, []],
    ['a value less', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['a'] }, ['body: b beyond a']],
    ['another value', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, []],
    ['a list of values where any was taken', text, { ...text, enum: ['a'] }, ['body: any value beyond a']],
    ['another type', text, { type: ['string', 'null'] }, []],
    ['a type less', { type: ['string', 'null'] }, text, ['body: null instead of string']],
  ])('is told of %s only if it matters', (_, before, now, expected) => {
    expect(breaks(contract({ body: before }), contract({ body: now }))).toEqual(expected);
  });

  it('is told of parameters and bodies that have become required, and of those that are refused', () => {
    const query = object({ 'query limit': text });
    expect(breaks(contract({ query }), contract({}))).toEqual(['parameter query limit: is no longer accepted']);
    expect(breaks(contract({}), contract({ query }))).toEqual(['parameter query limit: has become required']);
    expect(breaks(contract({}), contract({ body: object({}) }))).toEqual(['body: has become required']);
    expect(breaks(contract({ body: text }), contract({}))).toEqual(['body: is no longer accepted']);
  });
});
