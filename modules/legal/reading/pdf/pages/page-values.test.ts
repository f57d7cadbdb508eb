import { describe, expect, it } from 'vitest';
import { pageLines } from './page-lines.ts';
import { type Annotation, withValues } from './page-values.ts';

const run = (str: string, x: number, y: number, width: number) => ({
  str,
  transform: [11, 0, 0, 11, x, y],
  width,
  hasEOL: true,
});
const page = [run('The rent is:', 72, 704, 60), run('Pets are allowed:', 72, 674, 80), run('The end.', 72, 600, 40)];
const text = (...annotations: Annotation[]) => pageLines(withValues(page, annotations));
const field = { subtype: 'Widget', fieldType: 'Tx', rect: [300, 700, 500, 720] };

describe('withValues', () => {
  it('puts filled fields behind what stands before them in their line', () => {
    expect(text({ ...field, fieldValue: '4500 EUR' })).toContain('The rent is: 4500 EUR\n');
    expect(
      text({
        ...field,
        fieldType: 'Ch',
        fieldValue: ['q'],
        options: [{ exportValue: 'q', displayValue: 'Quarterly' }],
      }),
    ).toContain('The rent is: Quarterly\n');
  });

  it('shows boxes ticked or not', () => {
    const box = { ...field, fieldType: 'Btn', checkBox: true, exportValue: 'Yes', rect: [300, 670, 315, 685] };
    expect(text({ ...box, fieldValue: 'Yes' })).toContain('Pets are allowed: ☒\n');
    expect(text({ ...box, fieldValue: 'Off' })).toContain('Pets are allowed: ☐\n');
    const radio = { ...box, checkBox: false, radioButton: true, fieldValue: 'b' };
    expect(text({ ...radio, buttonValue: 'a' }, { ...radio, buttonValue: 'b', rect: [340, 670, 355, 685] })).toContain(
      'Pets are allowed: ☐ ☒\n',
    );
  });

  it('puts text on top of the page between the lines around it', () => {
    const note = {
      subtype: 'FreeText',
      contentsObj: { str: 'Clause 5 is deleted\rby agreement' },
      rect: [72, 630, 372, 660],
    };
    expect(text(note).split(/\n+/)).toEqual([
      'The rent is:',
      'Pets are allowed:',
      'Clause 5 is deleted',
      'by agreement',
      'The end.',
    ]);
    expect(pageLines(withValues([], [note])).split(/\n+/)).toEqual(['Clause 5 is deleted', 'by agreement']);
  });

  it('leaves out what is hidden, empty, a password or a button', () => {
    const plain = text();
    expect(text({ ...field, fieldValue: 'x', annotationFlags: 2 })).toBe(plain);
    expect(text({ ...field, fieldValue: 'x', annotationFlags: 32 })).toBe(plain);
    expect(text({ ...field, fieldValue: 'x', password: true })).toBe(plain);
    expect(text({ ...field, fieldValue: null })).toBe(plain);
    expect(text({ ...field, fieldType: 'Btn', fieldValue: 'x' })).toBe(plain);
    expect(text({ subtype: 'Text', contentsObj: { str: 'comment' }, rect: [0, 0, 9, 9] })).toBe(plain);
  });
});
