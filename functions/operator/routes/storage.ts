import type { Router } from '../../../platform/runtime/http/router.ts';

interface StorageDeps {
  storagePlace: { storage: 'local' | 's3'; endpoint: string | null; bucket: string | null };
}

/** For `pandect storage move`: where this release of the settings stores files. */
export function storage(router: Router, { storagePlace }: StorageDeps): void {
  router.get('/operator/storage', (c) => c.json(storagePlace));
}
