export {
  abortBuild,
  beginBuild,
  holdLiveGeneration,
  lockGenerations,
  markVerified,
  rollBack,
  switchTo,
} from './change-generation.ts';
export { clearRemoved } from './clear-generation.ts';
export { holdDocument, storeStructure } from './cut-document.ts';
export { type Generation, type IndexSettings, isBuilding } from './generation.ts';
export { createGenerations, type Generations, readGenerations } from './generations.ts';
export { indexDocument } from './index-document.ts';
export { createIndexes, type Index, type Indexes } from './indexes.ts';
export { advanceJob, type IndexOrganization, indexOrganizationJob } from './jobs.ts';
export { createIndexStores, createLiveStore, type IndexStores } from './live-store.ts';
export {
  forgetProgress,
  missingDocuments,
  organizationsBehind,
  writtenChunks,
} from './missing-documents.ts';
export { holds, isShort, verifyIndex } from './verify-index.ts';
