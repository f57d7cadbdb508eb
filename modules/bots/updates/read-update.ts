import { z } from 'zod';

/** No text of Telegram is longer; what an update says beyond it is cut. */
const MOST_CHARACTERS = 8_192;

/** A text as the database can hold it. */
const text = z.string().transform((value) => value.slice(0, MOST_CHARACTERS).toWellFormed().replaceAll('\0', ''));
const id = z.int();
const person = z.object({ id, language_code: text.optional() });
const chat = z.object({ id, type: z.string() });
const payment = z.object({
  currency: text,
  total_amount: z.number(),
  invoice_payload: text,
  telegram_payment_charge_id: text,
  provider_payment_charge_id: text.optional(),
  subscription_expiration_date: z.int().optional(),
  is_recurring: z.boolean().optional(),
  is_first_recurring: z.boolean().optional(),
});

const message = z.object({
  message_id: id,
  from: person.optional(),
  chat,
  text: text.optional(),
  successful_payment: payment.optional(),
  refunded_payment: payment.optional(),
});

/** The parts of an update that are of use here; all else, such as names, is not kept. */
export const updateSchema = z.object({
  update_id: z.int().min(0),
  message: message.optional(),
  edited_message: z.object({ chat }).optional(),
  callback_query: z
    .object({
      id: text,
      from: person,
      data: text.optional(),
      message: z.object({ message_id: id, chat }).optional(),
    })
    .optional(),
  pre_checkout_query: z
    .object({ id: text, from: person, currency: text, total_amount: z.number(), invoice_payload: text })
    .optional(),
  my_chat_member: z.object({ from: person, chat, new_chat_member: z.object({ status: text }) }).optional(),
  subscription: z.object({ user: person, invoice_payload: text, state: text }).optional(),
  stopped_message_generation: z.object({ chat, draft_id: id }).optional(),
});

export type Update = z.output<typeof updateSchema>;
export type Person = z.output<typeof person>;
export type Payment = z.output<typeof payment>;
export type CheckoutQuery = NonNullable<Update['pre_checkout_query']>;

/** Kinds that Telegram is asked to send; it leaves out what is not named. */
export const allowedUpdates = [
  ...['message', 'callback_query', 'pre_checkout_query', 'my_chat_member', 'subscription'],
  'stopped_message_generation',
] as const;

/** @returns undefined for what is no update, or of a form that is not known */
export function readUpdate(body: unknown): Update | undefined {
  const result = updateSchema.safeParse(body);
  return result.success ? result.data : undefined;
}

/** Who did it. */
export const personOf = (update: Update): Person | undefined =>
  update.callback_query?.from ?? update.message?.from ?? update.my_chat_member?.from ?? update.subscription?.user;

/** `private` for what came from no chat. */
export const typeOfChat = ({ message, callback_query, my_chat_member, stopped_message_generation }: Update): string =>
  (message ?? callback_query?.message ?? my_chat_member ?? stopped_message_generation)?.chat.type ?? 'private';

/** The chat whose order an update belongs to; undefined for what is of no chat and needs nothing done. */
export function chatOf(update: Update): string | undefined {
  const {
    message,
    callback_query: button,
    my_chat_member: member,
    subscription,
    stopped_message_generation: stop,
  } = update;
  const chatId = message?.chat.id ?? button?.message?.chat.id ?? member?.chat.id ?? stop?.chat.id;
  // A private chat has the number of its person.
  const own = chatId ?? button?.from.id ?? subscription?.user.id;
  return own === undefined ? undefined : String(own);
}

/** Whether it tells of money, of a block or of a stop: nothing that a person says to a skill. */
export const isService = ({ update }: { update: Update }): boolean => {
  const { message, my_chat_member, subscription, stopped_message_generation } = update;
  const money = message?.successful_payment ?? message?.refunded_payment;
  return (money ?? my_chat_member ?? subscription ?? stopped_message_generation) !== undefined;
};
