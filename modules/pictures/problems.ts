import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of generations and their pictures. */

export const noUnits = defineProblem(
  'no-units',
  402,
  ['No images left', 'The limit of {allowed} is reached; buy more, or wait until it resets'],
  ['Изображения закончились', 'Исчерпан лимит: {allowed}; купите ещё или дождитесь нового периода'],
);

export const modelNotOffered = defineProblem(
  'model-not-offered',
  422,
  ['Image model not offered', 'There is no image model "{model}"; choose one of {offered}'],
  ['Такой модели изображений нет', 'Модели изображений "{model}" нет; выберите из списка: {offered}'],
);

export const sizeNotOffered = defineProblem(
  'size-not-offered',
  422,
  ['Image size not offered', 'The model "{model}" does not make {width} × {height} pixels; it makes {offered}'],
  [
    'Такой размер не поддерживается',
    'Модель "{model}" не делает изображения {width} × {height} точек; возможны: {offered}',
  ],
);

export const countNotOffered = defineProblem(
  'count-not-offered',
  422,
  ['Too many images at once', 'The model "{model}" makes at most {limit} images for one request'],
  ['Слишком много изображений за раз', 'Модель "{model}" делает за один запрос не больше {limit} изображений'],
);

export const promptTooLong = defineProblem(
  'prompt-too-long',
  422,
  ['The prompt is too long', 'The model "{model}" takes prompts of at most {limit} characters'],
  ['Описание слишком длинное', 'Модель "{model}" принимает описания не длиннее {limit} знаков'],
);

export const refusedTooOften = defineProblem(
  'refused-too-often',
  429,
  ['Prompts refused too often', 'Several of your prompts were refused within an hour. Retry in {seconds} s'],
  ['Слишком много отклонённых описаний', 'За час отклонено несколько ваших описаний. Повторите через {seconds} с'],
);

export const providerUnavailable = defineProblem(
  'provider-unavailable',
  503,
  ['No image provider', 'No provider of image models is available at the moment'],
  ['Нет поставщика изображений', 'Сейчас ни один поставщик моделей изображений не доступен'],
);
