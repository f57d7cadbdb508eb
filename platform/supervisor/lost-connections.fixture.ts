import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../db/connect.ts';
import { createLog } from '../kernel/log.ts';
import { outliveLostConnections } from './lost-connections.ts';

/** Asks the database of its argument, whose connection is lost, and continues. */
outliveLostConnections(createLog({ level: 'fatal', fields: {} }));
const sql = connect(process.argv[2] ?? '');
await sql`select 1`.catch(() => {});
await sleep(100);
process.stdout.write('continues');
process.exit(0);
