import { describe, expect, it } from 'vitest';
import { matchPath } from './match.ts';
import { pathOf, placeOfChange, withHost, withSearch } from './place.ts';

describe('the path below the console', () => {
  it.each([
    ['/operator', '/'],
    ['/operator/', '/'],
    ['/operator//', '/'],
    ['/operator.html', '/'],
    ['/operator/units/ask', '/units/ask'],
    ['/operator/units/', '/units'],
  ])('of %s is %s', (pathname, path) => {
    expect(pathOf(pathname, '/operator')).toBe(path);
  });

  it('of a preview is the same', () => {
    expect(pathOf('/_preview/web/a1/operator/units', '/_preview/web/a1/operator')).toBe('/units');
  });
});

it('reads the names of a pattern out of a path', () => {
  expect(matchPath('/units/:name', '/units/ask')).toEqual({ name: 'ask' });
  expect(matchPath('/units/:name', '/units/%D1%8F%2F..')).toEqual({ name: 'я/..' });
  expect(matchPath('/', '/')).toEqual({});
});

it.each([
  ['/units/:name', '/units'],
  ['/units/:name', '/units/'],
  ['/units/:name', '/units/ask/releases'],
  ['/units/:name', '/units/%E0%A4%A'],
  ['/units', '/queues'],
])('%s is not the pattern of %s', (pattern, path) => {
  expect(matchPath(pattern, path)).toBeUndefined();
});

it('writes filters into a search and leaves empty ones out', () => {
  expect(withSearch('/logs', { unit: 'ask', text: 'a & b', level: '', request: undefined })).toBe(
    '/logs?unit=ask&text=a+%26+b',
  );
  expect(withSearch('/logs', { unit: '' })).toBe('/logs');
});

it('shows the steps of a change on the page of its unit, and those of a backup on the one of backups', () => {
  expect(placeOfChange({ unit: 'ask', id: '7' })).toBe('/units/ask?change=7');
  expect(placeOfChange({ unit: '', id: '7' })).toBe('/backups?change=7');
});

it('keeps the host in every address, and adds none where there is no choice', () => {
  expect(withHost('/operator/units', 'a1')).toBe('/operator/units?host=a1');
  expect(withHost('/operator/logs?unit=ask', 'a&1')).toBe('/operator/logs?unit=ask&host=a%261');
  expect(withHost('/operator/logs?unit=ask', undefined)).toBe('/operator/logs?unit=ask');
});
