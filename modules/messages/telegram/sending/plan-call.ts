import type { Keyboard, OutgoingAction, OutgoingFile, RichText } from '../contract.ts';
import { splitInto } from '../text/split.ts';

const TEXT_UNITS = 4096;
const CAPTION_UNITS = 1024;
const PHOTO_BYTES = 10 * 1024 * 1024;
const PHOTO_SUM = 10_000;
const PHOTO_RATIO = 20;
const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** What Telegram takes of one upload. */
const FILE_BYTES = 50 * 1024 * 1024;

/** A message that an earlier step has sent. */
export interface Target {
  messageIds: readonly number[];
  hasCaption: boolean;
}

/** One call of the Bot API that brings an action further. */
export type PlannedCall =
  | { kind: 'call'; method: string; params: Record<string, unknown>; edits?: number }
  | { kind: 'file'; as: 'photo' | 'document'; file: OutgoingFile; params: Record<string, unknown> }
  /** Removes messages; whether they were there does not matter. */
  | { kind: 'remove'; messageIds: readonly number[] }
  | { kind: 'done' }
  | { kind: 'impossible'; reason: 'empty' | 'too-large' };

/**
 * What is to be called next.
 * @param sent ids of the messages that already show the action, one for each call that was answered
 * @param target of an edit or a removal
 */
export function planCall(action: OutgoingAction, sent: readonly number[], target: Target | undefined): PlannedCall {
  const at = sent.length;
  switch (action.kind) {
    case 'text': {
      const pieces = splitInto(action.text, () => TEXT_UNITS);
      if (pieces.length === 0) return { kind: 'impossible', reason: 'empty' };
      return textCall(pieces, at, action.keyboard) ?? { kind: 'done' };
    }
    case 'edit':
      return planEdit(action, at, target ?? { messageIds: [], hasCaption: false });
    case 'delete':
      return target && target.messageIds.length > 0 && at === 0
        ? { kind: 'remove', messageIds: target.messageIds }
        : { kind: 'done' };
    case 'photo':
    case 'document': {
      const { file, caption, keyboard } = action;
      if (file.bytes > FILE_BYTES) return { kind: 'impossible', reason: 'too-large' };
      const pieces = caption ? splitInto(caption, captioned) : [];
      if (at > 0) return textCall(pieces, at, keyboard) ?? { kind: 'done' };
      const [first] = pieces;
      const shown = first && { caption: first.text, caption_entities: first.entities };
      const params = { ...shown, ...(pieces.length <= 1 && markup(keyboard)) };
      return { kind: 'file', as: action.kind === 'photo' && isPhoto(file) ? 'photo' : 'document', file, params };
    }
    case 'invoice': {
      if (at > 0) return { kind: 'done' };
      const { title, description, payload, stars, label } = action;
      const prices = [{ label, amount: stars }];
      const params = { title, description, payload, provider_token: '', currency: 'XTR', prices };
      return { kind: 'call', method: 'sendInvoice', params };
    }
  }
}

const captioned = (index: number) => (index === 0 ? CAPTION_UNITS : TEXT_UNITS);

function planEdit(
  { text, keyboard }: Extract<OutgoingAction, { kind: 'edit' }>,
  at: number,
  { messageIds, hasCaption }: Target,
): PlannedCall {
  const pieces = splitInto(text, (index) => (hasCaption ? captioned(index) : TEXT_UNITS));
  if (pieces.length === 0) return { kind: 'impossible', reason: 'empty' };
  const call = textCall(pieces, at, keyboard);
  if (!call) {
    const surplus = messageIds.slice(pieces.length);
    return surplus.length > 0 ? { kind: 'remove', messageIds: surplus } : { kind: 'done' };
  }
  const edits = messageIds[at];
  if (edits === undefined) return call;
  const { text: words, entities, ...rest } = call.params;
  const isCaption = hasCaption && at === 0;
  const params = {
    ...(isCaption ? { caption: words, caption_entities: entities } : { text: words, entities }),
    ...{ ...rest, message_id: edits },
  };
  return { kind: 'call', method: isCaption ? 'editMessageCaption' : 'editMessageText', params, edits };
}

/** Sends the piece with this index; buttons stand under the last. */
function textCall(pieces: readonly RichText[], at: number, keyboard: Keyboard | undefined) {
  const piece = pieces[at];
  if (!piece) return undefined;
  const isLast = at === pieces.length - 1;
  const params: Record<string, unknown> = {
    ...{ text: piece.text, entities: piece.entities, link_preview_options: { is_disabled: true } },
    ...(isLast && markup(keyboard)),
  };
  return { kind: 'call' as const, method: 'sendMessage', params };
}

function markup(keyboard: Keyboard | undefined) {
  if (!keyboard || keyboard.length === 0) return {};
  const rows = keyboard.map((row) =>
    row.map((button) => {
      if ('data' in button) return { text: button.text, callback_data: button.data };
      return 'url' in button ? { text: button.text, url: button.url } : { text: button.text, pay: true };
    }),
  );
  return { reply_markup: { inline_keyboard: rows } };
}

/** https://core.telegram.org/bots/api#sendphoto; everything else is sent as it is, by a document. */
export function isPhoto({ type, bytes, width, height }: OutgoingFile): boolean {
  if (!PHOTO_TYPES.has(type) || bytes > PHOTO_BYTES) return false;
  if (width === undefined || height === undefined) return true;
  return width + height <= PHOTO_SUM && Math.max(width / height, height / width) <= PHOTO_RATIO;
}
