import { describe, expect, it } from 'vitest';
import { outlineOf, type Section } from './outline.ts';

/** The outline as indented labels. */
function tree(text: string): string[] {
  const lines: string[] = [];
  const add = (section: Section, depth: number) => {
    for (const child of section.children) {
      lines.push(`${'  '.repeat(depth)}${child.mark?.label}`);
      add(child, depth + 1);
    }
  };
  add(outlineOf(text), 0);
  return lines;
}

const prose = 'The parties agree on this and that, as they have always done and will do. ';

describe('the outline', () => {
  it('of a code goes from its parts down to its points', () => {
    const text = [
      'Гражданский кодекс Российской Федерации',
      'Часть первая',
      'РАЗДЕЛ I. ОБЩИЕ ПОЛОЖЕНИЯ',
      'Подраздел 2. Лица',
      'ГЛАВА 4',
      'ЮРИДИЧЕСКИЕ ЛИЦА',
      '§ 1. Основные положения',
      'Статья 8.1. Государственная регистрация прав',
      '1. Права подлежат государственной регистрации в случаях, которые названы в законе.',
      '1) вещные права;',
      'а) право собственности;',
      '2. Регистрация ведётся уполномоченным органом по заявлению того, чьё это право.',
      'Статья 9. Осуществление прав',
      'ГЛАВА 5. УЧАСТИЕ',
    ].join('\n\n');
    expect(tree(text)).toEqual([
      'Гражданский кодекс Российской Федерации',
      '  Часть первая',
      '    РАЗДЕЛ I. ОБЩИЕ ПОЛОЖЕНИЯ',
      '      Подраздел 2. Лица',
      '        ГЛАВА 4 ЮРИДИЧЕСКИЕ ЛИЦА',
      '          § 1. Основные положения',
      '            Статья 8.1. Государственная регистрация прав',
      '              1',
      '                1)',
      '                  а)',
      '              2',
      '            Статья 9. Осуществление прав',
      '        ГЛАВА 5. УЧАСТИЕ',
    ]);
  });

  it('gives an article that was put in its own number, raised or not', () => {
    const text = [
      'Статья 15. Хранение',
      'Текст.',
      'Статья 15¹. Порядок',
      'Текст.',
      'Статья 15^(1.1). Срок',
      'Статья 16 прим. Иное',
    ];
    const numbers = outlineOf(text.join('\n\n')).children.map(({ mark }) => mark?.number.join('.'));
    expect(numbers).toEqual(['15', '15.1', '15.1.1', '16.1']);
  });

  it('of a contract follows its numbers, titles run in or not', () => {
    const text = `ARTICLE IV. FEES\n\nSection 4.1 Payment. ${prose}\n\n(a) one;\n\n(i) first;\n\n(ii) second;\n\n(b) two.\n\nSection 4.2 Taxes. ${prose}\n\nARTICLE V TERM\n\n5.1 ${prose}\n\n5.1.1 ${prose}\n\n5.2 Renewal. ${prose}`;
    expect(tree(text)).toEqual([
      'ARTICLE IV. FEES',
      '  Section 4.1 Payment',
      '    (a)',
      '      (i)',
      '      (ii)',
      '    (b) two',
      '  Section 4.2 Taxes',
      'ARTICLE V TERM',
      '  5.1',
      '    5.1.1',
      '  5.2 Renewal',
    ]);
  });

  it('is found where the whole contract is one line', () => {
    const text = `SERVICES AGREEMENT ${prose}1. Services. ${prose}2. Term and Termination. (a) ${prose}See Section 9. The rest stays. ${prose}3. NOTICES Notices go to the office. ${prose}3.1 Form. ${prose}3.2 Address. ${prose}`;
    expect(tree(text)).toEqual([
      'SERVICES AGREEMENT',
      '1. Services',
      '2. Term and Termination',
      '3. NOTICES',
      '  3.1 Form',
      '  3.2 Address',
    ]);
  });

  it('takes no reference for a unit', () => {
    const text = `1. Fees\n\n${prose}paid according to\nSection 2.7. Prices are given below, and as said in Section\n7.2 hereof they stay.\n\n2. Term\n\nIn 30. The rest of it.`;
    expect(tree(text)).toEqual(['1. Fees', '2. Term']);
    expect(tree('Статья 5 настоящего договора применяется к отношениям сторон.')).toEqual([]);
    expect(tree('Particulars 5 May\n\nГлавбух подписывает акт.')).toEqual([]);
  });

  it('knows headings without a number', () => {
    const text = `CONFIDENTIALITY\n\n${prose.repeat(2)}\n\nGoverning Law\n\n${prose.repeat(2)}\n\nTermination. ${prose.repeat(4)}\n\nGENERAL\n\n1. Notices\n\n${prose}\n\n2. Waiver\n\n${prose}`;
    expect(tree(text)).toEqual([
      'CONFIDENTIALITY',
      '  Governing Law',
      '  Termination',
      'GENERAL',
      '  1. Notices',
      '  2. Waiver',
    ]);
  });

  it('keeps a count going over headings and nested lists', () => {
    const text = `OBLIGATIONS\n\n1. TERM OF CONTRACT\n\n${prose}\n\n2. DEFINITIONS\n\n1. first\n\n2. second\n\nPAYMENT\n\n3. FEES\n\n${prose}`;
    expect(tree(text)).toEqual([
      'OBLIGATIONS',
      '  1. TERM OF CONTRACT',
      '  2. DEFINITIONS',
      '    1',
      '    2',
      'PAYMENT',
      '  3. FEES',
    ]);
  });

  it('starts over in an annex, which the document itself is none of', () => {
    const text = `Exhibit 10.1\n\n1. Fees\n\n${prose}\n\n2. Term\n\n${prose}\n\nSCHEDULE A. COUNTRIES\n\n1. Europe\n\nПриложение № 2\n\n1. Акт`;
    expect(tree(text)).toEqual([
      '1. Fees',
      '2. Term',
      'SCHEDULE A. COUNTRIES',
      '  1. Europe',
      'Приложение № 2',
      '  1. Акт',
    ]);
  });

  it('of Markdown counts by its marks', () => {
    expect(tree('# Notice\n\n## Data\n\n## Rights\n\n### Статья 5. Срок')).toEqual([
      'Notice',
      '  Data',
      '  Rights',
      '    Статья 5. Срок',
    ]);
  });

  it('joins a heading that is wrapped', () => {
    expect(tree('Статья 19. Расторжение брака в органах записи\nактов гражданского состояния\n\nТекст.')).toEqual([
      'Статья 19. Расторжение брака в органах записи актов гражданского состояния',
    ]);
  });
});
