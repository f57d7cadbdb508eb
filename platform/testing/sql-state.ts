/** How the database refused a statement: its SQLSTATE such as `42501`; `none` when it did not refuse. */
export async function sqlState(statement: Promise<unknown>): Promise<string> {
  try {
    await statement;
    return 'none';
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if ('code' in cause && typeof cause.code === 'string') return cause.code;
    }
    throw error;
  }
}

export const denied = '42501';
export const noSuchParent = '23503';
