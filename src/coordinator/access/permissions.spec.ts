import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { PRODUCT_ROOT } from '../../config/product.js';
import { ROLES } from '../../domain/access/role.js';
import { SERVICES } from '../../wire/services.js';
import { HttpModule } from '../http/http.module.js';
import { permissionOf, ROUTE_PERMISSIONS, RPC_PERMISSIONS } from './permissions.js';

/** Express's own list of what it serves, as far as it is read here. */
interface ExpressApp {
  readonly router: { readonly stack: readonly { readonly route?: Route }[] };
}

interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

function declaredRpcs(): string[] {
  const { file } = fromBinary(FileDescriptorSetSchema, readFileSync(join(PRODUCT_ROOT, 'proto/descriptor.binpb')));
  return file.flatMap(({ package: scope, service }) =>
    service.flatMap(({ name, method }) => method.map((rpc) => `/${scope}.${name}/${rpc.name}`)),
  );
}

async function servedRoutes(): Promise<string[]> {
  const module = await Test.createTestingModule({ imports: [HttpModule] })
    .useMocker(() => ({}))
    .compile();
  const app: INestApplication = module.createNestApplication({ logger: false });
  await app.init();
  const { router } = app.getHttpAdapter().getInstance() as ExpressApp;
  const routes = router.stack.flatMap(({ route }) => (route ? [route] : []));
  const names = routes.flatMap(({ path, methods }) =>
    Object.keys(methods).map((method) => `${method === 'head' ? 'GET' : method.toUpperCase()} ${path}`),
  );
  await app.close();
  return [...new Set(names)];
}

describe('the table of who may do what', () => {
  it('has a row for every rpc of the schema, and no other', () => {
    const declared = declaredRpcs();
    expect(declared.length).toBeGreaterThan(30);
    expect(Object.keys(RPC_PERMISSIONS).toSorted()).toEqual(declared.toSorted());
  });

  it('has a row for every rpc that is served, whatever the schema says', () => {
    const served = SERVICES.flatMap((service) => Object.values(service).map(({ path }) => path));
    expect(served.filter((path) => !(path in RPC_PERMISSIONS))).toEqual([]);
  });

  it('has a row for every route of the HTTP side, and no other', async () => {
    const served = await servedRoutes();
    expect(served).toContain('PUT /artifacts/:sha256');
    expect(Object.keys(ROUTE_PERMISSIONS).toSorted()).toEqual(served.toSorted());
  });

  it('leaves what it does not name to nobody', () => {
    expect(permissionOf(RPC_PERMISSIONS, '/proofloom.v1.Admin/Unknown')).toEqual([]);
    expect(permissionOf(RPC_PERMISSIONS, 'constructor')).toEqual([]);
    expect(permissionOf(ROUTE_PERMISSIONS, 'DELETE /artifacts/:sha256')).toEqual([]);
  });

  it('has something for each role, and nothing for the public but health, the schema and enrolment', () => {
    const rows = [...Object.entries(RPC_PERMISSIONS), ...Object.entries(ROUTE_PERMISSIONS)];
    for (const role of ROLES) expect(rows.some(([, permission]) => permission.includes(role))).toBe(true);
    const open = rows.flatMap(([name, permission]) => (permission === 'public' ? [name] : []));
    expect(
      open.filter((name) => !/health|reflection|\/(?:healthz|readyz|livez)$|HealthCheck$|Access\/Enrol$/.test(name)),
    ).toEqual([]);
  });
});
