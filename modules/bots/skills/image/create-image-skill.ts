import type { Transaction } from '../../../../db/client.ts';
import { followedImages } from '../../../../db/schema/bots/followed-images.ts';
import { isProblem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { type OutgoingAction, plain } from '../../../messages/telegram/index.ts';
import type { Generation } from '../../../pictures/contract.ts';
import { eraseImagesOfWallet } from '../../../pictures/erase.ts';
import { type AskedPictures, type Asker, type Generations, listImages } from '../../../pictures/generations/index.ts';
import type { BotUser, Skill, Turn } from '../../contract.ts';
import type { FollowDeps } from './follow-image.ts';
import { followJob } from './follow-job.ts';
import { cancelKeyboard, showOriginal, showPhoto, statusOf } from './show-image.ts';
import { words } from './words.ts';

export interface ImageDeps extends FollowDeps {
  generations: Pick<Generations, 'create' | 'read' | 'list' | 'cancel' | 'file'>;
}

const LONGEST_PROMPT = 1_000;

const askerOf = ({ bot, user }: Turn): Asker => ({
  ...{ organizationId: bot.organizationId, userId: bot.createdBy, walletId: user.walletId },
});

const ownerOf = ({ walletId }: BotUser) => ({ userId: '', walletId });

/** Pictures that a model makes. */
export const createImageSkill = (deps: ImageDeps): Skill => ({
  name: 'image',
  unit: 'image',
  commands: [
    { name: 'image', words: { en: 'Draw a picture', ru: 'Нарисовать картинку' } },
    { name: 'last', words: { en: 'Your last picture', ru: 'Ваша последняя картинка' } },
  ],
  welcome: ({ language }) => ({ text: plain(words[language].welcome) }),
  async handle(turn) {
    const { event } = turn;
    switch (event.type) {
      case 'command':
        if (event.name === 'last') await showLast(deps, turn);
        else if (event.name === 'image') await draw(deps, turn, event.argument);
        else return false;
        return true;
      case 'text':
        await draw(deps, turn, event.text);
        return true;
      case 'button':
        return press(deps, turn, event);
      case 'stop':
        return false;
    }
  },
  async history(tx, user, limit) {
    const rows = await listImages(tx, ownerOf(user), { status: 'done', limit });
    return rows.slice(0, limit).map(({ id, prompt, createdAt }) => ({
      ...{ at: createdAt, title: prompt, data: `image:show:${id}` },
    }));
  },
  async export(tx, user) {
    const rows = await listImages(tx, ownerOf(user), { limit: 1000 });
    return rows.map(({ createdAt, prompt, model, status, width, height }) => ({
      ...{ at: createdAt, prompt, model, status, width, height },
    }));
  },
  erase: (tx, { organizationId, walletId }) => eraseImagesOfWallet(tx, { organizationId, walletId }),
});

const say = (turn: Turn, text: string) =>
  turn.transaction((tx) => turn.say(tx, 'talk', { kind: 'text', text: plain(text) }));

async function draw(deps: ImageDeps, turn: Turn, text: string): Promise<void> {
  const { describe, tooLong } = words[turn.user.language];
  const prompt = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  if (prompt === '') return say(turn, describe);
  if ([...prompt].length > LONGEST_PROMPT) return say(turn, tooLong(LONGEST_PROMPT));
  await begin(deps, turn, { prompt });
}

/**
 * Reserves, stores and follows a generation. What is asked for again by the same update is the one that it made.
 * @throws Problem those of `Generations.create`
 */
async function begin({ generations, queue }: ImageDeps, turn: Turn, asked: AskedPictures): Promise<void> {
  const { bot, user, occasion, requestId } = turn;
  const { language } = user;
  const made = await generations.create(askerOf(turn), asked, requestId);
  const said = statusOf(made, language);
  await turn.transaction(async (tx) => {
    await turn.say(tx, 'status', { kind: 'text', text: plain(said), keyboard: cancelKeyboard(made.id, language) });
    await tx
      .insert(followedImages)
      .values({
        ...{ imageId: made.id, organizationId: bot.organizationId, botId: bot.id, botUserId: user.id },
        ...{ chatId: user.chatId, occasion, status: made.status, said },
      })
      .onConflictDoNothing();
    await sendFollow(tx, queue, bot.organizationId, made.id);
    await turn.finish(tx);
  });
}

const sendFollow = (tx: Transaction, queue: FollowDeps['queue'], organizationId: string, imageId: string) =>
  queue.send(tx, followJob, { kind: 'image', organizationId, imageId }, { singleton: `image:${imageId}` });

async function press(
  deps: ImageDeps,
  turn: Turn,
  { action, argument }: { action: string; argument: string },
): Promise<boolean> {
  const { generations } = deps;
  const own = words[turn.user.language];
  const [id = '', index = '0'] = argument.split('.');
  if (!['cancel', 'again', 'original', 'show'].includes(action)) return false;
  const generation = await readOwn(deps, turn, id);
  if (!generation) {
    await say(turn, own.gone);
    return true;
  }
  switch (action) {
    case 'cancel':
      // What becomes of it stands in the message that is followed.
      await generations.cancel(askerOf(turn), id);
      break;
    case 'again': {
      const { prompt, model, width, height, count } = generation;
      await begin(deps, turn, { prompt, model, width, height, count });
      break;
    }
    case 'original':
      await showFile(turn, generation, Number(index), () =>
        generations.file(askerOf(turn), id, Number(index), 'original').then(showOriginal),
      );
      break;
    case 'show':
      await showPhotos(deps, turn, generation);
  }
  return true;
}

const readOwn = ({ generations }: ImageDeps, turn: Turn, id: string): Promise<Generation | undefined> =>
  generations.read(askerOf(turn), id).catch((error: unknown) => {
    if (isProblem(error, notFound)) return undefined;
    throw error;
  });

async function showFile(
  turn: Turn,
  { pictures }: Generation,
  index: number,
  show: () => Promise<OutgoingAction>,
): Promise<void> {
  if (!pictures.some((picture) => picture.index === index)) return say(turn, words[turn.user.language].notYet);
  const action = await show();
  await turn.transaction((tx) => turn.say(tx, `picture:${index}`, action));
}

async function showPhotos({ generations }: ImageDeps, turn: Turn, generation: Generation): Promise<void> {
  if (generation.pictures.length === 0) return say(turn, words[turn.user.language].notYet);
  for (const { index } of generation.pictures) {
    await showFile(turn, generation, index, async () => {
      const file = await generations.file(askerOf(turn), generation.id, index, 'display');
      return showPhoto(generation, index, file, turn.user.language);
    });
  }
}

async function showLast(deps: ImageDeps, turn: Turn): Promise<void> {
  const { items } = await deps.generations.list(askerOf(turn), { status: 'done', limit: 1 });
  const [last] = items;
  if (!last) return say(turn, words[turn.user.language].none);
  await showPhotos(deps, turn, last);
}
