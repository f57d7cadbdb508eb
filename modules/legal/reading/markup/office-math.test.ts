import { describe, expect, it } from 'vitest';
import { readDocxBody, run } from '../fixtures/make-docx.ts';

const m = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"';
const r = (text: string) => `<m:r><w:rPr><w:i/></w:rPr><m:t>${text}</m:t></m:r>`;
const e = (content: string, name = 'e') => `<m:${name}>${content}</m:${name}>`;
const fraction = (above: string, below: string) => `<m:f>${e(r(above), 'num')}${e(r(below), 'den')}</m:f>`;
const read = async (content: string) =>
  (await readDocxBody(`<w:p>${run('в размере ')}<m:oMath ${m}>${content}</m:oMath>${run(' ставки')}</w:p>`)).text;

describe('a formula of a Word document', () => {
  it.each([
    ['a fraction', fraction('1', '300'), '1/300'],
    ['a fraction of sums', fraction('a+b', '2'), '(a+b)/2'],
    ['a mixed number', r('1') + fraction('1', '2'), '1 1/2'],
    ['a power', `<m:sSup>${e(r('10'))}${e(r('6'), 'sup')}</m:sSup>`, '10⁶'],
    ['a power that has no sign', `<m:sSup>${e(r('x'))}${e(r('max'), 'sup')}</m:sSup>`, 'x^(max)'],
    ['an index', `<m:sSub>${e(r('C'))}${e(r('1'), 'sub')}</m:sSub>`, 'C₁'],
    ['a root', `<m:rad>${e(r('3'), 'deg')}${e(r('x+1'))}</m:rad>`, '³√(x+1)'],
    [
      'a sum',
      `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>${e(r('i=1'), 'sub')}${e(r('n'), 'sup')}${e(r('x'))}</m:nary>`,
      '∑ᵢ₌₁ⁿ x',
    ],
    [
      'a matrix',
      `<m:m><m:mr>${e(r('1'))}${e(r('2'))}</m:mr><m:mr>${e(r('3'))}${e(r('4'))}</m:mr></m:m>`,
      '[1, 2; 3, 4]',
    ],
    ['brackets', `<m:d>${e(r('x'))}</m:d>`, '(x)'],
  ])('reads as %s on its line', async (_, content, expected) => {
    expect(await read(content)).toBe(`в размере ${expected} ставки`);
  });

  it('does not join the figure before it', async () => {
    const body = `<w:p>${run('1')}<m:oMath ${m}>${fraction('1', '2')}</m:oMath></w:p>`;
    expect((await readDocxBody(body)).text).toBe('1 1/2');
  });
});
