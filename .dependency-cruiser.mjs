/** Who may import whom. Each rule says why; `npm run lint` holds the code to them. */

const ours = '^(platform|functions|workers|db|web)/';
const notTests = '(\\.(test|fixture)\\.ts|/conformance\\.ts|/describe-[^/]+\\.ts|/temporary-home\\.ts)$';

const layer = (name, path, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path, pathNot: notTests },
  to: { path: ours, pathNot: allowed },
});

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
      ['^db/', '^platform/kernel/'],
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
      name: 'functions-are-apart',
      severity: 'error',
      comment: 'Each function is deployed alone; code of another one inside it would be a second, older copy.',
      from: { path: '^functions/([^/]+)/', pathNot: notTests },
      to: { path: '^functions/([^/]+)/', pathNot: '^functions/$1/' },
    },
    {
      name: 'workers-are-reached-by-their-jobs',
      severity: 'error',
      comment: 'A job is the contract of a worker; whoever imports its handler runs its work in the wrong process.',
      from: { path: ours, pathNot: ['^workers/([^/]+)/', '^platform/testing/', notTests] },
      to: { path: '^workers/', pathNot: '^workers/[^/]+/job\\.ts$' },
    },
    {
      name: 'workers-are-apart',
      severity: 'error',
      comment: 'The same for one worker and another.',
      from: { path: '^workers/([^/]+)/', pathNot: notTests },
      to: { path: '^workers/([^/]+)/', pathNot: ['^workers/$1/', '^workers/[^/]+/job\\.ts$'] },
    },
    {
      name: 'functions-and-workers-know-no-supervisor',
      severity: 'error',
      comment: 'What runs inside a process must not reach for what starts it.',
      from: { path: '^(functions|workers)/', pathNot: notTests },
      to: { path: '^platform/(supervisor|edge|cli|services)/' },
    },
    {
      name: 'supervisor-starts-and-never-calls',
      severity: 'error',
      comment:
        'The supervisor reads manifests and spawns entries; a handler inside it would share its fate and its rights.',
      from: { path: '^platform/(supervisor|edge|cli|services)/', pathNot: notTests },
      to: { path: '^(functions|workers)/', pathNot: '/(function|worker)\\.ts$' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      comment: 'What only tests need must not end up in a release.',
      from: { path: ours, pathNot: [notTests, '^platform/testing/'] },
      to: { path: '^platform/testing/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Files that need each other are one thing in two files.',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: ours,
    tsPreCompilationDeps: true,
    parser: 'swc',
  },
};
