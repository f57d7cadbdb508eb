import { TelegramRefusal } from '../refusal.ts';
import { accountMethods } from './account.ts';
import type { Call, Method } from './contract.ts';
import { mediaMethods } from './media.ts';
import { messageMethods } from './messages.ts';
import { paymentMethods } from './payments.ts';
import { updateMethods } from './updates.ts';

const methods = new Map<string, Method>(
  Object.entries({ ...accountMethods, ...messageMethods, ...mediaMethods, ...paymentMethods, ...updateMethods }).map(
    ([name, method]) => [name.toLowerCase(), method],
  ),
);

/** Does what a method of the Bot API does; names are compared without case. @throws TelegramRefusal */
export async function runMethod(name: string, call: Call): Promise<unknown> {
  const method = methods.get(name.toLowerCase());
  if (!method) throw new TelegramRefusal(404, 'Not Found: method not found');
  return method(call);
}
