import { expect, it } from 'vitest';
import { setFormField } from './set-form-field.ts';

const BOUNDARY = 'limit 7';
const part = (headers: string, content: string) => `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const file = part(
  'Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav',
  'a\r\nmodel\0ÿ',
);
const model = (value: string) => part('Content-Disposition: form-data; name="model"', value);
const end = `--${BOUNDARY}--\r\n`;
const bytes = (text: string) => Buffer.from(text, 'latin1');

it.each([
  ['in place of the caller’s', model('standard') + file + end],
  ['in place of two', model('a') + file + model('b') + end],
  ['where the caller gave none', file + end],
  ['behind a preamble, before an epilogue', `preamble\r\n${file}${model('a')}${end}epilogue`],
])('sets the field %s, and changes no other byte', (_, form) => {
  expect(setFormField(bytes(form), BOUNDARY, 'model', 'whisper-1')).toEqual(bytes(file + model('whisper-1') + end));
});

it.each(['', 'nonsense', file, `--${BOUNDARY}`, part('x', 'y').slice(0, -2)])(
  'refuses %j, which is no form',
  (form) => {
    expect(() => setFormField(bytes(form), BOUNDARY, 'model', 'whisper-1')).toThrow('invalid-request');
  },
);
