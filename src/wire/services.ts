import type { ServiceDefinition } from '@grpc/grpc-js';
import { CoordinatorServiceService } from './generated/coordinator/coordinator.js';
import { HealthService } from './generated/grpc/health/v1/health.js';
import { ServerReflectionService } from './generated/grpc/reflection/v1/reflection.js';
import { ServerReflectionService as ServerReflectionAlphaService } from './generated/grpc/reflection/v1alpha/reflection.js';
import { AccessService } from './generated/proofloom/v1/access.js';
import { AdminService } from './generated/proofloom/v1/admin.js';
import { ArtifactsService } from './generated/proofloom/v1/artifacts.js';
import { ProofsService } from './generated/proofloom/v1/proofs.js';
import { ZiskDistributedApiService } from './generated/zisk_distributed_api.js';

/** Full names, under which controllers bind their methods. */
export const ZISK_DISTRIBUTED_API = 'zisk.distributed.api.v1.ZiskDistributedApi';
export const COORDINATOR_SERVICE = 'coordinator.CoordinatorService';
export const PROOFS = 'proofloom.v1.Proofs';
export const ARTIFACTS = 'proofloom.v1.Artifacts';
export const ADMIN = 'proofloom.v1.Admin';
export const ACCESS = 'proofloom.v1.Access';

/** Every service of the schema. */
export const SERVICES: readonly ServiceDefinition[] = [
  ZiskDistributedApiService,
  CoordinatorServiceService,
  ProofsService,
  ArtifactsService,
  AdminService,
  AccessService,
  HealthService,
  ServerReflectionService,
  ServerReflectionAlphaService,
];
