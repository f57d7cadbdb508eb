import { describe, expect, it } from 'vitest';
import { ConfigurationError, defineVariable, readEnvironment, url } from './environment.ts';
import * as own from './variables.ts';
import { CORS_ORIGINS, DATABASE_URL, DEBUG, LOG_LEVEL, PANDECT_PORT } from './variables.ts';

const QDRANT_URL = defineVariable('QDRANT_URL', () => url('http:', 'https:').optional(), 'A server of a module');

const mistakesOf = (source: Record<string, string>) => {
  try {
    readEnvironment([...Object.values(own), QDRANT_URL], source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('readEnvironment', () => {
  it('reads what is set as its type and the rest as its default', () => {
    expect(
      readEnvironment([PANDECT_PORT, DEBUG, CORS_ORIGINS, DATABASE_URL, LOG_LEVEL], {
        PANDECT_PORT: '9090',
        DEBUG: '1',
        CORS_ORIGINS: 'https://a.example, https://b.example,',
      }),
    ).toEqual({
      PANDECT_PORT: 9090,
      DEBUG: true,
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      DATABASE_URL: undefined,
      LOG_LEVEL: 'info',
    });
  });

  it('takes an empty value for unset', () => {
    expect(readEnvironment([PANDECT_PORT, QDRANT_URL], { PANDECT_PORT: '', QDRANT_URL: '' })).toEqual({
      PANDECT_PORT: 8080,
      QDRANT_URL: undefined,
    });
  });

  it('reads no other variables than the named ones', () => {
    expect(readEnvironment([DEBUG], { DEBUG: 'true', PANDECT_PORT: 'not a port' })).toEqual({ DEBUG: true });
  });

  it('names all mistakes at once, each with the variable and the value', () => {
    const mistakes = mistakesOf({
      PANDECT_PORT: '70000',
      LOG_LEVEL: 'loud',
      QDRANT_URL: 'ftp://vectors',
      DEBUG: 'maybe',
    });
    expect(mistakes.map((mistake) => mistake.split(': ').slice(0, 2).join(' '))).toEqual([
      'DEBUG "maybe"',
      'LOG_LEVEL "loud"',
      'PANDECT_PORT "70000"',
      'QDRANT_URL "ftp://vectors"',
    ]);
    expect(mistakes[2]).toBe('PANDECT_PORT: "70000": must be a whole number from 1 to 65535');
    expect(mistakes[3]).toContain('must be a URL with http: or https:');
  });

  it('does not repeat the values of secrets', () => {
    const mistakes = mistakesOf({ DATABASE_URL: 'mysql://root:hunter2@host', REDIS_URL: 'hunter3' });
    expect(mistakes).toHaveLength(2);
    expect(mistakes.join('\n')).toContain('DATABASE_URL: wrong value: must be a URL with postgres: or postgresql:');
    expect(mistakes.join('\n')).not.toMatch(/hunter/);
  });
});
