import { describe, expect, it } from 'vitest';
import { callbackMistake } from './check-callback-url.ts';

const hosts = [
  'hooks.example.com',
  'tool.example.com:8443',
  '127.0.0.1:9000',
  'localhost:9000',
  '10.0.0.5',
  '[fd00::1]',
];

describe('the address of a callback', () => {
  it.each([
    'https://hooks.example.com/',
    'https://hooks.example.com:444/a?b=c',
    'https://tool.example.com:8443/x',
    'http://127.0.0.1:9000/hook',
    'http://localhost:9000/hook',
    'http://2130706433:9000/hook',
  ])('may be %s', (url) => {
    expect(callbackMistake(url, hosts)).toBeUndefined();
  });

  it.each([
    'file:///etc/passwd',
    'ftp://hooks.example.com/',
    'javascript:alert(1)',
    'hooks.example.com',
    '',
    'http://hooks.example.com/',
    'https://other.example.com/',
    'https://hooks.example.com.evil.example/',
    'https://hooks.example.com@evil.example/',
    'https://user:secret@hooks.example.com/',
    'https://tool.example.com/',
    'https://hooks.example.com/#part',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:9001/',
    'https://10.0.0.5/',
    'https://[fd00::1]/',
    'http://[::1]:9000/',
    'http://0.0.0.0:9000/',
    `https://hooks.example.com/${'x'.repeat(2048)}`,
  ])('may not be %s', (url) => {
    expect(callbackMistake(url, hosts)).toBeTypeOf('string');
  });

  it('says the same of every host that may not be called', () => {
    const said = ['https://nowhere.example/', 'https://10.0.0.5/', 'https://169.254.169.254/'].map((url) =>
      callbackMistake(url, hosts),
    );
    expect(new Set(said).size).toBe(1);
  });
});
