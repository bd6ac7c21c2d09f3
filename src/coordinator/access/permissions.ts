import type { Permission } from '../../domain/access/role.js';
import { ACCESS, ADMIN, ARTIFACTS, COORDINATOR_SERVICE, PROOFS, ZISK_DISTRIBUTED_API } from '../../wire/services.js';

const ANYBODY: Permission = 'public';
const VIEWERS: Permission = ['read', 'submit', 'operate'];
const SUBMITTERS: Permission = ['submit', 'operate'];
const OPERATORS: Permission = ['operate'];
const PROVERS: Permission = ['prove'];

/** Who may make which call, by its path. What has no row here nobody may. */
export const RPC_PERMISSIONS: Readonly<Record<string, Permission>> = {
  ...ofService(ZISK_DISTRIBUTED_API, {
    ProverStream: PROVERS,
    WorkerStream: PROVERS,
    HealthCheck: ANYBODY,
    StatusInfo: VIEWERS,
    SystemStatus: VIEWERS,
    JobsList: VIEWERS,
    JobStatus: VIEWERS,
    ProversList: VIEWERS,
    WorkersList: VIEWERS,
    LaunchProof: SUBMITTERS,
  }),
  ...ofService(COORDINATOR_SERVICE, {
    RegisterWorker: PROVERS,
    SendHeartbeat: PROVERS,
    ReceiveTasks: PROVERS,
    ReportCompletion: PROVERS,
    ReportFailure: PROVERS,
  }),
  ...ofService(PROOFS, {
    Submit: SUBMITTERS,
    Get: VIEWERS,
    List: VIEWERS,
    Watch: VIEWERS,
    Cancel: SUBMITTERS,
  }),
  ...ofService(ARTIFACTS, {
    Put: ['submit', 'operate', 'prove'],
    Get: ['read', 'submit', 'operate', 'prove'],
    Stat: ['read', 'submit', 'operate', 'prove'],
  }),
  ...ofService(ADMIN, {
    Drain: OPERATORS,
    ListQuarantine: ['read', 'operate'],
    ReleaseQuarantine: OPERATORS,
    Diagnostics: OPERATORS,
  }),
  ...ofService(ACCESS, {
    CreateKey: OPERATORS,
    ListKeys: OPERATORS,
    RevokeKey: OPERATORS,
    CreateEnrolmentToken: OPERATORS,
    ListAuditLog: OPERATORS,
    // Its token is what it is checked by.
    Enrol: ANYBODY,
  }),
  ...ofService('grpc.health.v1.Health', { Check: ANYBODY, Watch: ANYBODY }),
  ...ofService('grpc.reflection.v1.ServerReflection', { ServerReflectionInfo: ANYBODY }),
  ...ofService('grpc.reflection.v1alpha.ServerReflection', { ServerReflectionInfo: ANYBODY }),
};

/** Who may ask for which route of the HTTP side, by method and pattern; HEAD is as GET. What has no row here nobody may. */
export const ROUTE_PERMISSIONS: Readonly<Record<string, Permission>> = {
  'GET /healthz': ANYBODY,
  'GET /readyz': ANYBODY,
  'GET /livez': ANYBODY,
  'GET /metrics': ['read', 'operate'],
  'GET /artifacts/:sha256': ['read', 'submit', 'operate', 'prove'],
  'PUT /artifacts/:sha256': ['submit', 'operate', 'prove'],
};

const NOBODY: Permission = [];

/** Who may do what a key of one of the tables names. */
export function permissionOf(table: Readonly<Record<string, Permission>>, name: string): Permission {
  return Object.hasOwn(table, name) ? (table[name] ?? NOBODY) : NOBODY;
}

function ofService(service: string, methods: Readonly<Record<string, Permission>>): Record<string, Permission> {
  return Object.fromEntries(Object.entries(methods).map(([name, permission]) => [`/${service}/${name}`, permission]));
}
