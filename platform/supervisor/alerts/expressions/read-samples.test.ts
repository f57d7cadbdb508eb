import { describe, expect, it } from 'vitest';
import { labelsOf, readSamples } from './read-samples.ts';

const read = (text: string) => [...readSamples(text, (name) => name !== 'unwanted')];

describe('samples of the text format', () => {
  it.each([
    ['a', 'x 1', [{ key: 'x', name: 'x', value: 1 }]],
    ['with labels', 'x{a="b",c="d"} 1.5e3', [{ key: 'x{a="b",c="d"}', name: 'x', value: 1_500 }]],
    ['with a timestamp', 'x{a="b"} 1 1395066363000', [{ key: 'x{a="b"}', name: 'x', value: 1 }]],
    ['with braces, blanks and quotes in a value', 'x{a="} \\" 9"} 2', [{ key: 'x{a="} \\" 9"}', name: 'x', value: 2 }]],
    ['without an end', 'x{a="b" 1', []],
    ['without a value', 'x{a="b"}', []],
    ['with a value that is none', 'x one', []],
    [
      'of infinity',
      'x +Inf\ny -Inf',
      [
        { key: 'x', name: 'x', value: Infinity },
        { key: 'y', name: 'y', value: -Infinity },
      ],
    ],
    ['of no number', 'x NaN', [{ key: 'x', name: 'x', value: Number.NaN }]],
    ['that no rule reads, and comments', '# HELP x What it is\nunwanted 1\n\nunwanted{a="b"} 1\n', []],
    [
      'with carriage returns',
      'x 1\r\ny 2\r\n',
      [
        { key: 'x', name: 'x', value: 1 },
        { key: 'y', name: 'y', value: 2 },
      ],
    ],
  ])('%s', (_, text, samples) => {
    expect(read(text)).toEqual(samples);
  });

  it('have their labels unescaped', () => {
    expect(labelsOf('x{a="q\\"b\\\\c\\nd", b="", c="}"}')).toEqual({ a: 'q"b\\c\nd', b: '', c: '}' });
    expect(labelsOf('x')).toEqual({});
  });
});
