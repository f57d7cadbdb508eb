import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../question/index.ts';
import { askedOf } from './asked.ts';
import { extractAnswer } from './extract-answer.ts';

const quotes = (question: string, ...texts: string[]) =>
  extractAnswer(
    askedOf(readQuestion(question).meaning),
    texts.map((text, index) => ({ number: index + 1, title: 'file', text })),
  ).map(({ text }) => text);

describe('a row of a table', () => {
  const named =
    'Год: 2024 | Месяц: Январь | Плата: 100 000\nГод: 2024 | Месяц: Февраль | Плата: 110 000\nГод: 2025 | Месяц: Январь | Плата: 120 000\nГод: 2025 | Месяц: Февраль | Плата: 130 000. Вносится до 5-го числа.';
  const numbered = Array.from(
    { length: 40 },
    (_, index) => `${index + 1} ООО «Фирма ${index + 1}» ${index + 1} 000,00 оплачено`,
  );

  it('is quoted whole, and no other', () => {
    expect(quotes('Какая плата за февраль 2025?', named)).toEqual([
      'Год: 2025 | Месяц: Февраль | Плата: 130 000. Вносится до 5-го числа.',
    ]);
    expect(quotes('Какая сумма у ООО «Фирма 10»?', numbered.join('\n'))).toEqual([numbered[9]]);
    expect(quotes('What is the price of the chair?', 'Item: table | Price: 500\nItem: chair | Price: 120')).toEqual([
      'Item: chair | Price: 120',
    ]);
  });

  it('is none where no row is the one in question', () => {
    expect(quotes('Какая плата за март 2025?', named)).toEqual([]);
    expect(quotes('Какая сумма у ООО «Фирма 41»?', numbered.join('\n'))).toEqual([]);
  });
});

describe('a figure', () => {
  const lease =
    '2.1. Арендная плата составляет 95 500 руб. 00 коп. в месяц.\n4.1. Пени составляют 0,5 % за день просрочки.\n5. Договор подписан 20.05.2024.';

  it.each([
    ['95500', '95 500'],
    ['0.5%', '0,5 %'],
    ['Где указана сумма 95500 рублей?', '95 500'],
    ['Where is the amount of 95,500.00 mentioned?', '95 500'],
    ['20 мая 2024', '20.05.2024'],
  ])('asked for as "%s" is found as it is written', (question, written) => {
    const found = quotes(question, lease);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(written);
  });

  it.each([
    'Какие прививки делают туристам с 20 мая 2024 года?',
    'Какой налог на прибыль платит иностранный инвестор со ставки 0,5 %?',
    'Which vaccinations cost 95500?',
    '95501',
    '0.05%',
    '21.05.2024',
    '5%',
  ])('alone does not answer "%s"', (question) => {
    expect(quotes(question, lease)).toEqual([]);
  });
});

describe('a numbered part', () => {
  it('is quoted where it is asked for next to its article', () => {
    const article =
      'Статья 15. Хранение\n1. Хранитель принимает вещь.\n2. Хранитель возвращает вещь.\n3. Хранитель платит за порчу.';
    expect(quotes('О чём говорит ч. 2 ст. 15?', article)[0]).toContain('возвращает');
    expect(quotes('Что говорится в статье 15¹?', article.replace('15.', '15¹.'))).not.toEqual([]);
    expect(quotes('Что говорится в статье 151?', article.replace('15.', '15¹.'))).toEqual([]);
  });
});

it('quotes an annex that is asked for by its number', () => {
  const annex = 'Приложение № 3\nФорма акта\nАкт составляется в двух экземплярах.';
  expect(quotes('Что сказано в приложении 3?', annex).join(' ')).toContain('двух экземплярах');
  expect(quotes('What does Schedule 2 say?', 'Schedule 2\nThe seller delivers ten boats.').join(' ')).toContain(
    'ten boats',
  );
  expect(quotes('Что сказано в приложении 2?', annex)).toEqual([]);
  const all = `Приложение № 1\nСпецификация товара\nСтол дубовый, 15 штук.\nПриложение № 2\nГрафик поставки\nПервая партия 1 июня.\n${annex}`;
  expect(quotes('Что сказано в приложении 2?', all).join(' ')).toMatch(/^(?!.*(?:Стол|Акт)).*Первая партия/);
  expect(quotes('Что сказано в приложении 3?', all)[0]).toContain('двух экземплярах');
});
