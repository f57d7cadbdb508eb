import { expect, it } from 'vitest';
import { redact } from './redact.ts';

const base64 = Buffer.alloc(300, 'pixel 7').toString('base64');

it.each([
  ['Use sk-proj-abc123DEF456ghi for it', 'Use [key] for it'],
  ['sk-ant-api03-abcdefghijkl', '[key]'],
  ['Authorization: Bearer abc.DEF-123456', 'Authorization: [key]'],
  [`pandect_${'a'.repeat(22)}_${'b'.repeat(14)}`, '[key]'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_def', '[key]'],
  ['ghp_0123456789abcdefghij and AKIAIOSFODNN7EXAMPLE', '[key] and [key]'],
  ['AQVNabcdefghijklmnopqrstuvwxyz0123456789', '[key]'],
  ['пароль: Qwerty-123, вот', '[key], вот'],
  ['postgres://me:secret@db/x', 'postgres://[key]@db/x'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----', '[key]'],
  ['Пишите на ivan.petrov@example.com или иван@почта.рф!', 'Пишите на [email] или [email]!'],
  ['Тел. +7 (912) 345-67-89, 8 912 345 67 89, 89123456789', 'Тел. [phone], [phone], [phone]'],
  ['Call +44 20 7946 0958', 'Call [phone]'],
  ['Карта 4111 1111 1111 1111', 'Карта [card]'],
  ['Карта 4111-1111-1111-1111.', 'Карта [card].'],
  ['2200700012345678', '2200700012345678'],
  ['Паспорт 45 12 345678', '[passport]'],
  ['паспорт серия 4512 номер 345678 выдан', '[passport] выдан'],
  ['4512 345678', '[passport]'],
  ['СНИЛС 112-233-445 95', 'СНИЛС [snils]'],
  ['СНИЛС: 11223344595', '[snils]'],
  ['ИНН 7707083893, КПП 770701001', '[inn], КПП 770701001'],
  ['Налогоплательщик 500100732259', 'Налогоплательщик [inn]'],
  [`Картинка data:image/png;base64,${base64} здесь`, 'Картинка [data] здесь'],
  [`Run ${base64}`, 'Run [base64]'],
])('makes of %j a text without it', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

it.each([
  'Статья 1. Плата составляет 1 234 567,89 руб. по договору № 12-345/2025 от 01.02.2025.',
  'Order 123456789012 of 2025-11-29 20:40:18, version 1.45.0',
  'const token = next(); // task-runner',
  'ГОСТ Р 57580.1-2017, ст. 10, ч. 2',
  'a'.repeat(199),
])('leaves %j as it is', (text) => {
  expect(redact(text)).toBe(text);
});

it('takes time linear in the length of a text', () => {
  const hostile = [
    '1 ',
    '+7',
    'a@',
    'a.',
    'data:a/b;',
    '-----BEGIN PRIVATE KEY-----',
    'eyJ',
    'паспорт ',
    '9-',
    'token=',
  ];
  const started = performance.now();
  for (const part of hostile) redact(part.repeat(70_000 / part.length));
  expect(performance.now() - started).toBeLessThan(5_000);
});
