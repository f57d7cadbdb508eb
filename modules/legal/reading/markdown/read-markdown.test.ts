import { describe, expect, it } from 'vitest';
import { readWith } from '../fixtures/read-with.ts';
import { normalizeText } from '../normalize-text.ts';
import { readMarkdown } from './read-markdown.ts';

const read = async (text: string) => normalizeText((await readWith(readMarkdown, text)).text);

describe('Markdown', () => {
  it.each([
    [
      '# 1. Общие положения {#a}\n\n1.1. Срок — **10 рабочих** дней.',
      '1. Общие положения\n\n1.1. Срок — 10 рабочих дней.',
    ],
    ['Срок\n====\n\n> цитата', 'Срок\n\nцитата'],
    ['[Договор](https://example.com/a) и ![](x.png) <https://example.com>', 'Договор и https://example.com'],
    ['5\\*5 \\# 1\\. &sect; 5&nbsp;000', '5*5 # 1. § 5 000'],
    ['до <!-- 20 дней -->10 дней\n\n<!-- 30 дней -->\n\n<p hidden>40 дней</p>', 'до 10 дней'],
    ['| Товар | Цена |\n|---|---|\n| Стол | 5&nbsp;000 |', 'Товар | Цена\nТовар: Стол | Цена: 5 000'],
    ['- [x] согласовано\n- [ ] оплачено', '- ☒ согласовано\n- ☐ оплачено'],
    ['3) три\n4) четыре', ' 3) три\n 4) четыре'],
    ['10<sup>6</sup> ~~старое~~ новое, ~5~ дней', '10⁶ новое, ~5~ дней'],
    ['2*3*4 = 24, snake_case_name', '2*3*4 = 24, snake_case_name'],
    ['Заказчик: <name>, a < b', 'Заказчик: <name>, a < b'],
    ['```js\nif (a) {\n  b **c**\n}\n```', 'if (a) {\n  b **c**\n}'],
    ['Срок.[^1]\n\nДалее.\n\n[^1]: Кроме *срочных*.', 'Срок.[1]\n\n[1] Кроме срочных.\n\nДалее.'],
    ['Пункт[^a] и\n\n[^a]: b[^a]', 'Пункт[1] и\n\n[1] b[^a]'],
  ])('is what it shows: %s', async (markdown, expected) => {
    expect(await read(markdown)).toBe(expected);
  });

  it('has the title of its front matter, else of its first heading', async () => {
    const text = '---\ntitle: "Регламент"\ndate: 2024-03-01\n---\n\n# Глава\n\nТекст';
    expect(await readWith(readMarkdown, text)).toMatchObject({ title: 'Регламент', text: 'Глава\n\nТекст' });
    expect(await readWith(readMarkdown, '# Глава *1*\n\nТекст')).toMatchObject({ title: 'Глава 1' });
    expect(await read('---\n\nТекст\n\n---\n')).toBe('Текст');
  });

  it('is refused where it is nested past any sense', async () => {
    await expect(readWith(readMarkdown, `${'>'.repeat(5000)}x`)).rejects.toMatchObject({ code: 'damaged' });
  });
});
