import type { Language } from '../../../../platform/kernel/problem.ts';
import type { Generation, GenerationState } from '../../../pictures/contract.ts';

/** What the bot says of pictures. */
export interface ImageWords {
  welcome: string;
  describe: string;
  tooLong(limit: number): string;
  none: string;
  gone: string;
  notYet: string;
  cancel: string;
  original: string;
  again: string;
  cancelAsked: string;
  /** Of a generation in progress. */
  progress(generation: Pick<Generation, 'status' | 'position' | 'etaSeconds' | 'progress'>): string;
  ended: Record<Extract<GenerationState, 'refused' | 'cancelled' | 'expired'>, string>;
  some(made: number, asked: number): string;
}

const percentOf = ({ progress }: Pick<Generation, 'progress'>) =>
  progress && progress.total > 0 ? Math.floor((progress.done / progress.total) * 10) * 10 : undefined;

export const words: Record<Language, ImageWords> = {
  en: {
    welcome: 'I draw pictures: describe what it should show.',
    describe: 'Describe the picture in one message. For example: a lighthouse in the fog, watercolour.',
    tooLong: (limit) => `Please shorten the description to ${limit} characters.`,
    none: 'You have no pictures yet. Describe the first one.',
    gone: 'This picture is not there any more.',
    notYet: 'The picture is not ready yet.',
    cancel: '✖️ Cancel',
    original: '📎 Original',
    again: '🔁 Once more',
    cancelAsked: 'Asked to cancel. If the picture comes first, it is yours, and charged.',
    progress(generation) {
      const { status, position, etaSeconds } = generation;
      const percent = percentOf(generation);
      const left = etaSeconds === undefined ? '' : `, about ${etaSeconds} s`;
      if (status === 'queued') return `⏳ Number ${position ?? 1} in line${left}`;
      if (status === 'storing') return '💾 Almost done';
      return percent === undefined ? '🎨 Drawing…' : `🎨 Drawing: ${percent} %`;
    },
    ended: {
      refused: 'The service does not draw this. Nothing was charged. Please describe something else.',
      cancelled: 'Cancelled. Nothing was charged.',
      expired: 'I am sorry, your turn did not come in time. Nothing was charged. Try again later.',
    },
    some: (made, asked) => `${made} of ${asked} pictures could be shown; the others were not charged.`,
  },
  ru: {
    welcome: 'Я рисую картинки: опишите, что на ней должно быть.',
    describe: 'Опишите картинку одним сообщением. Например: маяк в тумане, акварель.',
    tooLong: (limit) => `Сократите, пожалуйста, описание до ${limit} знаков.`,
    none: 'У Вас пока нет картинок. Опишите первую.',
    gone: 'Этой картинки больше нет.',
    notYet: 'Картинка ещё не готова.',
    cancel: '✖️ Отменить',
    original: '📎 Оригинал',
    again: '🔁 Ещё раз',
    cancelAsked: 'Отмена запрошена. Если картинка успеет раньше, она Ваша и будет списана.',
    progress(generation) {
      const { status, position, etaSeconds } = generation;
      const percent = percentOf(generation);
      const left = etaSeconds === undefined ? '' : `, примерно ${etaSeconds} с`;
      if (status === 'queued') return `⏳ Место в очереди: ${position ?? 1}${left}`;
      if (status === 'storing') return '💾 Почти готово';
      return percent === undefined ? '🎨 Рисую…' : `🎨 Рисую: ${percent} %`;
    },
    ended: {
      refused: 'Сервис такое не рисует. Ничего не списано. Опишите, пожалуйста, что-нибудь другое.',
      cancelled: 'Отменено. Ничего не списано.',
      expired: 'Простите, очередь не дошла вовремя. Ничего не списано. Попробуйте позже.',
    },
    some: (made, asked) => `Показать можно ${made} из ${asked}; остальные не списаны.`,
  },
};
