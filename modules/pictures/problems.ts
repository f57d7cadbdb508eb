import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of generations and their pictures. */

export const noUnits = defineProblem(
  'no-units',
  402,
  ['No images left', 'The limit of {allowed} is reached; buy more, or wait until it resets'],
  ['Изображения закончились', 'Исчерпан лимит: {allowed}; купите ещё или дождитесь нового периода'],
);

export const pictureTooLarge = defineProblem(
  'picture-too-large',
  413,
  ['The picture is too large', 'A picture may have at most {limit} MB'],
  ['Изображение слишком велико', 'Изображение может занимать не больше {limit} МБ'],
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

export const notAPicture = defineProblem(
  'not-a-picture',
  422,
  [
    'The file is not a supported picture',
    'Pictures may be JPEG, PNG or WebP: one complete picture without animation, and nothing else in the file; {reason}',
  ],
  [
    'Файл не является поддерживаемым изображением',
    'Изображения могут быть JPEG, PNG или WebP: одно целое изображение без анимации, и ничего другого в файле; {reason}',
  ],
);

export const tooManyPixels = defineProblem(
  'too-many-pixels',
  422,
  [
    'The picture has too many pixels',
    'A picture may have at most {limit} megapixels, and fewer in formats that are only decoded as a whole; this one has {width} × {height} pixels',
  ],
  [
    'В изображении слишком много пикселей',
    'Изображение может содержать не больше {limit} мегапикселей, а в форматах, которые декодируются только целиком, меньше; в этом {width} × {height} пикселей',
  ],
);

export const pictureDimensions = defineProblem(
  'picture-dimensions',
  422,
  [
    'Picture dimensions not supported',
    'Each side of a picture must have {least} to {most} pixels, and its sides may differ by a factor of {ratio} at most; this one has {width} × {height} pixels',
  ],
  [
    'Размеры изображения не поддерживаются',
    'Каждая сторона изображения должна быть от {least} до {most} пикселей, а стороны могут различаться не более чем в {ratio} раз; в этом {width} × {height} пикселей',
  ],
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

export const pictureMissing = defineProblem(
  'picture-missing',
  404,
  [
    'The picture is missing',
    'The file of this picture is no longer in storage. Ask the operator to restore it from a backup',
  ],
  [
    'Изображение отсутствует',
    'Файла этого изображения больше нет в хранилище. Сообщите оператору: файл может быть в резервной копии',
  ],
);

export const imageInProgress = defineProblem(
  'image-in-progress',
  409,
  ['The images are being made', 'Only a generation that has ended can be deleted; cancel it first'],
  ['Изображения ещё создаются', 'Удалить можно только завершённую генерацию; сначала отмените её'],
);

export const pictureRefused = defineProblem(
  'picture-refused',
  422,
  [
    'The prompt or the picture was refused',
    'The generation {id} was refused by the rules of the model; nothing was charged',
  ],
  ['Описание или изображение отклонено', 'Генерация {id} отклонена по правилам модели; ничего не списано'],
);

export const imageStillRunning = defineProblem(
  'image-still-running',
  424,
  [
    'The images are not ready yet',
    'The generation {id} was not done within {seconds} s and continues. Read it at /api/images/{id}; a new request makes another one',
  ],
  [
    'Изображения ещё не готовы',
    'Генерация {id} не завершилась за {seconds} с и продолжается. Она доступна по адресу /api/images/{id}; новый запрос начнёт другую',
  ],
);

export const imageFailed = defineProblem(
  'image-failed',
  502,
  ['No image was made', 'The generation {id} ended without an image: {reason}'],
  ['Изображение не создано', 'Генерация {id} завершилась без изображения: {reason}'],
);
