import { expect, it } from 'vitest';
import { judgeRecognition } from './examine-recognition.ts';

it('warns where scans cannot be read in both languages, and says what to install', () => {
  expect(judgeRecognition(['rus', 'eng']).state).toBe('ok');
  expect(judgeRecognition(['eng'])).toMatchObject({
    state: 'warn',
    hint: expect.stringMatching(/ tesseract-ocr-rus$/),
  });
  expect(judgeRecognition([])).toMatchObject({
    state: 'warn',
    hint: expect.stringMatching(/-rus tesseract-ocr-eng$/),
  });
});
