import { isLink } from './check-text.ts';
import type { Params } from './params.ts';
import { badRequest } from './refusal.ts';
import type { InlineButton } from './state.ts';

export interface Markup {
  inline_keyboard: InlineButton[][];
}

const MOST_BUTTONS = 100;

/**
 * The buttons of a message.
 * @param isInvoice whether a button may pay
 * @throws TelegramRefusal 400
 */
export function readMarkup(params: Params, isInvoice = false): Markup | undefined {
  const markup = params.json('reply_markup') as Partial<Markup> | undefined;
  if (markup === undefined) return undefined;
  const rows = markup.inline_keyboard;
  // What stands in place of the keyboard of the phone is not looked at.
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows) || !rows.every(Array.isArray))
    throw badRequest('inline keyboard must be an Array of Arrays');
  const buttons = rows.flat();
  if (buttons.length === 0) return undefined;
  if (buttons.length > MOST_BUTTONS) throw badRequest('reply markup is too long');
  for (const button of buttons) checkButton(button);
  const paying = buttons.filter(({ pay }) => pay);
  if (paying.length > 0 && (!isInvoice || paying.length > 1 || rows[0]?.[0]?.pay !== true)) {
    throw badRequest('BUTTON_POS_INVALID');
  }
  if (isInvoice && paying.length === 0) throw badRequest('the first button must be a Pay button');
  return { inline_keyboard: rows.filter((row) => row.length > 0) };
}

function checkButton({ text, callback_data: data, url, pay }: InlineButton): void {
  if (typeof text !== 'string' || text.trim() === '') throw badRequest('inline keyboard button text must be non-empty');
  const actions = [data !== undefined, url !== undefined, pay === true].filter(Boolean).length;
  if (actions !== 1) throw badRequest('text buttons are unallowed in the inline keyboard');
  if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) throw badRequest('BUTTON_DATA_INVALID');
  if (url !== undefined && !isLink(url)) throw badRequest(`inline keyboard button URL '${url}' is invalid`);
}
