import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dashboards } from '../platform/monitoring/dashboards.ts';
import { writeDashboard } from '../platform/monitoring/write-dashboard.ts';

/** `npm run dashboards`: writes the dashboards of Grafana from their tables. */
const folder = join(import.meta.dirname, '../platform/monitoring/dashboards');
await mkdir(folder, { recursive: true });
for (const dashboard of dashboards) await writeFile(join(folder, `${dashboard.name}.json`), writeDashboard(dashboard));
