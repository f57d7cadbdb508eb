import { type Entry, entry } from './entry.ts';

/** Of documents and uploads. */
export const documentProblems = {
  'malformed-multipart': entry(
    400,
    ['Malformed upload', 'The body is not a complete multipart form with one file in the field "file"'],
    ['Загрузка не читается', 'Тело запроса не является полной формой multipart с одним файлом в поле "file"'],
  ),
  'empty-file': entry(
    400,
    ['The file is empty', 'The uploaded file has no content'],
    ['Файл пуст', 'Загруженный файл не содержит данных'],
  ),
  'file-missing': entry(
    404,
    [
      'The file is missing',
      'The file of this document is no longer in storage; its text is. Ask the operator to restore it from a backup, or upload the file again',
    ],
    [
      'Файл отсутствует',
      'Файла этого документа больше нет в хранилище, текст сохранён. Сообщите оператору: файл может быть в резервной копии; или загрузите файл снова',
    ],
  ),
  'version-pending': entry(
    409,
    [
      'A new version is being processed',
      'Another new version of the document is being processed; wait until it is ready or has failed',
    ],
    [
      'Новая версия ещё обрабатывается',
      'Другая новая версия документа ещё обрабатывается; дождитесь её готовности или ошибки',
    ],
  ),
  'content-taken': entry(
    409,
    [
      'Another document has this content',
      'The document {documentId} has the same content; delete it first, or upload another file as the new version',
    ],
    [
      'Такое содержимое уже есть',
      'Такое же содержимое у документа {documentId}; сначала удалите его или загрузите другой файл как новую версию',
    ],
  ),
  'upload-conflict': entry(
    409,
    [
      'Upload offset mismatch',
      'The upload is at a different offset, or another request is continuing it; request its offset and continue from there',
    ],
    [
      'Загрузка продолжается с другого места',
      'Загрузка находится на другом смещении, или её продолжает другой запрос; узнайте смещение и продолжите с него',
    ],
  ),
  'unsupported-tus-version': entry(
    412,
    ['Protocol version not supported', 'The header Tus-Resumable must be 1.0.0'],
    ['Версия протокола не поддерживается', 'Заголовок Tus-Resumable должен быть 1.0.0'],
  ),
  'file-too-large': entry(
    413,
    ['The file is too large', 'Your plan allows files of at most {limit} MB'],
    ['Файл слишком велик', 'Ваш тариф допускает файлы не больше {limit} МБ'],
  ),
  'unsupported-document': entry(
    415,
    [
      'File type not supported',
      'Documents may be PDF, DOCX, DOC, ODT, RTF, HTML, TXT, MD or EML, and the content must match the file name',
    ],
    [
      'Тип файла не поддерживается',
      'Документы могут быть PDF, DOCX, DOC, ODT, RTF, HTML, TXT, MD или EML, а содержимое должно соответствовать имени',
    ],
  ),
  'too-many-uploads': entry(
    429,
    ['Too many unfinished uploads', 'There are {limit} unfinished uploads; finish or delete one of them first'],
    [
      'Слишком много незавершённых загрузок',
      'Незавершённых загрузок уже {limit}; сначала завершите или удалите одну из них',
    ],
  ),
} satisfies Record<string, Entry>;
