import { describe, expect, it } from 'vitest';
import { mendScripts } from './mend-scripts.ts';

describe('recognized text', () => {
  it.each([
    ['LTD., а company of В.С.', 'LTD., a company of B.C.'],
    ['в cрок до A. A. Петрова', 'в срок до А. А. Петрова'],
    ['Дoгoвop с OOO «Ромашка»', 'Договор с ООО «Ромашка»'],
    ['Agrеement', 'Agreement'],
  ])('has each word in one alphabet: %s', (seen, meant) => {
    expect(mendScripts(seen)).toBe(meant);
  });

  it.each(['Договор с Apple Inc.', 'ТОРТ\nREX', 'д5г 10 × 20', 'Жw'])('stays as it is: %s', (text) => {
    expect(mendScripts(text)).toBe(text);
  });
});
