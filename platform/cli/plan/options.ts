import { type Command, Option } from 'commander';

/** An option that is one figure of a plan, by the path that it has in a file. */
interface FigureOption {
  flag: string;
  path: string;
  description: string;
}

const figure = (flag: string, path: string, description: string): FigureOption => ({ flag, path, description });

const figures: FigureOption[] = [
  figure('--users <n>', 'users', 'people with an account'),
  figure('--organizations <n>', 'organizations', 'organizations that they belong to'),
  figure('--active-share <share>', 'activeShare', 'of the users, those of a day, from 0 to 1'),
  figure('--busiest-hour <share>', 'busiestHourShare', 'share of a day that falls into its busiest hour'),
  figure('--questions-per-hour <n>', 'questions.perHour', 'questions in the busiest hour'),
  figure('--questions-per-user <n>', 'questions.perUserPerDay', 'questions of each active user in a day'),
  figure('--cache-share <share>', 'questions.cacheShare', 'of the questions, those that the cache answers'),
  figure('--model-seconds <s>', 'questions.seconds', 'time of an answer of the model'),
  figure('--model-slots <n>', 'questions.slots', 'answers that the provider gives at a time'),
  figure('--tokens-in <n>', 'questions.tokensIn', 'tokens that a question sends to the model'),
  figure('--tokens-out <n>', 'questions.tokensOut', 'tokens of an answer'),
  figure('--images-per-hour <n>', 'images.perHour', 'generations of images in the busiest hour'),
  figure('--image-seconds <s>', 'images.seconds', 'time of a generation'),
  figure('--image-slots <n>', 'images.slots', 'generations that the provider runs at a time'),
  figure('--at-once <n>', 'images.atOnce', 'people who ask for an image at the same moment'),
  figure('--readings-per-hour <n>', 'readings.perHour', 'readings of bots in the busiest hour'),
  figure('--reading-seconds <s>', 'readings.seconds', 'time of a reading'),
  figure('--reading-slots <n>', 'readings.slots', 'readings that the provider gives at a time'),
  figure('--calls-per-hour <n>', 'gateway.perHour', 'calls of the gateway in the busiest hour'),
  figure('--documents <n>', 'documents.count', 'documents that are stored'),
  figure('--new-per-day <n>', 'documents.newPerDay', 'documents that are added in a day'),
  figure('--mb-per-document <mb>', 'documents.megabytesEach', 'size of a document'),
  figure('--pages <n>', 'documents.pagesEach', 'pages of a document'),
  figure('--scan-share <share>', 'documents.scanShare', 'of the pages, those that are scans'),
  figure('--growth <share>', 'growthPerMonth', 'growth of the load in a month'),
  figure('--pack-price <price>', 'pack.price', 'price of a pack of questions, readings or images'),
  figure('--pack-units <n>', 'pack.units', 'how many of them a pack holds'),
  figure('--packs-each <n>', 'pack.packsEach', 'packs of each buyer in a month'),
  figure('--free-units <n>', 'pack.freeUnits', 'units for nothing, to each user in a month'),
  figure('--conversion <share>', 'pack.conversion', 'of the users, those who buy in a month'),
  figure('--swap <gb>', 'host.swapGb', 'swap of the host'),
  figure('--connections <n>', 'database.maxConnections', 'max_connections of a PostgreSQL of your own'),
];

type Given = Record<string, string | boolean | undefined>;

export function addFigures(command: Command): Command {
  for (const { flag, description } of figures) command.addOption(new Option(flag, description));
  return command;
}

/** The figures that options give, by the paths of a file. */
export const givenFigures = (given: Given): [path: string, value: unknown][] =>
  figures.flatMap(({ flag, path }) => {
    const value = given[new Option(flag).attributeName()];
    return typeof value === 'string' ? [[path, toFigure(value)] as [string, unknown]] : [];
  });

/** The option that gave a figure; undefined for one of a file. */
export const optionOf =
  (given: Given) =>
  (path: string): string | undefined => {
    const found = figures.find((each) => each.path === path);
    const option = found && new Option(found.flag);
    return option && given[option.attributeName()] !== undefined ? option.long : undefined;
  };

/** `4/16/100`: cores, memory and disk in GB. @throws with how it is written */
export function readHost(typed: string): Record<string, unknown> {
  const [cores, memoryGb, diskGb, ...rest] = typed.split('/');
  if (cores === undefined || memoryGb === undefined || rest.length > 0) {
    throw new Error(`Read plan: --host must be CORES/MEMORY/DISK in GB such as 4/16/100, not "${typed}"`);
  }
  return {
    ...{ cores: toFigure(cores), memoryGb: toFigure(memoryGb) },
    ...(diskGb !== undefined && { diskGb: toFigure(diskGb) }),
  };
}

/** A number, or what was typed where it is none. */
function toFigure(typed: string): number | string {
  const value = Number(typed);
  return typed.trim() !== '' && Number.isFinite(value) ? value : typed;
}
