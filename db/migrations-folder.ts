/** Apart from what migrates: who only asks which migrations there are need not load it. */
export const migrationsFolder = new URL('./migrations', import.meta.url).pathname;
