import { describe, expect, it } from 'vitest';
import { readDatabaseUrl } from './database-url.ts';

describe('readDatabaseUrl', () => {
  it('takes the folder of the socket out of the URL', () => {
    expect(readDatabaseUrl('postgres://me:secret@localhost/books?host=%2Frun%2Fa%20b&application_name=x')).toEqual({
      url: 'postgres://me:secret@localhost/books?application_name=x',
      host: '/run/a b',
    });
  });

  it('leaves the URL of a server on the network as it is', () => {
    const url = 'postgres://me:p%40ss@db.example:6432/books?sslmode=require';
    expect(readDatabaseUrl(url)).toEqual({ url });
  });
});
