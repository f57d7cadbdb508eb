import pg from 'pg';

const { builtins } = pg.types;
/** Arrays of the same, which the library has no names for. */
const [dates, times, timestamps, zoned, intervals, numerics] = [1182, 1183, 1115, 1185, 1187, 1231];
const asText = new Set<number | undefined>([
  ...[builtins.DATE, builtins.TIME, builtins.TIMESTAMP, builtins.TIMESTAMPTZ, builtins.INTERVAL],
  ...[dates, times, timestamps, zoned, intervals, numerics],
]);
const text = (value: string) => value;

/** How answers become JavaScript's values: Drizzle wants times and exact numbers as the server writes them. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') =>
    asText.has(oid) ? text : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};
