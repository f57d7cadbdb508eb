import { describeFunctions } from './functions-api.ts';

/** Writes the API description of a checkout; started by `readExport`, with the checkout and what the settings say as arguments. */
const [root = '', about = '{}'] = process.argv.slice(2);
const description = await describeFunctions(root, JSON.parse(about));
process.stdout.write(JSON.stringify(description), () => process.exit(0));
