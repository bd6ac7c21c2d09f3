// What applications import as `@proofloom/client/grpc`: typed clients (`...Client`), service definitions (`...Service`), server
// interfaces (`...Server`) and message types of every service. The published interface is there under its own names;
// the other schemas, which share names with it and with each other, each under a name of its own.
export * from '../wire/generated/zisk_distributed_api.js';
export * as coordinator from '../wire/generated/coordinator/coordinator.js';
export * as proofs from '../wire/generated/proofloom/v1/proofs.js';
export * as artifacts from '../wire/generated/proofloom/v1/artifacts.js';
export * as admin from '../wire/generated/proofloom/v1/admin.js';
export * as health from '../wire/generated/grpc/health/v1/health.js';
export * as reflection from '../wire/generated/grpc/reflection/v1/reflection.js';
export * as reflectionAlpha from '../wire/generated/grpc/reflection/v1alpha/reflection.js';
export { SERVICES } from '../wire/services.js';
