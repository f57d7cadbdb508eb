import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What scans are recognized in. */
export const recognitionLanguages = ['rus', 'eng'] as const;
export type RecognitionLanguage = (typeof recognitionLanguages)[number];

/** Where systems put the languages of Tesseract: Debian and Ubuntu, Fedora and Alpine, Homebrew, and what is built by hand. */
export const systemLanguageFolders: readonly string[] = [
  '/usr/share/tesseract-ocr/5/tessdata',
  '/usr/share/tesseract-ocr/4.00/tessdata',
  '/usr/share/tesseract/tessdata',
  '/usr/share/tessdata',
  '/opt/homebrew/share/tessdata',
  '/usr/local/share/tessdata',
];

/** The languages that are installed, each with its file. */
export function findLanguages(folders: readonly string[] = systemLanguageFolders): Map<RecognitionLanguage, string> {
  const found = new Map<RecognitionLanguage, string>();
  for (const language of recognitionLanguages) {
    const path = folders.map((folder) => join(folder, `${language}.traineddata`)).find((each) => existsSync(each));
    if (path !== undefined) found.set(language, path);
  }
  return found;
}
