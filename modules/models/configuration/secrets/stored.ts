import { eq, isNull } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { gatewaySecrets } from '../../../../db/schema/models/gateway-secrets.ts';
import { unseal } from '../../../../platform/capabilities/secrets/index.ts';

/** Sealed secrets of one owner as they are stored. */
export interface StoredSecret {
  name: string;
  ciphertext: string;
}

/** @param organizationId null for the platform's */
export const storedSecrets = (tx: Transaction, organizationId: string | null): Promise<StoredSecret[]> =>
  tx
    .select({ name: gatewaySecrets.name, ciphertext: gatewaySecrets.ciphertext })
    .from(gatewaySecrets)
    .where(
      organizationId === null
        ? isNull(gatewaySecrets.organizationId)
        : eq(gatewaySecrets.organizationId, organizationId),
    );

/** Secrets by their names; undefined for one that the key does not open. The key is only read where there are any. */
export async function openSecrets(
  stored: readonly StoredSecret[],
  organizationId: string | null,
  readKey: () => Promise<Buffer | undefined>,
): Promise<Map<string, string | undefined>> {
  if (stored.length === 0) return new Map();
  const key = await readKey();
  return new Map(
    stored.map(({ name, ciphertext }) => [name, key && unseal(key, { organizationId, name }, ciphertext)]),
  );
}
