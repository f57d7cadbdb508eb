import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './depth.ts';

describe('the depth of HTML', () => {
  it('counts elements that stand in each other', () => {
    const nested = `${'<div>'.repeat(5)}text${'</div>'.repeat(5)}`;
    expect(isNestedDeeper(nested, 4)).toBe(true);
    expect(isNestedDeeper(nested.repeat(3), 5)).toBe(false);
  });

  it('counts neither those that have no end nor those whose end may be left out', () => {
    expect(isNestedDeeper('<ul><li>one<li>two<li>three<br><P>four</ul>'.repeat(2), 1)).toBe(false);
  });

  it('starts from nothing where more is closed than was opened', () => {
    expect(isNestedDeeper('</div></div><div><div>', 1)).toBe(true);
  });
});
