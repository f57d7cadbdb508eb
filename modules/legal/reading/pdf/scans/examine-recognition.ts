import type { Verdict } from '../../../../../platform/kernel/composition.ts';
import { findLanguages, recognitionLanguages } from './recognition-languages.ts';

/** Whether scans can be read in the languages that are looked for. */
export const examineRecognition = async (): Promise<Verdict> => judgeRecognition([...findLanguages().keys()]);

/** @param languages those that are installed */
export function judgeRecognition(languages: readonly string[]): Verdict {
  const missing = recognitionLanguages.filter((language) => !languages.includes(language));
  if (missing.length === 0) return { state: 'ok', detail: `scans are read in ${languages.join(' and ')}` };
  return {
    state: 'warn',
    detail: languages.length === 0 ? 'not installed: scans cannot be read' : `not installed for ${missing}`,
    hint: `install Tesseract's languages; Debian, Ubuntu: apt-get install ${missing.map((name) => `tesseract-ocr-${name}`).join(' ')}`,
  };
}
