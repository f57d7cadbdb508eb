import { setTimeout as sleep } from 'node:timers/promises';
import { change } from '../tests/support/control.ts';
import { addEchoFunction } from '../tests/support/echo-function.ts';
import { pandect } from '../tests/support/platform.ts';
import { spawnedServer } from './peers/bare-server.ts';
import { median, pairedRatios, spread, times } from './support/figures.ts';
import { withCopy, withPlatform } from './support/platform.ts';
import { visit } from './support/steady-load.ts';
import type { Bench, Row } from './support/table.ts';

const ROUNDS = 20;
const POLL_MS = 5;
const AIM_MS = 1_000;

const ways = ['control socket', 'pandect rollback'] as const;

export const rollback: Bench = {
  name: 'rollback',
  about: 'a rollback to a kept release and back, against the start of a bare Node process',
  run: () =>
    withCopy([], async (copy) => {
      const echo = await addEchoFunction(copy, 'busy', { drain: 0 });
      return withPlatform(
        async (platform) => {
          await echo.write({ version: 'version 1' });
          await change(platform, 'deploy', { units: [echo.name], watch: 0 });
          const roll = {
            'control socket': async () => (await change(platform, 'rollback', { unit: echo.name, watch: 0 })).ok,
            'pandect rollback': async () =>
              (await pandect(platform, 'rollback', echo.name, '--watch', '0')).status === 0,
          };
          const figures = ways.map((way) => ({
            way,
            switched: [] as number[],
            ended: [] as number[],
            bare: [] as number[],
          }));
          for (let round = 0; round < ROUNDS; round++) {
            for (const { way, switched, ended, bare } of figures) {
              bare.push(await spawnedServer(platform));
              const former = (await visit(false, platform.url + echo.path)).version;
              const began = performance.now();
              let isOver = false;
              const rolled = roll[way]().then((ok) => {
                if (!ok) throw new Error(`Roll back by ${way}: it failed`);
                ended.push(performance.now() - began);
                isOver = true;
              });
              const seen = whenAnotherAnswers(platform.url + echo.path, former, () => isOver);
              await rolled;
              switched.push((await seen) - began);
            }
          }
          return {
            title: 'A rollback to a kept release',
            rows: figures.map(
              ({ way, switched, ended, bare }): Row => ({
                rollback: way,
                times: ROUNDS,
                'another release answers, ms': spread(switched),
                'command ended, ms': spread(ended),
                'bare Node process until it answers, ms': spread(bare),
                'switch / bare': times(median(pairedRatios(switched, bare))),
              }),
            ),
            aims: figures.map(({ way, switched, ended }) => ({
              what: `from the command to the release before, ${way}`,
              aim: `< ${AIM_MS} ms`,
              reached: `${spread(switched)} ms, ended after ${spread(ended)} ms`,
              met: median(switched) < AIM_MS,
            })),
            notes: [
              'The command ends when the process that was replaced has ended too. Nothing else is asked in the meantime.',
            ],
          };
        },
        { root: copy.root },
      );
    }),
};

/** @returns when the first answer of another release came */
async function whenAnotherAnswers(url: string, former: string | undefined, isOver: () => boolean): Promise<number> {
  for (;;) {
    const wasOver = isOver();
    const { version, ended, failure } = await visit(false, url);
    if (version !== undefined && version !== former) return ended;
    if (failure !== undefined || wasOver) throw new Error(`Roll back: ${failure ?? 'the same release answers'}`);
    await sleep(POLL_MS);
  }
}
