const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id in its one spelling. Ids name files and choose a tenant's records, so nothing else may pass.
 * @throws when it is no UUID
 */
export function tenantId(organizationId: string): string {
  if (uuid.test(organizationId)) return organizationId.toLowerCase();
  throw new Error(`Use vectors of organization ${JSON.stringify(organizationId.slice(0, 40))}: the id is not a UUID`);
}
