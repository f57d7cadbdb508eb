import { describe, expect, it } from 'vitest';
import { subscriptionStates } from '../../db/schema/commerce/subscriptions.ts';
import { notificationKinds } from '../../db/schema/messages/notifications.ts';
import type { NotificationParameters } from '../../platform/capabilities/outbox/index.ts';
import { renderMail } from './render-mail.ts';

type Samples = { [Kind in keyof NotificationParameters]: NotificationParameters[Kind][] };

const [until, resetAt] = ['2026-03-31T21:00:00.000Z', '2026-03-02T00:00:00.000Z'];
const limits: NotificationParameters['limit-near'][] = [
  { what: 'questions/day', used: 8, limit: 10, resetAt },
  { what: 'questions/month', used: 80, limit: 100, resetAt },
  { what: 'documents', used: 5, limit: 5 },
  { what: 'storage', used: 85_899_346, limit: 107_374_182 },
];
const samples: Samples = {
  'confirm-email': [{ token: 'a_b-c' }],
  'reset-password': [{ token: 'a_b-c' }],
  'access-ended': (['confirmed', 'reset', 'changed'] as const).map((reason) => ({ reason, sessions: 2, keys: 1 })),
  invitation: [{ organization: 'Acme', inviter: 'anna@example.org', token: 'a_b-c' }],
  'limit-near': limits,
  'limit-reached': limits,
  'budget-spent': [
    { scope: 'organization', name: '', what: 'cost', share: 80, used: '80.5', limit: '100', resetAt },
    { scope: 'key', name: 'Site', what: 'tokens', share: 100, used: '1000', limit: '1000' },
    { scope: 'model', name: 'gpt', what: 'cost', share: 100, used: '12', limit: '12', resetAt },
  ],
  invoice: [{ number: '2026-000017', total: 1_500_005, dueAt: until }],
  payment: [{ number: '2026-000017', total: 500_000 }],
  subscription: subscriptionStates.map((state) => ({ state, tier: 'Basic', until })),
  'document-failed': [{ title: 'contract.pdf', reason: 'encrypted', explanation: 'The file is protected.' }],
  'bot-refused': [{ bot: 'cards_bot' }],
};
const cases = notificationKinds.flatMap((kind) =>
  (['ru', 'en'] as const).flatMap((language) => samples[kind].map((parameters) => ({ kind, language, parameters }))),
);
const render = ({ kind, language, parameters }: (typeof cases)[number]) =>
  renderMail(kind, language, parameters as never, 'https://pandect.example');

describe('renderMail', () => {
  it.each(cases)('leaves nothing unfilled in $kind, $language: $parameters', (sample) => {
    const { subject, text, html } = render(sample);
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(/undefined|null|NaN|Invalid|\[object|\$\{|[{}]/);
      expect(part.trim()).not.toBe('');
    }
    expect(/[а-яё]/i.test(subject)).toBe(sample.language === 'ru');
    for (const value of Object.values(sample.parameters)) {
      if (value === 'a_b-c' || value === '2026-000017') expect(text).toContain(value);
    }
    expect(html).toContain('<a href="https://pandect.example/');
  });

  it('writes sums, sizes and times as readers of the language do', () => {
    const space = /\s/g; // of several kinds
    const text = (kind: 'invoice' | 'limit-near', language: 'ru' | 'en', parameters: object) =>
      renderMail(kind, language, parameters as never, 'https://p.example').text.replaceAll(space, ' ');
    const invoice = { number: '7', total: 1_500_005, dueAt: until };
    expect(text('invoice', 'ru', invoice)).toContain('15 000,05 ₽. Оплатите его до 31 марта 2026 г.');
    expect(text('invoice', 'en', invoice)).toContain('₽15,000.05 was issued. Please pay it by 31 March 2026.');
    const storage = { what: 'storage', used: 85_899_346, limit: 107_374_182 };
    expect(text('limit-near', 'ru', storage)).toContain('Использовано 0,08 ГБ из 0,1 ГБ: место для файлов.');
    const day = { what: 'questions/day', used: 8, limit: 10, resetAt };
    expect(text('limit-near', 'ru', day)).toContain('Счёт начнётся заново 2 марта 2026 г. в 00:00 UTC.');
    expect(text('limit-near', 'en', day)).toContain('8 of 10 are used: questions a day.');
  });

  it('puts a token behind the # of its link, and next to it for those who cannot follow it', () => {
    const { text } = renderMail('reset-password', 'en', { token: 'a/b c' }, 'https://pandect.example');
    expect(text).toContain('https://pandect.example/reset-password#token=a%2Fb%20c');
    expect(text).toContain('enter this code: a/b c');
  });

  it('keeps what people called their organization from becoming markup, lines or headers', () => {
    const organization = '<script>"&\r\nBcc: all@example.org\u2028\u0000</script>';
    const invitation = { organization, inviter: "O'Hara\nSubject: x", token: 't' };
    const { subject, text, html } = renderMail('invitation', 'en', invitation, 'https://pandect.example');
    expect(subject).toBe('Invitation to “<script>"& Bcc: all@example.org </script>”');
    expect(text).not.toMatch(/^(Bcc|Subject):/m);
    expect(html).not.toContain('<script');
    expect(html).toContain('O&#39;Hara Subject: x invites');
    expect(html).toContain('&lt;script&gt;&quot;&amp; Bcc');
  });
});
