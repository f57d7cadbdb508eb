export {
  type DocumentFormat,
  type DocumentParser,
  type EarlierPages,
  type Notice,
  type PageBatch,
  type ParsedDocument,
  ParseFailure,
  type ParseProgress,
} from './contract.ts';
export { describeDocument } from './describe/describe-document.ts';
export { detectFormat, detectionBytes, mediaTypeOf } from './detect-format.ts';
export { failureTexts } from './failures.ts';
export { createDocumentParser } from './parse-document.ts';
export { safeFileName } from './safe-file-name.ts';
export { parserName } from './versions.ts';
