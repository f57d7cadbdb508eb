import { z } from '@hono/zod-openapi';

const count = z.int();

/** A bot as the function `operator` has it. */
export const storedBotSchema = z.object({
  id: z.string(),
  organizationId: z.string(),
  username: z.string(),
  name: z.string().openapi({ description: 'As people see it' }),
  skills: z.array(z.string()),
  timeZone: z.string(),
  state: z.enum(['active', 'stopped', 'unauthorized']),
  delivery: z.enum(['webhook', 'polling']),
  createdAt: z.string(),
});

export const botSchema = storedBotSchema
  .extend({
    people: count,
    blocked: count.openapi({ description: 'People who have blocked it' }),
    waitingUpdates: count,
    readingsToday: count,
  })
  .openapi('ConsoleBot');

const units = z.number().openapi({ description: 'Units, which are whole numbers' });

/** All entries of a unit in the wallets of a bot's people. */
export const walletSumSchema = z
  .object({
    unit: z.string(),
    bought: units,
    given: units,
    used: units.openapi({ description: 'Without what was given back' }),
    refunded: units,
    expired: units,
    left: units,
    owed: units.openapi({ description: 'Units of refunded payments that were used already' }),
  })
  .openapi('ConsoleWalletSum');

const paymentSumSchema = z
  .object({
    currency: z.string().openapi({ description: 'XTR: Telegram Stars' }),
    payments: count,
    amount: z.number().openapi({ description: 'In the smallest unit of the currency, without what was paid back' }),
    refunded: z.number(),
  })
  .openapi('ConsoleBotPayments');

export const botDetailSchema = z
  .object({
    ...botSchema.shape,
    organization: z.string(),
    newPeopleToday: count,
    activePeople: count.openapi({ description: 'Who wrote to it within seven days' }),
    linkedPeople: count.openapi({ description: 'Who have linked their account' }),
    oldestUpdateAt: z.string().nullable().openapi({ description: 'Of those that wait' }),
    waitingMessages: count.openapi({ description: 'That are to be sent' }),
    failedMessages: count.openapi({ description: 'Given up within a day' }),
    lastFailure: z
      .object({ at: z.string(), reason: z.string().nullable() })
      .nullable()
      .openapi({ description: 'Of the last message that was given up; without its text' }),
    wallets: z.array(walletSumSchema),
    payments: z.array(paymentSumSchema).openapi({ description: 'Made in Telegram' }),
  })
  .openapi('ConsoleBotDetail');

/** What Telegram says of a bot. */
export const botCheckSchema = z.object({
  username: z.string(),
  name: z.string(),
  isAuthorized: z.boolean().openapi({ description: 'Whether Telegram accepts its token' }),
  clockAheadMs: z.number().nullable(),
  webhook: z
    .object({
      isSet: z.boolean(),
      isOurs: z.boolean(),
      pending: count,
      lastError: z.string().nullable(),
      lastErrorAt: z.string().nullable(),
    })
    .nullable()
    .openapi({ description: 'Null where Telegram does not accept the token' }),
  polling: z
    .object({
      problem: z.enum(['webhook-set', 'other-poller', 'unauthorized']).nullable(),
      polledAt: z.string().nullable(),
    })
    .nullable()
    .openapi({ description: 'Null for a bot that was never polled' }),
  pausedUntil: z.string().nullable().openapi({ description: 'Telegram asked the bot to send nothing until then' }),
  troubles: z.array(z.string()).openapi({ description: 'What keeps it from working, in English' }),
});
