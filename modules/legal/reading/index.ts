export { plainChunks } from '../structure/plain-chunks.ts';
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
export { failureTexts } from './failures.ts';
export { detectFormat, detectionBytes, mediaTypeOf } from './files/detect-format.ts';
export { safeFileName } from './files/safe-file-name.ts';
export { extendedName } from './files/written-name.ts';
export { createTextCutter } from './process/cut-text.ts';
export { createDocumentParser } from './process/parse-document.ts';
export { parserName } from './versions.ts';
