import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complexityThreshold } from '../answers/choose-model.ts';
import { scoreComplexity } from './score-complexity.ts';

describe('complexity of a question', () => {
  it.each([
    [0, 'Какой срок аренды?'],
    [0, 'How long is the notice period?'],
    [0, 'аренда гаража неустойка'],
    [1, 'What does section 4.2 say?'],
    [1, 'Какая пеня начисляется, если покупатель просрочит оплату?'],
    [1, 'On what day of each month shall the tenant pay the rent to the landlord?'],
    [2, 'Какие документы нужны для вступления в кооператив, и сколько стоит членский билет?'],
    [3, 'If the tenant leaves early, who pays the rent for the months that are left?'],
    [4, 'Compare the liability caps in both agreements.'],
    [4, 'Чем отличается ответственность сторон в договоре подряда и договоре поставки?'],
  ])('is %i for "%s"', (score, question) => {
    expect(scoreComplexity(question)).toBe(score);
  });

  it.each([
    'Чем отличаются условия расторжения в договоре аренды и договоре подряда, какие последствия наступают для сторон, если уведомление направлено с опозданием, и сколько составит неустойка?',
    'Сравните статьи 10 и 12 договора: что из них применяется, если стороны не подписали акт, и почему?',
    'Compare the termination clauses of both agreements: which of them prevails if they conflict, what notice must be given, and what are the consequences for the licensee under sections 4.2 and 9?',
    'Why do articles 5 and 17 differ on who bears the risk, and what happens under each of the contracts if the goods are lost before the buyer has paid and the carrier is insolvent?',
  ])('is above the threshold for "%s"', (question) => {
    expect(scoreComplexity(question)).toBeGreaterThan(complexityThreshold);
  });

  it('is a whole number from 0 to 10 for any text', () => {
    const word = fc.constantFrom('если', 'if', 'why', 'статья 5 и 7', '?', ',', 'и когда', 'compare', 'both contracts');
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string())), (pieces) => {
        const score = scoreComplexity(pieces.join(' '));
        expect(Number.isInteger(score) && score >= 0 && score <= 10).toBe(true);
      }),
    );
  });

  it('reads a hostile question quickly', () => {
    for (const piece of ['договор ', 'if, ', 'section 1, 1, ', '?', 'both the our ']) {
      expect(scoreComplexity(piece.repeat(5_000))).toBeLessThanOrEqual(10);
    }
  });
});
