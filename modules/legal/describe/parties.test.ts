import { describe, expect, it } from 'vitest';
import { partiesOf } from './parties.ts';

describe('the parties', () => {
  it.each([
    [
      'This Agreement is made between Oak Street Partners, L.P., a Texas limited partnership ("Landlord") and The University of Utah, located at 1 Main Street ("Tenant").',
      ['Oak Street Partners, L.P.', 'The University of Utah'],
    ],
    [
      'LICENSE\n\nbetween\n\nNorth Data, Inc.\n1 Elm Road, Suite 5\n\nand\n\nSOLARIS AG\nRing 5\n("Licensee")',
      ['North Data, Inc.', 'SOLARIS AG'],
    ],
    [
      'Party A: Beta Software Co., Ltd.\nParty B: Gamma Network Limited',
      ['Beta Software Co., Ltd.', 'Gamma Network Limited'],
    ],
    [
      'by and among (i) Alfa LLC, (ii) Beta LLC (together, the "Sellers") and Gamma Corp. ("Buyer")',
      ['Alfa LLC', 'Beta LLC', 'Gamma Corp.'],
    ],
    [
      'by and between\nBright Lights\nCorp., a Delaware corporation ("BLC"), and Ann Lee ("Agent").',
      ['Bright Lights Corp.', 'Ann Lee'],
    ],
    [
      'ПАО «Банк Север» и гражданин РФ Сидоров Иван Ильич, именуемые Стороны',
      ['ПАО «Банк Север»', 'Сидоров Иван Ильич'],
    ],
    ['ООО "Вектор" (Поставщик), АО «Луч» (Покупатель)', ['ООО "Вектор"', 'АО «Луч»']],
  ])('of "%s"', (text, parties) => {
    expect(partiesOf(text)).toEqual(parties);
  });

  it('are none where "between" is a word of the text', () => {
    expect(partiesOf('The difference between Cloud Service and Support is explained below.')).toEqual([]);
    expect(partiesOf('Отношения между сторонами регулируются законом.')).toEqual([]);
  });
});
