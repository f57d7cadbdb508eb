export { FileMissing, type FileStorage, FileTooLarge, type StoredFile } from './contract.ts';
export { createLocalStorage } from './local-storage.ts';
export { newStorageKey } from './storage-key.ts';
