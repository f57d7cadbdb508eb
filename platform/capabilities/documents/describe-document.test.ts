import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDocument } from './describe-document.ts';

describe('the description of a document', () => {
  it('is its title and first meaningful lines', () => {
    const text = '№ 17\n\nДОГОВОР АРЕНДЫ\n***\nг. Верхнереченск, 15 января 2024 года\n1. Предмет договора.';
    expect(describeDocument({ title: 'Договор аренды', fileName: 'a.pdf', text })).toBe(
      'Договор аренды. г. Верхнереченск, 15 января 2024 года. 1. Предмет договора',
    );
  });

  it('takes the file name where there is no title', () => {
    expect(describeDocument({ title: undefined, fileName: 'mutual_nda.docx', text: 'This Agreement' })).toBe(
      'mutual nda. This Agreement',
    );
  });

  it('ends at a word within 150 characters', () => {
    const description = describeDocument({
      title: undefined,
      fileName: 'a.txt',
      text: 'The parties agree to this and that. '.repeat(50),
    });
    expect(description.length).toBeGreaterThan(120);
    expect(description).toMatch(/^(?:[A-Za-z.]+ )+[A-Za-z]+$/);
  });

  it('is never longer, nor ill-formed, whatever the document', () => {
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(any, any, any, (title, fileName, text) => {
        const description = describeDocument({ title: title || undefined, fileName, text: text.toWellFormed() });
        expect(description.length).toBeLessThanOrEqual(150);
      }),
    );
  });
});
