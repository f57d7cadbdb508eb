export { chunkText } from './chunk-text.ts';
export {
  type DocumentFormat,
  type DocumentParser,
  type ParsedDocument,
  ParseFailure,
  type ParseProgress,
} from './contract.ts';
export { type DocumentFacts, describeDocument } from './describe/describe-document.ts';
export { detectFormat, detectionBytes, mediaTypeOf } from './detect-format.ts';
export { failureTexts } from './failures.ts';
export { createDocumentParser } from './parse-document.ts';
export { safeFileName } from './safe-file-name.ts';
export { chunkerName, parserName } from './versions.ts';
