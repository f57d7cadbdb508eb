/**
 * Who may import whom; each rule says why, and `npm run lint` holds the code to them. Three storeys, and imports only point down:
 * functions, workers and web → modules → platform and db. `scripts/import-rules.test.ts` plants a violation of each rule.
 */

import { Visitor } from '@swc/core/Visitor.js';

// The parser knows `using`; the visitor that comes with it does not yet, and fails for the whole run.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function visit(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

const ours = '^(platform|modules|functions|workers|db|web|client)/';
const notTests =
  '(\\.(test|fixture)\\.tsx?|/conformance[^/]*\\.ts|/describe-[^/]+\\.ts|/temporary-home\\.ts)$|/fixtures/|^modules/testing/';

const layer = (name, path, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path, pathNot: notTests },
  to: { path: ours, pathNot: allowed },
});

/** The modules that each module may use, through their public files. */
const modules = {
  // Words, figures and days in any text: one way to read them, or an index and a question would differ.
  text: [],
  people: [],
  commerce: ['people'],
  messages: ['commerce', 'people'],
  models: ['commerce', 'people', 'text'],
  pictures: ['models', 'messages', 'commerce', 'people', 'text'],
  legal: ['models', 'messages', 'commerce', 'people', 'text'],
  bots: ['legal', 'pictures', 'models', 'messages', 'commerce', 'people', 'text'],
};

export default {
  forbidden: [
    layer(
      'kernel-stands-alone',
      '^platform/kernel/',
      ['^platform/kernel/'],
      'The kernel is imported by everything, so whatever it imported would be everywhere.',
    ),
    layer(
      'db-knows-the-kernel',
      '^db/',
      // Migrating makes the tables of the queue's library, and all SQL on these stands in one folder.
      ['^db/', '^platform/kernel/', '^platform/capabilities/queue/pgboss/'],
      'Tables and connections must not depend on what is done with them.',
    ),
    layer(
      'capabilities-know-no-process',
      '^platform/capabilities/',
      ['^platform/(kernel|capabilities)/', '^db/'],
      'A capability works in a function, a worker, a command and a test alike; it may not know which one it is in.',
    ),
    layer(
      'runtime-knows-no-function',
      '^platform/runtime/',
      ['^platform/(kernel|capabilities|runtime)/', '^db/'],
      'The runtime is the same in every process; functions and workers come to it, not the other way round.',
    ),
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      comment:
        'The platform could serve a bakery: what it knew of one product, every other product would have to carry.',
      from: { path: '^(platform|db)/', pathNot: notTests },
      to: { path: '^modules/' },
    },
    {
      name: 'owner-migrates-and-makes-logins',
      severity: 'error',
      comment:
        'The owner of the database may do everything, so its URL is for migrations, for the check that they change the right database, and for logins. All else logs in with the rights of its purpose; what supervises queues does so with those of a worker.',
      from: {
        path: '^platform/(supervisor|edge|cli|services|backup|planner|export)/',
        pathNot: [
          notTests,
          // A backup and a restore are of the whole database.
          '^platform/backup/(record-backup|content/copy-database|log/replication-slot|restore/(prove-restored|settle-database|check-dump|bring-back-dump))\\.ts$',
          '^platform/supervisor/(platform|prepare-data|keys/logins|home/whole-home|hosts/(host-rows|enter-in-turn))\\.ts$',
          '^platform/cli/(migrate-only|upgrade/(take-steps|read-jump))\\.ts$',
          '^platform/supervisor/(queues/(queue-depths|recover-jobs)|control/check-routes|database-connections|metrics/sources/database-figures)\\.ts$',
        ],
      },
      to: {
        path: '^(db/(connect|client|listen|migrate|pool|queue-connection)|platform/supervisor/backing)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    ...Object.entries(modules).map(([name, allowed]) => ({
      name: `${name}-uses-${allowed.at(0) ?? 'no-module'}`,
      severity: 'error',
      comment:
        'Modules depend on each other in one direction, so that each can be read, tested and replaced without those above it.',
      from: { path: `^modules/${name}/`, pathNot: notTests },
      to: { path: '^modules/', pathNot: [name, ...allowed].map((other) => `^modules/${other}/`) },
    })),
    {
      name: 'composition-is-for-the-whole',
      severity: 'error',
      comment: 'It holds what all modules define: a bundle that imported it would carry all of that.',
      from: { path: ours, pathNot: notTests },
      to: { path: '^modules/composition\\.ts$' },
    },
    layer(
      'modules-know-no-process',
      '^modules/',
      ['^modules/', '^platform/(kernel|capabilities)/', '^platform/runtime/(boot\\.ts|providers/|http/)', '^db/'],
      'A module is used alike by functions, workers and commands; it may not know which one it is in.',
    ),
    {
      name: 'functions-are-apart',
      severity: 'error',
      comment: 'Each function is deployed alone; code of another one inside it would be a second, older copy.',
      from: { path: '^functions/([^/]+)/', pathNot: notTests },
      to: { path: '^functions/([^/]+)/', pathNot: '^functions/$1/' },
    },
    {
      name: 'workers-are-reached-by-their-jobs',
      severity: 'error',
      comment:
        'The module that owns the work defines its job; an import of a worker would run its work in the wrong process.',
      from: { path: ours, pathNot: ['^workers/', '^platform/testing/', notTests] },
      to: { path: '^workers/' },
    },
    {
      name: 'workers-are-apart',
      severity: 'error',
      comment: 'The same for one worker and another.',
      from: { path: '^workers/([^/]+)/', pathNot: notTests },
      to: { path: '^workers/([^/]+)/', pathNot: '^workers/$1/' },
    },
    {
      name: 'functions-and-workers-know-no-supervisor',
      severity: 'error',
      comment: 'What runs inside a process must not reach for what starts it.',
      from: { path: '^(functions|workers|modules)/', pathNot: notTests },
      to: { path: '^platform/(supervisor|edge|cli|services|backup|planner|export)/' },
    },
    {
      name: 'supervisor-starts-and-never-calls',
      severity: 'error',
      comment:
        'The supervisor reads manifests and spawns entries; a handler inside it would share its fate and its rights.',
      from: { path: '^platform/(supervisor|edge|cli|services|backup|planner|export)/', pathNot: notTests },
      to: { path: '^(functions|workers)/', pathNot: '/(function|worker)\\.ts$' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      comment: 'Other programs take the client as it is: what it imported of the server would come with it.',
      from: { path: '^client/', pathNot: notTests },
      to: { path: ours, pathNot: '^client/' },
    },
    {
      name: 'web-knows-the-client-alone',
      severity: 'error',
      comment:
        'The app runs in browsers and knows the platform by its API alone; only its manifest is read by the platform, and defined by it.',
      from: { path: '^web/', pathNot: [notTests, '^web/site\\.ts$'] },
      to: { path: ours, pathNot: ['^web/', '^client/'] },
    },
    {
      name: 'a-site-is-built-and-never-imported',
      severity: 'error',
      comment: 'What is made for browsers has no place in a process of the server; a build makes files of it.',
      from: { path: ours, pathNot: ['^(web|client)/', notTests] },
      to: { path: '^(web|client)/' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      comment: 'What only tests need must not end up in a release.',
      from: { path: ours, pathNot: [notTests, '^platform/testing/'] },
      to: { path: '^(platform|modules)/testing/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      // A screen that an address loads when it is opened may name the address.
      comment: 'Files that need each other are one thing in two files.',
      from: {},
      to: {
        circular: true,
        dependencyTypesNot: ['type-only'],
        viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] },
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: ours,
    parser: 'swc',
  },
};
