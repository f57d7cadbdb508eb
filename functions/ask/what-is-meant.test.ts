import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { askScene } from './ask.fixture.ts';

/* What a question names, and what it leaves out or misspells: parties, parts, versions, earlier turns, typing errors. */

const { database, add, ask } = await askScene();

const lease = (parties: string, fee: string) =>
  `ДОГОВОР АРЕНДЫ\n\n${parties} заключили договор.\n\n1. Плата\n1.1. Арендная плата вносится до пятого числа каждого месяца.\n\n2. Ответственность\n2.1. Пени составляют ${fee} за день просрочки.\n`;
const english = (parties: string, fee: string) =>
  `LEASE AGREEMENT\n\nThis Lease is made between ${parties}.\n\n1. Rent\nThe rent is paid on the first day of each month.\n\n2. Penalty\nThe late payment penalty is ${fee} per day.\n`;

async function scene(files: Record<string, string>) {
  const org = await testOrganization(database);
  const ids: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) ids[name] = await add(org.id, name, content);
  const put = async (question: string, more: object = {}) => (await ask({ question, ...more }, org.owner)).body;
  return { org, ids, put };
}

describe('a contract that is named by its party', async () => {
  const { put } = await scene({
    'a.txt': lease('ООО «Василёк» (Арендодатель) и ИП Лютиков И.И. (Арендатор)', '0,5 %'),
    'b.txt': lease('Общество с ограниченной ответственностью "Ромашка" и АО «Вектор Плюс»', '0,1 %'),
    'c.txt': english('Acme Widgets, Inc. (the "Landlord") and Beta Foods LLC (the "Tenant")', '3 percent'),
    'd.txt': english('Müller GmbH (the "Landlord") and Gamma Holdings Ltd. (the "Tenant")', '7 percent'),
  });

  it.each([
    ['Какие пени по договору с ООО «Василёк»?', '0,5', '0,1'],
    ['Какие пени по договору с обществом с ограниченной ответственностью „Василек“?', '0,5', '0,1'],
    ['Какие пени по договору с ИП Лютиковым?', '0,5', '0,1'],
    ['Какие пени установлены договором с «Ромашкой»?', '0,1', '0,5'],
    ['Какие пени по договору между ООО "Ромашка" и АО "Вектор Плюс"?', '0,1', '0,5'],
    ['What is the penalty in the agreement with Acme Widgets Inc.?', '3 percent', '7 percent'],
    [
      'What is the late payment penalty under the lease between Müller GmbH and Gamma Holdings Ltd?',
      '7 percent',
      '3 percent',
    ],
  ])('answers "%s"', async (question, right, wrong) => {
    const body = await put(question);
    const said = JSON.stringify([body.answer, body.citations]);
    expect({ question, answered: body.answered }).toEqual({ question, answered: true });
    expect(said).toContain(right);
    expect(said).not.toContain(wrong);
  });

  it.each([
    ['Какие пени по договору с ООО «Пион»?', 'ООО «Пион»'],
    ['Какие пени по договору с АО «Василёк»?', 'АО «Василёк»'],
    ['Какие пени по договору с ООО «Вектор»?', 'ООО «Вектор»'],
    ['What is the penalty in the agreement with Zenith LLC?', 'Zenith LLC'],
  ])('is refused where no document names the party: "%s"', async (question, party) => {
    const body = await put(question);
    expect(body).toMatchObject({ answered: false, citations: [] });
    expect(body.answer).toContain(party);
  });
});

describe('a part of an article', async () => {
  const { put } = await scene({
    'code.txt':
      'ЗАКОН О ХРАНЕНИИ\n\nСтатья 15. Хранение\n1. Хранитель принимает вещь.\n2. Хранитель бережёт вещь.\n3. Хранитель возвращает вещь.\n4. Хранитель платит за порчу вещи.\n\nСтатья 16. Срок\nВещь хранится год.\n',
    'act.txt':
      'STORAGE ACT\n\nArticle 20. Storage\n(1) The keeper takes the thing.\n(2) The keeper guards the thing.\n(3) The keeper returns the thing.\n\nArticle 21. Term\nThe thing is kept for one year.\n',
  });

  it.each([
    ['Что говорит ст. 15 ч. 7?', '1–4'],
    ['О чём пункт 9 статьи 15?', '1–4'],
    ['What does Article 20(7) say?', 'Article 20 has points 1–3'],
  ])('that does not exist is refused, and told what there is: "%s"', async (question, told) => {
    const body = await put(question);
    expect(body.answered).toBe(false);
    expect(body.answer).toContain(told);
  });

  it('that exists is quoted', async () => {
    expect((await put('Что говорит ч. 3 ст. 15?')).answer).toContain('возвращает');
    expect((await put('What does Article 20(2) say?')).answer).toContain('guards');
  });
});

