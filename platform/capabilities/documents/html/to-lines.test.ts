import { describe, expect, it } from 'vitest';
import { normalizeText } from '../normalize-text.ts';
import { createHtmlToLines, htmlTitle } from './to-lines.ts';

const lines = (html: string) => normalizeText(createHtmlToLines()(html));

describe('the text of a page', () => {
  it('has headings as they are written, paragraphs and lists in reading order', () => {
    const html =
      '<h1>Section 1</h1><p>First  <b>bold</b>\nwords.</p><ol><li>one</li><li>two</li></ol><ul><li>three</li></ul>';
    expect(lines(html)).toBe('Section 1\n\nFirst bold words.\n\n 1. one\n 2. two\n\n- three');
  });

  it('has table rows as lines, with or without paragraphs in the cells', () => {
    const html =
      '<table><tr><th>Payment</th><th><p>Sum</p></th></tr><tr><td>Advance</td><td><p>150 000</p></td></tr></table>';
    expect(lines(html)).toBe('Payment | Sum\nAdvance | 150 000');
  });

  it('has the paragraphs of a table that only lays the page out', () => {
    const html =
      '<table><tr><td><p>One.</p><p>Two.</p></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>';
    expect(lines(html)).toBe('One.\nTwo.\na | b');
  });

  it('has no scripts, styles, titles, hidden or deleted parts, and no addresses', () => {
    const html =
      '<title>T</title><style>p{}</style><script>steal()</script><template>x</template><p hidden>x</p><p>Kept <del>old</del> ' +
      '<a href="https://example.com/a">link</a> <img src="x" alt="x" onerror="steal()"> &lt;script&gt;</p><iframe src="file:///x">x</iframe>';
    expect(lines(html)).toBe('Kept link <script>');
  });

  it('survives a head that is never closed', () => {
    expect(lines('<html><head><title>T</title><body><p>Text</p></body></html>')).toBe('Text');
  });

  it('knows the title', () => {
    expect(htmlTitle('<html><head><title> Lease &amp; Co </title></head><p>x</p>')).toBe('Lease & Co');
    expect(htmlTitle('<p>x</p>')).toBeUndefined();
  });
});
