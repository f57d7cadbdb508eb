import { describe, expect, it } from 'vitest';
import { showAnswer } from './show-answer.ts';

const citation = (over: object = {}) => ({
  ...{ documentId: '0198b0f4-8a5c-7c3e-9a51-3f6f5e0d4c11', title: 'Lease', page: 4, start: 10, end: 42 },
  ...{ quote: 'The monthly rent is 1,200 euros.', ...over },
});
const marked = ({ text, entities }: ReturnType<typeof showAnswer>, type: string) =>
  entities.filter((one) => one.type === type).map(({ offset, length }) => text.slice(offset, offset + length));

describe('an answer in a chat', () => {
  it('is followed by its sources: a link to the exact words, and the words', () => {
    const shown = showAnswer(
      { answer: 'It is 1,200 euros [1].', citations: [citation()] },
      'en',
      'https://example.com',
    );
    expect(shown.text).toBe('It is 1,200 euros [1].\n\nSources\n\n[1] Lease, p. 4\nThe monthly rent is 1,200 euros.');
    expect(marked(shown, 'text_link')).toEqual(['Lease, p. 4']);
    expect(shown.entities.find(({ type }) => type === 'text_link')?.url).toBe(
      'https://example.com/documents/0198b0f4-8a5c-7c3e-9a51-3f6f5e0d4c11?start=10&end=42',
    );
    expect(marked(shown, 'expandable_blockquote')).toEqual(['The monthly rent is 1,200 euros.']);
  });

  it('marks the same behind characters that take two units, and in Russian', () => {
    const shown = showAnswer(
      { answer: '🎩 Да [1].', citations: [citation({ title: 'Договор 🏠', page: null, quote: 'Срок — 1 год.' })] },
      'ru',
      'https://example.com',
    );
    expect(marked(shown, 'bold')).toEqual(['Источники']);
    expect(marked(shown, 'text_link')).toEqual(['Договор 🏠']);
  });

  it('cuts a long quote at a word, and says how many sources are left out', () => {
    const citations = Array.from({ length: 15 }, () => citation({ quote: 'слово '.repeat(200) }));
    const shown = showAnswer({ answer: 'Да.', citations }, 'ru', 'https://example.com');
    const quotes = marked(shown, 'expandable_blockquote');
    expect(quotes).toHaveLength(12);
    expect(quotes[0]).toMatch(/^(?:слово )*слово…$/);
    expect(quotes[0]?.length).toBeLessThanOrEqual(401);
    expect(shown.text.endsWith('и ещё источников: 3')).toBe(true);
  });

  it('without sources is its text alone', () => {
    expect(showAnswer({ answer: 'Not in the documents.', citations: [] }, 'en', 'https://example.com')).toEqual({
      text: 'Not in the documents.',
      entities: [],
    });
  });
});
