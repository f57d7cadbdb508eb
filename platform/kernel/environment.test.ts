import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, readEnvironment, type VariableName, variableNames, variables } from './environment.ts';

const mistakesOf = (source: Record<string, string>) => {
  try {
    readEnvironment(variableNames, source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const [reference = ''] = text.split('\n# Only docker-compose.prod.yml reads');
  const entries = [...reference.matchAll(/^# (.+)\n#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, about, name, value]) => ({
    about,
    name,
    value: value ?? '',
  }));
  const example = Object.fromEntries(entries.map(({ name, value }) => [name, value]));

  it('names every variable in the order of the code, with its description', () => {
    const expected = variableNames.map((name) => ({ name, about: variables[name].about }));
    expect(entries.map(({ name, about }) => ({ name, about }))).toEqual(expected);
  });

  it('sets nothing as long as no line is changed', () => {
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('names the range of every number as the code holds it', () => {
    const isNumber = (name: VariableName) =>
      mistakesOf({ [name]: 'many' })
        .join()
        .includes('whole number');
    const taken = (name: VariableName, value: number) => mistakesOf({ [name]: String(value) }).length === 0;
    const ranges = entries.flatMap(({ name, about }) => {
      const [, low, high] = /\((\d+) to (\d+)\)$/.exec(about ?? '') ?? [];
      return low ? [{ name: name as VariableName, low: Number(low), high: Number(high) }] : [];
    });
    expect(ranges.map(({ name }) => name)).toEqual(variableNames.filter(isNumber));
    for (const { name, low, high } of ranges) {
      const at = [low - 1, low, high, high + 1].map((value) => taken(name, value));
      expect({ name, at }).toEqual({ name, at: [false, true, true, false] });
    }
  });

  it('shows the defaults of the code', () => {
    const defaults = readEnvironment(variableNames, {});
    expect(readEnvironment(variableNames, example)).toEqual(defaults);
    const shown = entries.filter(({ value }) => value !== '').map(({ name }) => name);
    const withDefault = variableNames.filter((name) => ![undefined, ''].includes(String(defaults[name] ?? '')));
    expect(shown).toEqual(withDefault);
  });
});

describe('readEnvironment', () => {
  it('reads what is set as its type and the rest as its default', () => {
    expect(
      readEnvironment(['PANDECT_PORT', 'DEBUG', 'CORS_ORIGINS', 'DATABASE_URL', 'LOG_LEVEL'], {
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
    expect(readEnvironment(['PANDECT_PORT', 'QDRANT_URL'], { PANDECT_PORT: '', QDRANT_URL: '' })).toEqual({
      PANDECT_PORT: 8080,
      QDRANT_URL: undefined,
    });
  });

  it('reads no other variables than the named ones', () => {
    expect(readEnvironment(['DEBUG'], { DEBUG: 'true', PANDECT_PORT: 'not a port' })).toEqual({ DEBUG: true });
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
