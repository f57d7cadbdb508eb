import { describe, expect, it } from 'vitest';
import { normalizeText } from '../normalize-text.ts';
import { htmlTitle, htmlToLines } from './to-lines.ts';

const lines = (html: string) => normalizeText(htmlToLines(html));

describe('the text of a page', () => {
  it('has headings as they are written, paragraphs and lists in reading order', () => {
    const html =
      '<h1>Section 1</h1><p>First  <b>bold</b>\nwords.</p><ol><li>one</li><li>two</li></ol><ul><li>three</li></ul>';
    expect(lines(html)).toBe('Section 1\n\nFirst bold words.\n\n 1. one\n 2. two\n\n- three');
  });

  it('has table rows as lines, with or without paragraphs in the cells', () => {
    const html =
      '<table><tr><th>Payment</th><th><p>Sum</p></th></tr><tr><td>Advance</td><td><p>150 000</p></td></tr></table>';
    expect(lines(html)).toBe('Payment | Sum\nPayment: Advance | Sum: 150 000');
  });

  it('has the paragraphs of a table that only lays the page out', () => {
    const html =
      '<table><tr><td><p>One.</p><p>Two.</p></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>';
    expect(lines(html)).toBe('One.\nTwo.\na | b');
  });

  it('has rows that name their columns and what reaches down into them', () => {
    const html =
      '<table><thead><tr><td>Год<td>Месяц<td>Плата</thead><tr><td rowspan=2>2024<td>январь<td>100 000<tr><td>февраль<td>110 000' +
      '<tr><td rowspan=0>2025<td>январь<td>120 000<tr><td>февраль<td>130 000<tr><td colspan=1>март<td>140 000</table>';
    expect(lines(html).split('\n').slice(-2)).toEqual([
      'Год: 2025 | Месяц: февраль | Плата: 130 000',
      'Год: 2025 | Месяц: март | Плата: 140 000',
    ]);
  });

  it.each([
    ['<p>Статья 15<sup>1</sup>', 'Статья 15¹'],
    ['<p>H<sub>2</sub>O, 10<sup>−6</sup>', 'H₂O, 10⁻⁶'],
    ['<p>15<span style="vertical-align: super; font-size: 70%">1</span>', '15¹'],
    ['<style>.up{vertical-align:super}</style><p>15<i class=up>1</i>', '15¹'],
    ['<p>15<span style="font-size:7pt;position:relative;top:-4.0pt">1</span>', '15¹'],
    ['<p>15<span style="mso-text-raise:4.0pt">1</span>', '15¹'],
    ['<p>слово<sup><a href="#fn1">1</a></sup>', 'слово[1]'],
    ['<p>слово<sup>[1]</sup>', 'слово[1]'],
  ])('has raised and lowered figures apart: %s', (html, expected) => {
    expect(lines(html)).toBe(expected);
  });

  it.each([
    '<p style="display:none">x',
    '<p style="visibility:hidden">x',
    '<div style="font-size:0">x</div>',
    '<p style="position:absolute; left:-9999px">x',
    '<p style="text-indent:-9999px">x',
    '<div style="position:absolute;width:1px;height:1px;overflow:hidden">x</div>',
    '<div style="mso-hide:all">x</div>',
    '<style>.a{color:red;display:none}</style><p class="b a">x',
    '<style>@media screen { div .a, #n { display: none !important } }</style><div><p class=a style="display:block">x</div><p id=n>x',
    '<style>.a{display:none} .a.b{display:none}</style><p class="a b">x',
    '<input type=hidden value=x><input type=submit value=x>',
    '<noscript>x</noscript><dialog>x</dialog><datalist><option>x</datalist>',
  ])('has nothing that does not show: %s', (html) => {
    expect(lines(`<p>Shown</p>${html}`)).toBe('Shown');
  });

  it.each([
    '<style>.a{display:none} .a.b{display:block}</style><p class="a b">x',
    '<style>@media print{.a{display:none}} .a:hover{display:none}</style><p class=a>x',
    '<div style="visibility:hidden"><p style="visibility:visible">x</p></div>',
    '<p hidden style="display:block">x',
    '<p aria-hidden=true>x',
  ])('has what shows after all: %s', (html) => {
    expect(lines(html)).toBe('x');
  });

  it('has the values of form fields, apart from the words around them', () => {
    const html =
      '<p>Имя: <input value="Иванов"> Сумма <input value=5><input value=6>000</p><p><label><input type=checkbox checked>да</label> <label><input type=radio>нет</label></p>' +
      '<p><select><option>раз<option selected>два</select> <select><option>три<option>пять</select></p><p>Срок: <textarea>10 дней</textarea></p>';
    expect(lines(html)).toBe('Имя: Иванов Сумма 5 6 000\n\n☒ да ☐ нет\n\nдва три\n\nСрок: 10 дней');
  });

  it('has formulas on one line, signs of symbol fonts, descriptions of pictures, code as it is', () => {
    const formula = '<math><mfrac><mn>1</mn><mn>300</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup></math>';
    expect(lines(`<p>в размере ${formula} ставки`)).toBe('в размере 1/300 x² ставки');
    expect(lines('<p><span style="font-family:Symbol">a</span> <font face="Wingdings">\uf0fe</font>')).toBe('α ☑');
    expect(lines('<p>a<img alt="План первого этажа" src=x><img alt="image1.png">')).toBe('a [План первого этажа]');
    expect(lines('<pre>a\n  b</pre>')).toBe('a\n  b');
  });

  it('has parts of programs like Word as they show', () => {
    const html =
      '<p><![if !supportLists]>1.<span>&nbsp; </span><![endif]>Срок<o:p></o:p></p><!--[if gte mso 9]><p>x</p><![endif]-->';
    expect(lines(html)).toMatch(/^1\.\s+Срок$/);
  });

  it('tells what is missing from it', () => {
    const notices: string[] = [];
    const notice = (kind: string, detail: string) => notices.push(`${kind} ${detail}`);
    htmlToLines('<iframe src=x></iframe><img width=600 height=800 src=x><img width=16 height=16>', { notice });
    expect(notices).toEqual(['part-not-read iframe', 'picture-not-read ']);
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
