import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.ts';

describe('the shown name of a file', () => {
  it.each([
    'договор №1 (копия) «Ромашка».docx',
    '-rf.pdf',
    'emoji📄.pdf',
    '$(touch /tmp/evil).pdf',
    '`id`.pdf',
    '{{7*7}}.pdf',
    '<script>alert(1)</script>.pdf',
    'con.pdf',
    '.htaccess',
  ])('stays as it is: %s', (name) => {
    expect(safeFileName(name)).toBe(name);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['C:\\Windows\\evil.pdf', 'evil.pdf'],
    ['contract.pdf\0.exe', 'contract.pdf.exe'],
    ['contract\u202efdp.exe', 'contractfdp.exe'],
    ['file\r\nX-Injected: 1.pdf', 'fileX-Injected: 1.pdf'],
    [' contract.pdf ', 'contract.pdf'],
    ['e\u0301.pdf', 'é.pdf'],
    ['', 'document'],
    [' ', 'document'],
    ['.', 'document'],
    ['..', 'document'],
    ['/folder/', 'document'],
    ['a/../../b.pdf', 'b.pdf'],
  ])('of %j is %j', (clientName, shown) => {
    expect(safeFileName(clientName)).toBe(shown);
  });

  it('is shortened in the middle, the extension kept', () => {
    const shown = safeFileName(`${'я'.repeat(5000)}.pdf`);
    expect([...shown]).toHaveLength(200);
    expect(shown.endsWith('я….pdf')).toBe(true);
  });

  it('never turns up a path, and holds no control or lone surrogate, whatever the client sends', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          fc.string({ unit: fc.constantFrom('.', '/', '\\', 'a', ' ', '\0', 'C:') }),
        ),
        (clientName) => {
          const shown = safeFileName(clientName);
          expect(shown).not.toMatch(/^[\\/]|^\.\.?$|(?:^|[\\/])\.\.[\\/]|[\p{Cc}\u202a-\u202e]/u);
          expect(shown.isWellFormed()).toBe(true);
          expect(shown.length).toBeGreaterThan(0);
          expect([...shown].length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});
