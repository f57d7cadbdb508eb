import { describe, expect, it } from 'vitest';
import { splitFrame } from './question-frame.ts';

describe('the words that name a document', () => {
  it.each([
    [
      'In the Lease between Alder, Inc. and Birch Ltd., who repairs the roof?',
      'In the Lease between Alder, Inc. and Birch Ltd.',
      'who repairs the roof?',
    ],
    ['Lease of Birch House: how long is the term?', 'Lease of Birch House', 'how long is the term?'],
    [
      'Under the agreement with Cedar, by when must rent be paid?',
      'Under the agreement with Cedar',
      'by when must rent be paid?',
    ],
    [
      'По договору хранения с ООО «Клён», кто платит за склад?',
      'По договору хранения с ООО «Клён»',
      'кто платит за склад?',
    ],
    ['Согласно правилам, до какого часа можно шуметь?', 'Согласно правилам', 'до какого часа можно шуметь?'],
    ['Устав общества: сколько голосов нужно?', 'Устав общества', 'сколько голосов нужно?'],
  ])('are parted from "%s"', (question, frame, rest) => {
    expect(splitFrame(question)).toEqual({ frame, rest });
  });

  it.each([
    'Who pays for repairs under the lease, and when?',
    'What does the contract say about the following: repairs, paint, roof?',
    'Если арендатор не платит, может ли договор быть расторгнут?',
    'In case of fire, who pays?',
    'Кто платит по договору: арендатор или арендодатель?',
    '',
  ])('are none in "%s"', (question) => {
    expect(splitFrame(question)).toEqual({ frame: '', rest: question });
  });

  it('are sought in the beginning of a long question only', () => {
    const question = `${'word '.repeat(1_000)}agreement: who pays?`;
    expect(splitFrame(question).frame).toBe('');
  });
});
