import type { Language } from '../../../../platform/kernel/problem.ts';
import { type Keyboard, type OutgoingAction, type OutgoingFile, plain } from '../../../messages/telegram/index.ts';
import type { Generation, PictureFile } from '../../../pictures/contract.ts';
import { reasonTexts } from '../../../pictures/reason-texts.ts';
import { words } from './words.ts';

const LONGEST_CAPTION = 200;

/** Where a generation stands, in words. */
export function statusOf(generation: Generation, language: Language): string {
  const own = words[language];
  const { status, reason, cancelAsked } = generation;
  switch (status) {
    case 'failed':
      return reasonTexts[reason ?? 'no-picture'][language];
    case 'refused':
    case 'cancelled':
    case 'expired':
      return own.ended[status];
    default:
      return cancelAsked ? own.cancelAsked : own.progress(generation);
  }
}

export const cancelKeyboard = (id: string, language: Language): Keyboard => [
  [{ text: words[language].cancel, data: `image:cancel:${id}` }],
];

export const againKeyboard = (id: string, language: Language): Keyboard => [
  [{ text: words[language].again, data: `image:again:${id}` }],
];

const endings = { 'image/png': 'png', 'image/webp': 'webp', 'image/jpeg': 'jpg' };

function fileOf({ storageKey, type, bytes, width, height }: PictureFile, name: string): OutgoingFile {
  return { storageKey, fileName: `${name}.${endings[type]}`, type, bytes, width, height };
}

/** A picture as a photo, with what can be done with it. */
export function showPhoto(
  generation: Generation,
  index: number,
  file: PictureFile,
  language: Language,
): OutgoingAction {
  const { id, prompt, pictures, count } = generation;
  const { original, some } = words[language];
  const isShort = index === 0 && pictures.length < count;
  const caption = `${[...prompt].slice(0, LONGEST_CAPTION).join('')}${isShort ? `\n${some(pictures.length, count)}` : ''}`;
  const keyboard = [[{ text: original, data: `image:original:${id}.${index}` }], ...againKeyboard(id, language)];
  return { kind: 'photo', file: fileOf(file, 'picture'), caption: plain(caption), keyboard };
}

export const showOriginal = (file: PictureFile): OutgoingAction => ({
  kind: 'document',
  file: fileOf(file, 'original'),
});
