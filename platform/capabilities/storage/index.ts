export {
  FileMissing,
  type FileStorage,
  FileTooLarge,
  type StoredFile,
} from './contract.ts';
export { type HostLock, takeHostLock } from './host-lock.ts';
export { createLocalStorage } from './local-storage.ts';
export {
  createPartialUploads,
  type PartialUpload,
  type PartialUploads,
  TooManyPieces,
  UploadGone,
  uploadLifetimeMs,
} from './partial-uploads.ts';
export { newStorageKey, requireStorageKey, storageKeyOf } from './storage-key.ts';
