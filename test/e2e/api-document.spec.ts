// docs/api.md, every line of it, run by a reflection client in place of grpcurl (test/go does it with grpcurl itself).
import { readFileSync } from 'node:fs';
import { SERVICES } from '../../src/wire/services.js';
import { shortName, stepsOf } from '../support/api-document.js';
import {
  API_DOCUMENT,
  DOCUMENTED_SETTINGS,
  DocumentRun,
  ownGrpcurl,
  promised,
  promiseOf,
} from '../support/document-run.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp } from '../support/program.js';

const NETWORK_MS = 300_000;
const STEPS = stepsOf(readFileSync(API_DOCUMENT, 'utf8'));

describe('docs/api.md', () => {
  let network: TestNetwork;
  let run: DocumentRun;

  beforeAll(async () => {
    network = await TestNetwork.start(1, DOCUMENTED_SETTINGS);
    run = new DocumentRun(network, ownGrpcurl(network.address));
  }, NETWORK_MS);

  afterAll(async () => {
    await network.stop();
    cleanUp();
  });

  it('has a line for every call of every service', () => {
    const shown = new Set(STEPS.flatMap((step) => (step.kind === 'call' ? [step.name] : [])));
    const served = SERVICES.flatMap((service) => Object.values(service).map(({ path }) => shortName(path)));
    expect(served.filter((name) => !shown.has(name))).toEqual([]);
  });

  it.each(STEPS.map((step) => [step.name, step] as const))(
    '%s is as shown',
    async (_name, step) => {
      if (step.kind === 'export') return run.export(step);
      expect(promiseOf(await run.call(step))).toEqual(promised(step));
    },
    NETWORK_MS,
  );
});
