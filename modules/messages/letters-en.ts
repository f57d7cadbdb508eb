import { amountsIn } from './amounts.ts';
import type { Letters } from './letter.ts';

const { roubles, amount, limit: limitOf, time, day } = amountsIn('en-GB');

const plans = { text: 'See the plans', path: '/plans' };

const limits = { text: 'See the usage', path: '/usage' };
const budgets = {
  organization: () => 'the organization',
  key: (name: string) => `API key “${name}”`,
  model: (name: string) => `model “${name}”`,
};
const budgetOf = (scope: keyof typeof budgets, name: string) => budgets[scope](name);

export const english: Letters = {
  'confirm-email': ({ token }) => ({
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'An account with Pandect was registered under this address. Please confirm that you registered it. Sessions and API keys from before the confirmation will end.',
      'If that was not you, do not confirm: the account has a password that somebody else knows. Delete this message, or take the account over by choosing a new password.',
    ],
    link: { text: 'Confirm the address', path: '/confirm-email', token },
  }),
  'reset-password': ({ token }) => ({
    subject: 'A new password',
    paragraphs: [
      'Somebody asked for a new password for your account with Pandect. If that was you, choose one under the link.',
      'If not, there is nothing to do: your password stays as it is. Do not forward this message.',
    ],
    link: { text: 'Choose a new password', path: '/reset-password', token },
  }),
  'access-ended': ({ reason, sessions, keys }) => ({
    ...{
      confirmed: {
        subject: 'Your e-mail address is confirmed',
        paragraphs: [
          'The e-mail address of your account with Pandect is confirmed.',
          `Sessions and API keys from before the confirmation have ended. Sessions: ${sessions}. API keys: ${keys}. Sign in again.`,
        ],
      },
      reset: {
        subject: 'Your password was reset',
        paragraphs: [
          'A new password was set for your account with Pandect, with a link that was sent to this address.',
          `Earlier sessions and API keys have ended. Sessions: ${sessions}. API keys: ${keys}. Programs that used them need new keys.`,
        ],
      },
      changed: {
        subject: 'Your password was changed',
        paragraphs: [
          'The password of your account with Pandect was changed by somebody who knew the old one.',
          `Earlier sessions have ended: ${sessions}. API keys revoked: ${keys}.`,
        ],
      },
    }[reason],
    link: { text: 'If that was not you, choose a new password', path: '/forgot-password' },
  }),
  invitation: ({ organization, inviter, token }) => ({
    subject: `Invitation to “${organization}”`,
    paragraphs: [
      `${inviter} invites you to work with the documents of “${organization}” in Pandect.`,
      'If you did not expect an invitation, just delete this message.',
    ],
    link: { text: 'Accept the invitation', path: '/invitation', token },
  }),
  'limit-near': ({ what, used, limit, resetAt }) => ({
    subject: `A limit is nearly reached: ${limitOf(what)}`,
    paragraphs: [
      `${amount(what, used)} of ${amount(what, limit)} are used: ${limitOf(what)}.`,
      resetAt
        ? `Counting starts over on ${time(resetAt)}. If that is too little, a larger plan applies at once.`
        : 'If that is too little, remove what is no longer needed or take a larger plan, which applies at once.',
    ],
    link: plans,
  }),
  'limit-reached': ({ what, used, limit, resetAt }) => ({
    subject: `A limit is reached: ${limitOf(what)}`,
    paragraphs: [
      `${amount(what, used)} of ${amount(what, limit)} are used: ${limitOf(what)}. What goes beyond is refused.`,
      resetAt
        ? `Counting starts over on ${time(resetAt)}. If you cannot wait, a larger plan applies at once.`
        : 'To go on, remove what is no longer needed or take a larger plan, which applies at once.',
    ],
    link: plans,
  }),
  'budget-spent': ({ scope, name, what, share, used, limit, resetAt }) => ({
    subject: `${share} % of a budget are spent: ${budgetOf(scope, name)}`,
    paragraphs: [
      `${used} of ${limit} ${what === 'cost' ? 'roubles' : 'tokens'} are spent: ${budgetOf(scope, name)}.`,
      resetAt
        ? `The budget starts over on ${time(resetAt)}. Administrators and owners can change it at any time.`
        : 'The budget does not start over by itself. Administrators and owners can change it at any time.',
    ],
    link: limits,
  }),
  invoice: ({ number, total, dueAt }) => ({
    subject: `Invoice ${number}`,
    paragraphs: [`Invoice ${number} over ${roubles(total)} was issued. Please pay it by ${day(dueAt)}.`],
    link: { text: 'Open the invoices', path: '/invoices' },
  }),
  payment: ({ number, total }) => ({
    subject: `Invoice ${number} is paid`,
    paragraphs: [`Your payment of ${roubles(total)} for invoice ${number} has arrived. Thank you!`],
    link: { text: 'Open the invoices', path: '/invoices' },
  }),
  subscription: ({ state, tier, until }) => ({
    ...{
      trial: {
        subject: `Trial of the plan “${tier}”`,
        paragraphs: [`Your trial of the plan “${tier}” has begun. It lasts until ${day(until)}.`],
      },
      active: {
        subject: `The plan “${tier}” is active`,
        paragraphs: [`The plan “${tier}” is active until ${day(until)}.`],
      },
      'past-due': {
        subject: `The plan “${tier}” is not paid`,
        paragraphs: [
          `Payment for the plan “${tier}” is overdue. It stays until ${day(until)}; pay the invoice to keep it after that.`,
        ],
      },
      cancelled: {
        subject: `The plan “${tier}” is cancelled`,
        paragraphs: [
          `The subscription is cancelled and will not be renewed. Until ${day(until)} the plan “${tier}” works as before.`,
          'Documents beyond the free plan are not removed after that, but none can be added.',
        ],
      },
      expired: {
        subject: `The plan “${tier}” has ended`,
        paragraphs: [
          `The plan “${tier}” ended on ${day(until)}. The free plan applies now.`,
          'Documents beyond its limit are not removed, but none can be added.',
        ],
      },
    }[state],
    link: { text: 'Open the subscription', path: '/subscription' },
  }),
  'document-failed': ({ title, explanation }) => ({
    subject: `“${title}” could not be read`,
    paragraphs: [
      `The document “${title}” was uploaded, but it could not be read.`,
      ...(explanation ? [explanation] : []),
    ],
    link: { text: 'Open the documents', path: '/documents' },
  }),
  'bot-refused': ({ bot }) => ({
    subject: `Telegram does not let the bot @${bot} in any more`,
    paragraphs: [
      `Telegram no longer takes the token of the bot @${bot}, so it neither reads nor answers. That is what happens when its token was revoked or the bot was deleted.`,
      'Ask @BotFather for a new token of the same bot and set it for the bot. What the bot has not sent yet waits until then.',
    ],
    link: { text: 'Open the bots', path: '/bots' },
  }),
};
