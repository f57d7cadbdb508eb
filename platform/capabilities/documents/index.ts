export { chunkText } from './chunk-text.ts';
export {
  type DocumentFormat,
  type DocumentParser,
  type ParsedDocument,
  ParseFailure,
  type ParseProgress,
} from './contract.ts';
export { describeDocument } from './describe-document.ts';
export { detectFormat, detectionBytes } from './detect-format.ts';
export { failureTexts } from './failures.ts';
export { createDocumentParser } from './parse-document.ts';
export { safeFileName } from './safe-file-name.ts';
