/**
 * What the holder of a key may do. `submit`: jobs and their artifacts. `read`: look at jobs, provers and proofs.
 * `operate`: all of that, and provers, keys and the audit log. `prove`: be one prover, and nothing else.
 */
export const ROLES = ['submit', 'read', 'operate', 'prove'] as const;
export type Role = (typeof ROLES)[number];

/** What a call needs: one of these roles, or nothing at all. */
export type Permission = readonly Role[] | 'public';
