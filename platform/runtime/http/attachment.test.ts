import { describe, expect, it } from 'vitest';
import { attachment } from './attachment.ts';

describe('attachment', () => {
  it.each([
    ['lease.pdf', 'lease.pdf', 'lease.pdf'],
    ["Anna's (final) *.pdf", "Anna's (final) *.pdf", 'Anna%27s%20%28final%29%20%2A.pdf'],
    ['“100%” "net".pdf', '_100__ _net_.pdf', '%E2%80%9C100%25%E2%80%9D%20%22net%22.pdf'],
    ['Договор.pdf', '_______.pdf', '%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf'],
    ['Café%20.txt', 'Cafe_20.txt', 'Caf%C3%A9%2520.txt'],
    ['a\\b\r\nc.txt', 'a_b__c.txt', 'a%5Cb%0D%0Ac.txt'],
    ['📄.txt', '_.txt', '%F0%9F%93%84.txt'],
    ['\ud800.txt', '_.txt', '%EF%BF%BD.txt'],
  ])('gives %j in both forms', (name, plain, encoded) => {
    const header = attachment(name);
    expect(header).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
    // RFC 8187: only attr-char and percent-encoded bytes.
    expect(header.split("''")[1]).toMatch(/^(?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})*$/);
    expect(decodeURIComponent(encoded)).toBe(name.toWellFormed());
    expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
  });
});
