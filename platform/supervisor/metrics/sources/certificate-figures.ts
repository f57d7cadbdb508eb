import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlain } from '../../../services/plain-file.ts';
import { type Family, gauge } from '../family.ts';

/** A chain of certificates is some kilobytes. */
const MOST_BYTES = 256 * 1024;

/**
 * When the certificate that the edge serves ends, and whether there is none yet. Nothing without a domain.
 * @param storage what Caddy keeps, below which each authority has a folder
 * @param isOurs whether the edge is the platform's own: another one may keep its certificates elsewhere
 */
export async function readCertificateFigures(
  storage: string,
  domain: string | undefined,
  isOurs: boolean,
): Promise<Family[]> {
  if (domain === undefined) return [];
  const folder = join(storage, 'certificates');
  const authorities = await readdir(folder).catch(() => []);
  const ends = await Promise.all(
    authorities.map((authority) => endOf(join(folder, authority, domain, `${domain}.crt`)).catch(() => undefined)),
  );
  const known = ends.filter((end) => end !== undefined);
  return [
    gauge(
      'pandect_certificate_not_after_timestamp_seconds',
      'When the certificate of the domain ends',
      // One of an authority that was used before may lie next to it.
      known.length > 0 ? Math.max(...known) : undefined,
    ),
    gauge(
      'pandect_certificate_missing',
      'Whether the edge has no certificate for its domain: 1 or 0',
      isOurs ? Number(known.length === 0) : undefined,
    ),
  ];
}

async function endOf(path: string): Promise<number> {
  const certificate = new X509Certificate(await readPlain(path, MOST_BYTES));
  return Date.parse(certificate.validTo) / 1000;
}
