import type { Composition } from '../../kernel/composition.ts';
import { readUnits } from '../../supervisor/unit.ts';
import { checkout } from '../checkout.ts';
import { checkAlerts } from './alerts.ts';
import { checkBackups } from './backups.ts';
import { checkBots } from './bots.ts';
import { checkConnections } from './connections.ts';
import { describeRunning, describeUnreadable, type Facts, readFacts, readSettings } from './facts.ts';
import { checkFiles } from './files.ts';
import { type Finding, fail, ok, type Verdict } from './finding.ts';
import { checkJournal, checkLeftovers, checkPermissions } from './home.ts';
import { checkHosts } from './hosts.ts';
import { checkClock, checkDisk, checkMemory, checkNode, checkOpenFiles, checkWatches } from './machine.ts';
import { checkProgram } from './programs.ts';
import { checkSearchIndex } from './search-index.ts';
import { checkDatabase, checkEdge, checkPort, checkRedis } from './services.ts';
import { checkSites } from './sites.ts';
import { checkParsers, checkUsers } from './users.ts';
import { checkProcesses, checkQueues } from './work.ts';

const PATIENCE_MS = 15_000;

const machine: Record<string, () => Promise<Verdict>> = {
  Node: checkNode,
  clock: checkClock,
  'open files': checkOpenFiles,
  'watched files': checkWatches,
  users: checkUsers,
  manifests: async () => ok(`${(await readUnits(checkout)).length} functions and workers`),
};

/** Those that concern what does not run find nothing. */
const checks: Record<string, (facts: Facts) => Promise<Verdict | undefined>> = {
  'program PostgreSQL': checkProgram('postgres'),
  'program Redis': checkProgram('redis'),
  'program Caddy': checkProgram('caddy'),
  disk: checkDisk,
  memory: checkMemory,
  journal: checkJournal,
  leftovers: checkLeftovers,
  parsers: checkParsers,
  port: checkPort,
  edge: checkEdge,
  connections: checkConnections,
  database: checkDatabase,
  hosts: checkHosts,
  Redis: checkRedis,
  processes: checkProcesses,
  sites: checkSites,
  queues: checkQueues,
  'search index': checkSearchIndex,
  files: checkFiles,
  backups: checkBackups,
  alerts: checkAlerts,
  bots: checkBots,
};

/** Looks at everything that can be looked at, with a running platform and without; never throws. */
export async function diagnose(composition: Composition): Promise<Finding[]> {
  const findings = (await Promise.all(Object.entries(machine).map(([name, check]) => examine(name, check)))).flat();
  let settings: ReturnType<typeof readSettings>;
  try {
    settings = readSettings(composition);
  } catch (error) {
    return [...findings, { name: 'settings', ...fail((error as Error).message, 'see .env.example') }];
  }
  findings.push(...(await examine('permissions', () => checkPermissions(settings))));
  let facts: Facts;
  try {
    facts = await readFacts(settings);
  } catch (error) {
    return [...findings, describeUnreadable(error)];
  }
  const rest = [
    ...Object.entries(checks).map(([name, check]) => examine(name, () => check(facts))),
    ...Object.entries(composition.examine).map(([name, check]) => examine(name, () => check(process.env))),
  ];
  return [...findings, describeRunning(facts), ...(await Promise.all(rest)).flat()];
}

/** What a check throws is what it found. */
async function examine(name: string, check: () => Promise<Verdict | undefined>): Promise<Finding[]> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  try {
    const verdict = await Promise.race([check(), timeout.promise]);
    return verdict ? [{ name, ...verdict }] : [];
  } catch (error) {
    return [{ name, state: 'fail', detail: (error as Error).message }];
  } finally {
    clearTimeout(timer);
  }
}
