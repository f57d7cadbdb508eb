import type { Database, Transaction } from '../../../db/client.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { recordAct } from '../../people/record-act.ts';
import { environmentProviders } from './names.ts';
import { listSecrets, removeSecret, type ShownSecret, setSecret } from './secrets/change.ts';
import { newestVersion } from './versions/read.ts';

/** What is shown of an organization's own key. */
export interface ProviderKeyOfOrganization {
  provider: string;
  last4: string;
  createdAt: Date;
}

type Actor = Pick<Caller, 'organizationId' | 'userId'>;

/** Keys that an organization has at providers of the platform; its calls are made with them. */
export interface ProviderKeys {
  list(organizationId: string): Promise<ProviderKeyOfOrganization[]>;
  /** @returns undefined when the platform has no such provider */
  set(actor: Actor, provider: string, key: string): Promise<ProviderKeyOfOrganization | undefined>;
  /** @returns whether there was one */
  remove(actor: Actor, provider: string): Promise<boolean>;
}

interface ProviderKeysDeps {
  database: Pick<Database, 'tenant'>;
  readKey: () => Promise<Buffer>;
}

export function createProviderKeys({ database, readKey }: ProviderKeysDeps): ProviderKeys {
  return {
    list: (organizationId) =>
      database.tenant(organizationId, async (tx) => (await listSecrets(tx, organizationId)).map(shown)),
    async set({ organizationId, userId }, provider, key) {
      const sealing = await readKey();
      return database.tenant(organizationId, async (tx) => {
        if (!(await providerNames(tx)).includes(provider)) return undefined;
        const kept = shown(await setSecret(tx, sealing, { organizationId, name: provider }, key));
        const details = { last4: kept.last4 };
        await recordAct(tx, { organizationId, actorId: userId, action: 'set-provider-key', target: provider, details });
        return kept;
      });
    },
    remove: ({ organizationId, userId }, provider) =>
      database.tenant(organizationId, async (tx) => {
        if (!(await removeSecret(tx, { organizationId, name: provider }))) return false;
        await recordAct(tx, { organizationId, actorId: userId, action: 'remove-provider-key', target: provider });
        return true;
      }),
  };
}

/** Those of the newest version, or those that the environment may have. */
async function providerNames(tx: Transaction): Promise<readonly string[]> {
  const newest = await newestVersion(tx);
  return newest ? Object.keys(newest.document.providers) : environmentProviders;
}

const shown = ({ name, last4, createdAt }: ShownSecret): ProviderKeyOfOrganization => ({
  provider: name,
  last4,
  createdAt,
});
