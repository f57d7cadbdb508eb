import { describe, expect, it } from 'vitest';
import { xfaText } from './xfa-text.ts';

const template = (inside: string) =>
  `<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="f">${inside}</subform></template>`;
const field = (name: string, caption: string, value = '', more = '') =>
  `<field name="${name}"${more}><value><text>${value}</text></value><caption><value><text>${caption}</text></value></caption></field>`;
const datasets = (inside: string) =>
  `<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><f>${inside}</f></xfa:data></xfa:datasets>`;
const read = (...packets: string[]) => xfaText(packets.map((packet) => Buffer.from(packet))).split('\n');

describe('xfaText', () => {
  it('gives the texts of a template, whole or in packets', () => {
    const draw = template('<draw><value><text>The rent is 4500 EUR.</text></value></draw>');
    expect(read(`<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">${draw}</xdp:xdp>`)).toEqual(['The rent is 4500 EUR.']);
    expect(read(template('<draw><value><exData><body><p>Rich <b>text</b></p></body></exData></value></draw>'))).toEqual(
      ['Rich text'],
    );
  });

  it('gives fields with their captions and filled values, and values without a field', () => {
    const fields =
      field('rent', 'Rent:', '0') +
      field('term', 'Term:', 'one year') +
      field('secret', 'x', 'y', ' presence="hidden"');
    expect(read(template(fields), datasets('<rent>4500 EUR</rent><other>Berlin</other>'))).toEqual([
      'Rent: 4500 EUR',
      'Term: one year',
      'other: Berlin',
    ]);
  });
});
