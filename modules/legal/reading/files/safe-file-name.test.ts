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

  it.each([
    ['%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%20%E2%84%961.pdf', 'Договор №1.pdf'],
    ['%d0%b0%d0%ba%d1%82.docx', 'акт.docx'],
    ['%D0%90%D0%BA%D1%82 2 (new).pdf', 'Акт 2 (new).pdf'],
    ['Lease%20agreement%2Epdf', 'Lease agreement.pdf'],
    ["UTF-8''%D0%90%D0%BA%D1%82.pdf", 'Акт.pdf'],
    ["utf-8'ru'%D0%90%D0%BA%D1%82.pdf", 'Акт.pdf'],
    ["windows-1251''%C0%EA%F2.pdf", 'Акт.pdf'],
    ['=?UTF-8?B?0JTQvtCz0L7QstC+0YAucGRm?=', 'Договор.pdf'],
    ['=?koi8-r?B?5M/Hz9fP0g==?=.pdf', 'Договор.pdf'],
    ['=?utf-8?Q?=D0=90?= =?utf-8?Q?=D0=BA=D1=82.pdf?=', 'Акт.pdf'],
    ['"contract.pdf"', 'contract.pdf'],
    ["'%D0%90%D0%BA%D1%82.pdf'", 'Акт.pdf'],
    ['Договор %22Ромашка%22.pdf', 'Договор "Ромашка".pdf'],
    ['%2e%2e%2f%2e%2e%2fetc%2fpasswd', 'passwd'],
    ['contract%E2%80%AEfdp.exe', 'contractfdp.exe'],
  ])('is what the author wrote: %s is %s', (clientName, shown) => {
    expect(safeFileName(clientName)).toBe(shown);
  });

  it.each([
    'Скидка %41.pdf',
    'Rate 10 %41.pdf',
    '100%.pdf',
    '%D0%94 5%.pdf',
    '%C4%EE%E3.pdf',
    '%FF%FE.pdf',
    '"Ромашка" и "Лютик".docx',
    "O'Neil's lease.pdf",
    '=?x?=.pdf',
  ])('is not decoded where nothing was encoded: %s', (name) => {
    expect(safeFileName(name)).toBe(name);
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
