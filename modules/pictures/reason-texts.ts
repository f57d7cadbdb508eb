import type { Language } from '../../platform/kernel/problem.ts';
import type { FailureReason } from './contract.ts';

/** Why a generation failed, in words for people. Its units are back in every case. */
export const reasonTexts: Readonly<Record<FailureReason, Record<Language, string>>> = {
  'no-picture': {
    en: 'The provider finished without a picture. Try again; nothing was charged.',
    ru: 'Поставщик завершил работу без изображения. Попробуйте ещё раз; ничего не списано.',
  },
  'timed-out': {
    en: 'The picture was not ready in time; nothing was charged.',
    ru: 'Изображение не было готово вовремя; ничего не списано.',
  },
  'provider-down': {
    en: 'The provider is unavailable. Try again later; nothing was charged.',
    ru: 'Поставщик недоступен. Попробуйте позже; ничего не списано.',
  },
  'provider-refused-settings': {
    en: 'The provider does not accept these settings. Choose another size or model; nothing was charged.',
    ru: 'Поставщик не принимает такие настройки. Выберите другой размер или модель; ничего не списано.',
  },
  'too-large': {
    en: 'The picture of the provider is too large; nothing was charged.',
    ru: 'Изображение поставщика слишком велико; ничего не списано.',
  },
  'not-a-picture': {
    en: 'The provider sent something that is not a picture; nothing was charged.',
    ru: 'Поставщик прислал не изображение; ничего не списано.',
  },
  'storage-full': {
    en: 'The picture could not be stored. Try again later; nothing was charged.',
    ru: 'Изображение не удалось сохранить. Попробуйте позже; ничего не списано.',
  },
  uncertain: {
    en: 'It is unknown whether the provider accepted the request, so it was not repeated; nothing was charged.',
    ru: 'Неизвестно, принял ли поставщик запрос, поэтому он не повторялся; ничего не списано.',
  },
};
