import type { ParseFailureCode } from './contract.ts';

/** What is told of a file that gave no text: what is the case and what to do, for people who are not programmers. */
export const failureTexts: Record<ParseFailureCode, { ru: string; en: string }> = {
  damaged: {
    en: 'The file is damaged or incomplete. Open it on your computer, save it again and upload that copy.',
    ru: 'Файл повреждён или загружен не полностью. Откройте его на своём компьютере, сохраните заново и загрузите эту копию.',
  },
  encrypted: {
    en: 'The file is protected with a password. Save a copy without the password and upload that.',
    ru: 'Файл защищён паролем. Сохраните копию без пароля и загрузите её.',
  },
  'rights-managed': {
    en: 'The document is protected by a rights management service, which has its key. Open it where you may read it, save or print it as a PDF without protection and upload that.',
    ru: 'Документ защищён службой управления правами, у которой хранится ключ. Откройте его там, где у вас есть доступ, сохраните или распечатайте в PDF без защиты и загрузите.',
  },
  'dynamic-form': {
    en: 'The file is a dynamic form (XFA) that only Adobe programs show. Open it in Adobe Acrobat Reader, print it as a PDF and upload that.',
    ru: 'Файл — динамическая форма (XFA), которую показывают только программы Adobe. Откройте её в Adobe Acrobat Reader, распечатайте в PDF и загрузите результат.',
  },
  'encrypted-message': {
    en: 'The message is encrypted for its receiver (S/MIME or PGP). Open it in the mail program that can read it, save it without encryption and upload that.',
    ru: 'Письмо зашифровано для получателя (S/MIME или PGP). Откройте его в почтовой программе, которая может его прочитать, сохраните без шифрования и загрузите.',
  },
  'old-word': {
    en: 'The file was written by Word 95 or an older version. Open it in Word or LibreOffice, save it as DOCX and upload that.',
    ru: 'Файл создан в Word 95 или более старой версии. Откройте его в Word или LibreOffice, сохраните в формате DOCX и загрузите.',
  },
  'no-text': {
    en: 'The file holds no text that can be read. If it is a scan, make a sharper one, or recognize its text (OCR) first and upload the result.',
    ru: 'В файле нет текста, который можно прочитать. Если это скан, сделайте более чёткий или сначала распознайте текст (OCR) и загрузите результат.',
  },
  'no-recognition': {
    en: 'The document is a scan, and text recognition is not installed here. Ask your administrator to install it, or recognize the text (OCR) first and upload the result.',
    ru: 'Документ отсканирован, а распознавание текста здесь не установлено. Попросите администратора установить его или сначала распознайте текст (OCR) и загрузите результат.',
  },
  'too-large': {
    en: 'The document is too large: it has more pages or text than can be processed. Split it into parts and upload them one by one.',
    ru: 'Документ слишком велик: в нём больше страниц или текста, чем можно обработать. Разделите его на части и загрузите их по отдельности.',
  },
  'too-complex': {
    en: 'A page of the file is too complex to be read: its parts draw each other over and over. Print the file as a PDF and upload that.',
    ru: 'Страница файла слишком сложна для чтения: её части многократно рисуют друг друга. Распечатайте файл в PDF и загрузите результат.',
  },
  'too-slow': {
    en: 'Reading the file took too long and was stopped. Try again; if that does not help, save it again or split it into parts.',
    ru: 'Чтение файла заняло слишком много времени и было остановлено. Повторите попытку; если не поможет, сохраните файл заново или разделите на части.',
  },
  'wrong-content': {
    en: 'The content of the file is not what its name says. Check that the right file was chosen and save it as PDF, DOCX, ODT, RTF or TXT.',
    ru: 'Содержимое файла не соответствует его имени. Проверьте, тот ли файл выбран, и сохраните его в формате PDF, DOCX, ODT, RTF или TXT.',
  },
  macros: {
    en: 'The document contains macros, and such files are not accepted. Save a copy as DOCX without macros, or as PDF, and upload that.',
    ru: 'Документ содержит макросы, такие файлы не принимаются. Сохраните копию без макросов в формате DOCX или PDF и загрузите её.',
  },
  crashed: {
    en: 'The file could not be read: its structure is unusual or needs too much memory. Save it again, for example as a PDF, and upload that copy.',
    ru: 'Файл не удалось прочитать: его структура необычна или требует слишком много памяти. Сохраните его заново, например в PDF, и загрузите эту копию.',
  },
};
