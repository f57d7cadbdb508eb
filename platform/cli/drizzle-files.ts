import { registerHooks } from 'node:module';

/**
 * Files of drizzle-orm find each other without a look at its package.json. Node parses the list of exports in there, 180
 * KB, again for each of more than a hundred files: half of what a command that needs the database takes to load.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    if (!specifier.startsWith('./') && !specifier.startsWith('../')) return next(specifier, context);
    if (!parentURL?.includes('/node_modules/drizzle-orm/')) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});
