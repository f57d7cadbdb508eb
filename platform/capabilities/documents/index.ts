export {
  type DocumentFormat,
  type DocumentParser,
  type EarlierPages,
  type Notice,
  type PageBatch,
  type ParsedDocument,
  ParseFailure,
  type ParseProgress,
  type TextCutter,
  type TextStructure,
} from './contract.ts';
export { createTextCutter } from './cut-text.ts';
export { detectFormat, detectionBytes, mediaTypeOf } from './detect-format.ts';
export { failureTexts } from './failures.ts';
export { createDocumentParser } from './parse-document.ts';
export { plainChunks } from './plain-chunks.ts';
export { safeFileName } from './safe-file-name.ts';
export { parserName } from './versions.ts';
export { extendedName } from './written-name.ts';
