export { chunkText } from './chunk-text.ts';
export {
  type Chunk,
  type DocumentFormat,
  type DocumentParser,
  documentFormats,
  type ParsedDocument,
  ParseFailure,
  type ParseFailureCode,
  type ParseProgress,
  parseFailureCodes,
} from './contract.ts';
export { describeDocument } from './describe-document.ts';
export { detectFormat, detectionBytes } from './detect-format.ts';
export { failureTexts } from './failures.ts';
export { createDocumentParser } from './parse-document.ts';
export { safeFileName } from './safe-file-name.ts';