describe('an article that no document has', async () => {
  const { put, ids } = await scene({
    'store.txt':
      'ЗАКОН О ХРАНЕНИИ\n\nРаздел I. Общее\n\nСтатья 1. Хранение\nХранитель бережёт вещь.\n\nСтатья 2. Срок\nВещь хранится год.\n\nРаздел II. Плата\n\nСтатья 4. Плата\nХранение платное, см. статью 7 устава.\n\nПриложение № 1\nПеречень вещей.\n\nПриложение № 2\nФорма акта.\n',
    'loan.txt':
      'LOAN AGREEMENT\n\n1. Loan\n1.1. The Bank lends 100,000 dollars.\n1.2. The loan is repaid in 2030.\n\n2. Interest\n2.1. Interest is 5 per cent a year.\n\nAnnex A\nSchedule of payments.\n\nAnnex B\nForms.\n',
  });
  const store = [ids['store.txt'] ?? ''];
  const loan = [ids['loan.txt'] ?? ''];

  it.each([
    ['Что говорит статья 99 закона?', store, 'нет статьи 99; в нём есть статьи 1–2, 4'],
    ['статья 99', store, 'нет статьи 99'],
    ['О чём раздел III?', store, 'нет раздела 3; в нём есть разделы 1–2'],
    ['Что в приложении № 5?', store, 'нет приложения 5; в нём есть приложения 1–2'],
    ['What does Article 99 of the act say?', store, 'has no Article 99; it has Articles 1–2, 4'],
    ['What does clause 1.9 say?', loan, 'has no Clause 1.9; it has Clauses 1.1–1.2'],
    ['Что в пункте 7 договора?', loan, 'нет пункта 7; в нём есть пункты 1–2'],
    ['What is in Annex D?', loan, 'has no Annex D; it has Annexes A–B'],
  ])('is refused, and told what there is: "%s"', async (question, documentIds, told) => {
    const body = await put(question, { documentIds });
    expect(body).toMatchObject({ answered: false, citations: [] });
    expect(body.answer).toContain(told);
  });

  it.each([
    ['Что говорит ст. 99?', 'нет статьи 99; в нём есть статьи 1–2, 4'],
    ['статья 99', 'нет статьи 99; в нём есть статьи 1–2, 4'],
    ['What does Article 99 say?', 'has no Article 99; it has Articles 1–2, 4'],
    ['Section 9', 'has no Section 9'],
  ])('is told of without a choice of documents: "%s"', async (question, told) => {
    const body = await put(question);
    expect(body).toMatchObject({ answered: false, citations: [] });
    expect(body.answer).toContain(told);
  });

  it.each([
    ['Что говорит статья 2?', store],
    ['Что говорится о статье 7 устава?', store],
    ['Что говорит статья 99 ГК РФ?', store],
    ['What does clause 1.2 say?', loan],
    ['What does Section 2 say?', loan],
  ])('is not told of what is there, is mentioned or lies in another act: "%s"', async (question, documentIds) => {
    expect((await put(question, { documentIds })).answer).not.toMatch(/в нём есть|it has/);
  });
});

describe('a question about a version that was replaced', async () => {
  const { org, ids, put } = await scene({
    'rent-2023.txt': lease('ООО «Клён» и ООО «Ива»', '0,5 %'),
    'rent-2024.txt': lease('ООО «Клён» и ООО «Ива»', '0,7 %'),
  });
  await database.owner`update documents set status = 'replaced' where id = ${ids['rent-2023.txt'] ?? ''}`;
  await database.owner`update documents set replaces = ${ids['rent-2023.txt'] ?? ''}, version = 2 where id = ${ids['rent-2024.txt'] ?? ''}`;
  await database.owner`update organizations set documents_version = documents_version + 1 where id = ${org.id}`;

  it.each([
    ['Какие пени?', [ids['rent-2023.txt']]],
    ['Какие пени указаны в rent 2023?', undefined],
  ])('says so and names the newer one', async (question, documentIds) => {
    const body = await put(question, documentIds && { documentIds });
    expect(body).toMatchObject({ answered: false, citations: [] });
    expect(body.answer).toContain('rent-2024');
  });

  it('is not made of one about the newer version', async () => {
    expect((await put('Какие пени указаны в rent 2024?')).answer).toContain('0,7');
    expect((await put('Какие пени?', { documentIds: [ids['rent-2024.txt']] })).answer).toContain('0,7');
  });
});

