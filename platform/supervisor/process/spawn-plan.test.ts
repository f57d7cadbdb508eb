import { describe, expect, it } from 'vitest';
import { defineFunction } from '../../kernel/manifest.ts';
import type { Unit } from '../unit.ts';
import { allocatorVariables } from './allocator.ts';
import { planSpawn } from './spawn-plan.ts';

const unit: Unit = {
  ...{ kind: 'function', name: 'probe', folder: '/functions/probe' },
  manifest: defineFunction({ mount: ['/api/probe'], memory: 96 }),
};
const release = { id: 'abc', unit: 'probe', folder: '/releases/probe/abc', entry: '/releases/probe/abc/main.js' };
const place = {
  node: '/bin/node',
  socket: '/run/probe/i-1.sock',
  instance: '1',
  compileCache: '/cache/probe',
  variables: [],
};

describe('planSpawn', () => {
  const plan = planSpawn(unit, { ...release, natives: [] }, { CACHE_PREFIX: 'pandect' }, place);

  it('starts a release in its folder with its memory limit, confined', () => {
    expect(plan).toMatchObject({ command: '/bin/node', cwd: '/releases/probe/abc' });
    expect(plan.args).toContain('--max-old-space-size=96');
    expect(plan.args).toContain('--max-semi-space-size=2');
    expect(plan.args).toContain('--permission');
    expect(plan.args.at(-1)).toBe('/releases/probe/abc/main.js');
  });

  it('gives it the young generation that its manifest asks for, and a small one to a release that knows of none', () => {
    const semiSpace = (manifest: Unit['manifest']) =>
      planSpawn({ ...unit, manifest } as Unit, { ...release, natives: [] }, {}, place).args.find((flag) =>
        flag.startsWith('--max-semi-space-size='),
      );
    expect(semiSpace(defineFunction({ mount: ['/api/probe'], youngMemory: 16 }))).toBe('--max-semi-space-size=16');
    const { youngMemory: _, ...earlier } = unit.manifest;
    expect(semiSpace(earlier as Unit['manifest'])).toBe('--max-semi-space-size=2');
  });

  it("gives it the release's environment, what the allocator is told and five variables more, and nothing of the supervisor's own", () => {
    expect(plan.env).toEqual({
      ...allocatorVariables,
      ...{
        CACHE_PREFIX: 'pandect',
        NODE_ENV: 'production',
        NODE_COMPILE_CACHE: '/cache/probe',
        NODE_COMPILE_CACHE_PORTABLE: '1',
        TZ: 'UTC',
      },
      ...{ PANDECT_SOCKET: '/run/probe/i-1.sock', PANDECT_INSTANCE: '1' },
    });
  });
});
