import { defineProblem } from '../../platform/kernel/problem.ts';

/* Problems of documents, uploads and answers. */

export const emptyFile = defineProblem(
  'empty-file',
  400,
  ['The file is empty', 'The uploaded file has no content'],
  ['Файл пуст', 'Загруженный файл не содержит данных'],
);

export const fileMissing = defineProblem(
  'file-missing',
  404,
  [
    'The file is missing',
    'The file of this document is no longer in storage; its text is. Ask the operator to restore it from a backup, or upload the file again',
  ],
  [
    'Файл отсутствует',
    'Файла этого документа больше нет в хранилище, текст сохранён. Сообщите оператору: файл может быть в резервной копии; или загрузите файл снова',
  ],
);

export const wrongState = defineProblem(
  'wrong-state',
  409,
  ['Not possible in this state', 'The document is "{current}"; this operation requires "{needed}"'],
  ['Невозможно в этом состоянии', 'Документ в состоянии «{current}»; нужно «{needed}»'],
);

export const versionPending = defineProblem(
  'version-pending',
  409,
  [
    'A new version is being processed',
    'Another new version of the document is being processed; wait until it is ready or has failed',
  ],
  [
    'Новая версия ещё обрабатывается',
    'Другая новая версия документа ещё обрабатывается; дождитесь её готовности или ошибки',
  ],
);

export const contentTaken = defineProblem(
  'content-taken',
  409,
  [
    'Another document has this content',
    'The document {documentId} has the same content; delete it first, or upload another file as the new version',
  ],
  [
    'Такое содержимое уже есть',
    'Такое же содержимое у документа {documentId}; сначала удалите его или загрузите другой файл как новую версию',
  ],
);

export const answerStopped = defineProblem(
  'answer-stopped',
  409,
  ['The answer was stopped', 'The answer was stopped before its first word; the question does not count'],
  ['Ответ остановлен', 'Ответ остановлен до первого слова; вопрос не засчитан'],
);

export const answerInterrupted = defineProblem(
  'answer-interrupted',
  503,
  [
    'The answer was interrupted',
    'The process that worked on the answer ended. Ask again with the same Idempotency-Key; the question counts once',
  ],
  [
    'Ответ прерван',
    'Процесс, готовивший ответ, завершился. Задайте вопрос ещё раз с тем же Idempotency-Key; он засчитывается один раз',
  ],
);

export const comparisonTooLarge = defineProblem(
  'comparison-too-large',
  422,
  [
    'The documents are too large to compare',
    'Texts of up to {most} characters are compared; texts that differ in most of their words may take too long even below that',
  ],
  [
    'Документы слишком велики для сравнения',
    'Сравниваются тексты объёмом до {most} знаков; если тексты расходятся почти во всём, сравнение может оказаться слишком долгим и при меньшем объёме',
  ],
);

export const uploadConflict = defineProblem(
  'upload-conflict',
  409,
  [
    'Upload offset mismatch',
    'The upload is at a different offset, or another request is continuing it; request its offset and continue from there',
  ],
  [
    'Загрузка продолжается с другого места',
    'Загрузка находится на другом смещении, или её продолжает другой запрос; узнайте смещение и продолжите с него',
  ],
);

export const unsupportedTusVersion = defineProblem(
  'unsupported-tus-version',
  412,
  ['Protocol version not supported', 'The header Tus-Resumable must be 1.0.0'],
  ['Версия протокола не поддерживается', 'Заголовок Tus-Resumable должен быть 1.0.0'],
);

export const fileTooLarge = defineProblem(
  'file-too-large',
  413,
  ['The file is too large', 'Your plan allows files of at most {limit} MB'],
  ['Файл слишком велик', 'Ваш тариф допускает файлы не больше {limit} МБ'],
);

export const tooManyPieces = defineProblem(
  'too-many-pieces',
  413,
  ['The upload has too many pieces', 'An upload may arrive in {limit} pieces; begin it again with larger ones'],
  ['Слишком много частей', 'Файл можно передать не более чем {limit} частями; начните загрузку снова, увеличив части'],
);

export const unsupportedDocument = defineProblem(
  'unsupported-document',
  415,
  [
    'File type not supported',
    'Documents may be PDF, DOCX, DOC, ODT, RTF, HTML, TXT, MD or EML, and the content must match the file name',
  ],
  [
    'Тип файла не поддерживается',
    'Документы могут быть PDF, DOCX, DOC, ODT, RTF, HTML, TXT, MD или EML, а содержимое должно соответствовать имени',
  ],
);

export const tooManyUploads = defineProblem(
  'too-many-uploads',
  429,
  ['Too many unfinished uploads', 'There are {limit} unfinished uploads; finish or delete one of them first'],
  [
    'Слишком много незавершённых загрузок',
    'Незавершённых загрузок уже {limit}; сначала завершите или удалите одну из них',
  ],
);
