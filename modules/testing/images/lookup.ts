import type { Lookup } from '../../../platform/capabilities/outbound/lookup-publicly.ts';

/** A name server that knows one name, which leads to an internal address. */
export const lookupOf: Lookup = (host, _, done) => {
  if (host === 'inside.example') done(null, [{ address: '10.0.0.7', family: 4 }]);
  else done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), []);
};