describe('a question that follows one in the other language', async () => {
  const { put } = await scene({
    'a.txt': lease('ООО «Василёк» и ИП Лютиков И.И.', '0,5 %'),
    'boat.txt':
      'BOAT HIRE\n\n1. Deposit\nThe deposit is 300 euros.\n\n2. Termination\nEither party may terminate this agreement with 30 days notice.\n',
  });

  it.each([
    ['What is the deposit?', 'А когда его можно расторгнуть?', '30 days'],
    ['How can the agreement be terminated?', 'А за сколько дней?', '30 days'],
    ['Какие пени?', 'And for what period?', '0,5'],
    ['Какие пени за просрочку?', 'How much is it per day?', '0,5'],
  ])('"%s" – "%s"', async (first, second, right) => {
    const { conversationId } = await put(first);
    const body = await put(second, { conversationId });
    expect({ answered: body.answered, second }).toEqual({ answered: true, second });
    expect(body.answer).toContain(right);
  });
});

describe('a misspelt word', async () => {
  const { put } = await scene({
    'a.txt': lease('ООО «Василёк» и ИП Лютиков И.И.', '0,5 %').replace('Пени составляют', 'Неустойка составляет'),
    'boat.txt':
      'BOAT HIRE\n\n1. Deposit\nThe deposit is 300 euros.\n\n2. Termination\nEither party may request termination with 30 days notice.\n',
  });

  it.each([
    ['Какая неустоика?', '0,5'],
    ['Какая неусойтка за просрочку?', '0,5'],
    ['Когда вносится арнедная плата?', 'пятого'],
    ['What is the depoist?', '300'],
    ['How many days of notice for termintaion?', '30 days'],
    ['What is the notice for terminaton?', '30 days'],
  ])('does not lose the answer of "%s"', async (question, right) => {
    const body = await put(question);
    expect({ question, answered: body.answered }).toEqual({ question, answered: true });
    expect(body.answer).toContain(right);
  });

  it.each([
    'Какая поставка?',
    'What is the vacation?',
    'Кто владеет патентом?',
    'Какие налоги?',
    'Who is the director?',
  ])('is no other word: "%s" is refused', async (question) => {
    expect((await put(question)).answered).toBe(false);
  });
});

describe('a number that is written in words', async () => {
  const { put } = await scene({
    'supply.txt':
      'ДОГОВОР ПОСТАВКИ\n\n1. Оплата\n1.1. Покупатель платит аванс в размере тридцати процентов цены в течение пяти (5) рабочих дней.\n1.2. Цена товара составляет сто тысяч рублей.\n\n2. Приёмка\n2.1. Покупатель принимает товар в течение двадцати дней.\n2.2. Одна из Сторон ведёт журнал приёмки.\n\n3. Пени\n3.1. Пени составляют ноль целых пять десятых процента за день.\n3.2. Договор подписан в 2 экземплярах, и проверка длится 45 минут.\n',
    'loan.txt':
      'LOAN AGREEMENT\n\n1. Loan\n1.1. The Bank lends two hundred fifty thousand dollars.\n1.2. The Borrower repays the loan within one hundred and eighty (180) days.\n\n2. Interest\n2.1. Interest is seven and a half percent a year.\n2.2. One of the parties keeps the register of payments.\n',
  });

  it.each([
    ['30 %', 'тридцати процентов'],
    ['Где указано 30 процентов?', 'тридцати процентов'],
    ['тридцать процентов', 'тридцати процентов'],
    ['Какой аванс составляет 30%?', 'тридцати процентов'],
    ['За сколько дней принимается товар: 20 дней?', 'двадцати дней'],
    ['двадцать дней', 'двадцати дней'],
    ['100 000 рублей', 'сто тысяч рублей'],
    ['100000', 'сто тысяч рублей'],
    ['Где указана сумма сто тысяч рублей?', 'сто тысяч рублей'],
    ['0,5 %', 'ноль целых пять десятых'],
    ['полпроцента', 'ноль целых пять десятых'],
    ['Что длится сорок пять минут?', '45 минут'],
    ['в двух экземплярах', '2 экземплярах'],
    ['$250,000', 'two hundred fifty thousand'],
    ['Where is the sum of 250 000 dollars?', 'two hundred fifty thousand'],
    ['180 days', 'one hundred and eighty'],
    ['seven and a half per cent', 'seven and a half percent'],
    ['7.5%', 'seven and a half percent'],
  ])('is found by any writing of it: "%s"', async (question, right) => {
    const body = await put(question);
    expect({ question, answered: body.answered }).toEqual({ question, answered: true });
    expect(body.answer).toContain(right);
  });

  it.each([
    '70 %',
    'сорок процентов',
    'Где указано 90 дней?',
    'сто тысяч долларов и сорок центов: 100000,40',
    'Where are three hundred thousand dollars mentioned?',
    'eleven percent',
  ])('does not answer what names another: "%s"', async (question) => {
    const body = await put(question);
    expect({ question, answered: body.answered }).toEqual({ question, answered: false });
  });

  it('is none where it only means somebody', async () => {
    expect((await put('Одна из сторон что ведёт?')).answer).toContain('журнал');
    expect((await put('What does one of the parties keep?')).answer).toContain('register');
  });
});
