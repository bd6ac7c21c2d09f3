/** The oldest major version of Node that the programs run under. */
export const OLDEST_MAJOR: number;
