import { describe, expect, it } from 'vitest';
import { mayUseRoute } from './may-use-route.ts';

describe('mayUseRoute', () => {
  it.each([
    ['default', undefined, true],
    ['default', ['default'], true],
    ['default', ['cheap', 'default'], true],
    ['default-2', ['default'], false],
    ['bedrock/claude', ['bedrock/*'], true],
    ['bedrock/eu/claude', ['bedrock/*'], true],
    ['bedrockz/claude', ['bedrock/*'], false],
    ['bedrock', ['bedrock/*'], false],
    ['other/bedrock/claude', ['bedrock/*'], false],
    ['anything', ['*'], true],
    ['default', [], false],
  ] as const)('says of "%s" among %j: %s', (name, allowed, expected) => {
    expect(mayUseRoute(name, allowed)).toBe(expected);
  });
});
