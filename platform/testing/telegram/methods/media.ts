import { randomBytes } from 'node:crypto';
import { addMessage, openChat } from '../chats.ts';
import { readFormatted } from '../check-text.ts';
import type { CheckedText } from '../checked-text.ts';
import { type Markup, readMarkup } from '../keyboard.ts';
import type { Params } from '../params.ts';
import { pictureSize } from '../picture-size.ts';
import { badRequest, TelegramRefusal } from '../refusal.ts';
import type { StoredFile, TelegramBot, TelegramMessage } from '../state.ts';
import type { Call, Method } from './contract.ts';
import { edit } from './messages.ts';

const PHOTO_BYTES = 10 * 1024 * 1024;
const FILE_BYTES = 50 * 1024 * 1024;
const DOWNLOAD_BYTES = 20 * 1024 * 1024;
const LARGEST_SUM = 10_000;
const LARGEST_RATIO = 20;

/** Stores a file for one bot: another does not know its id. @throws TelegramRefusal when it is none of this kind */
export function storeFile(bot: TelegramBot, kind: StoredFile['kind'], name: string, bytes: Buffer): StoredFile {
  const size = pictureSize(bytes) ?? { width: 0, height: 0 };
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (bytes.length > FILE_BYTES) throw new TelegramRefusal(413, 'Request Entity Too Large');
  if (kind === 'photo') {
    const { width, height } = size;
    if (bytes.length > PHOTO_BYTES) throw badRequest('file is too big for a photo');
    if (width === 0 || height === 0) throw badRequest('IMAGE_PROCESS_FAILED');
    const isBad = width + height > LARGEST_SUM || Math.max(width / height, height / width) > LARGEST_RATIO;
    if (isBad) throw badRequest('PHOTO_INVALID_DIMENSIONS');
  }
  const id = `${kind === 'photo' ? 'AgAC' : 'BQAC'}${randomBytes(24).toString('base64url')}`;
  const file = { id, uniqueId: randomBytes(9).toString('base64url'), kind, name, bytes, ...size };
  bot.files.set(id, file);
  return file;
}

function readFile(call: Call, params: Params, kind: StoredFile['kind'], field: string): StoredFile {
  const { bot } = call;
  const upload = params.file(field);
  if (upload) return storeFile(bot, kind, upload.name, upload.content);
  const id = params.needText(field);
  if (/^https?:/.test(id)) throw badRequest('failed to get HTTP URL content');
  const file = bot.files.get(id);
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified');
  if (file.kind !== kind) {
    const [is, wanted] = [file.kind, kind].map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    throw badRequest(`can't use file of type ${is} as ${wanted}`);
  }
  return file;
}

export function showFile({ id, uniqueId, kind, name, bytes, width, height }: StoredFile): Partial<TelegramMessage> {
  const own = { file_id: id, file_unique_id: uniqueId, file_size: bytes.length };
  if (kind === 'document') return { document: { ...own, file_name: name } };
  const small = { ...own, file_unique_id: `${uniqueId}s`, width: Math.ceil(width / 4), height: Math.ceil(height / 4) };
  return { photo: [small, { ...own, width, height }] };
}

const content = (file: StoredFile, { text, entities }: CheckedText, markup: Markup | undefined) => ({
  ...showFile(file),
  ...(text && { caption: text }),
  ...(entities.length > 0 && { caption_entities: entities }),
  ...(markup && { reply_markup: markup }),
});

const send =
  (kind: StoredFile['kind']): Method =>
  (call) => {
    const { context, bot, params } = call;
    const chatId = params.needNumber('chat_id');
    const caption = readFormatted(params, 'caption');
    const markup = readMarkup(params);
    const chat = openChat(context, bot, chatId);
    context.buckets.take(bot.info.id, chatId);
    return addMessage(context, bot, chat, bot.info, content(readFile(call, params, kind, kind), caption, markup));
  };

const editMessageMedia: Method = (call) => {
  const media = call.params.json('media') as Record<string, unknown> | undefined;
  if (typeof media !== 'object' || media === null) throw badRequest('media must be an object');
  const kind = media.type;
  if (kind !== 'photo' && kind !== 'document') throw badRequest('type of the media is unknown');
  // The fields of the media itself are read like those of a call.
  const inner: Params = {
    ...call.params,
    text: (name) => (media[name] === undefined ? undefined : String(media[name])),
    needText: (name) => String(media[name]),
    json: (name) => media[name],
    file: () => {
      const [, name] = /^attach:\/\/(.+)$/.exec(String(media.media)) ?? [];
      const upload = name === undefined ? undefined : call.params.file(name);
      if (name !== undefined && !upload) throw badRequest('file to attach not found');
      return upload;
    },
  };
  const caption = readFormatted(inner, 'caption');
  const markup = readMarkup(call.params);
  return edit(call, () => content(readFile(call, inner, kind, 'media'), caption, markup));
};

const getFile: Method = ({ bot, params }) => {
  const file = bot.files.get(params.needText('file_id'));
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.bytes.length > DOWNLOAD_BYTES) throw badRequest('file is too big');
  const { id, uniqueId, kind, bytes } = file;
  return { file_id: id, file_unique_id: uniqueId, file_size: bytes.length, file_path: `${kind}s/${uniqueId}` };
};

export const mediaMethods: Record<string, Method> = {
  ...{ sendPhoto: send('photo'), sendDocument: send('document'), editMessageMedia, getFile },
};
