import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A network for each host, and what they reach together. */
export interface Networks {
  /** Where servers that hosts share may listen. */
  shared: string;
  hosts: { address: string; within: readonly string[] }[];
  remove(): Promise<void>;
}

/** One network for all, for who may make none: hosts differ by their ports. */
const oneNetwork: Networks = {
  shared: '127.0.0.1',
  hosts: [0, 1].map(() => ({ address: '127.0.0.1', within: [] })),
  remove: async () => {},
};

/** Network namespaces, joined by a bridge: hosts share no loopback and no abstract sockets. Needs root. */
export async function openNetworks(): Promise<Networks> {
  if (process.getuid?.() !== 0) return oneNetwork;
  const number = randomInt(1, 254);
  const bridge = `pandect${number}`;
  const names = [0, 1].map((index) => `${bridge}-${index}`);
  const subnet = `10.213.${number}`;
  const ip = (line: string) => run('ip', line.split(' '));
  const remove = async () => {
    for (const name of names) await ip(`netns del ${name}`).catch(() => {});
    await ip(`link del ${bridge}`).catch(() => {});
  };
  try {
    await ip(`link add ${bridge} type bridge`);
    await ip(`addr add ${subnet}.1/24 dev ${bridge}`);
    await ip(`link set ${bridge} up`);
    for (const [index, name] of names.entries()) {
      await ip(`netns add ${name}`);
      await ip(`link add pd${number}x${index} type veth peer name eth0 netns ${name}`);
      await ip(`link set pd${number}x${index} master ${bridge} up`);
      await ip(`-n ${name} addr add ${subnet}.${index + 2}/24 dev eth0`);
      await ip(`-n ${name} link set eth0 up`);
      await ip(`-n ${name} link set lo up`);
    }
  } catch {
    await remove();
    return oneNetwork;
  }
  const hosts = names.map((name, index) => ({
    address: `${subnet}.${index + 2}`,
    within: ['nsenter', `--net=/run/netns/${name}`],
  }));
  return { shared: `${subnet}.1`, hosts, remove };
}
