// docs/api.md, every line of it, run by grpcurl on the default port and on the one that containers use.
import { readFileSync } from 'node:fs';
import { stepsOf } from '../support/api-document.js';
import { API_DOCUMENT, DOCUMENTED_SETTINGS, DocumentRun, promised, promiseOf } from '../support/document-run.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp } from '../support/program.js';

const STEPS = stepsOf(readFileSync(API_DOCUMENT, 'utf8'));

afterAll(cleanUp);

describe.each([
  ['8080, the default', null],
  ['50051', '50051'],
])('grpcurl on port %s', (_name, port) => {
  let network: TestNetwork;
  let run: DocumentRun;

  beforeAll(async () => {
    network = await TestNetwork.start(1, DOCUMENTED_SETTINGS, port);
    run = new DocumentRun(network, {}, network.address);
  });

  afterAll(() => network.stop());

  it('is on that port', () => {
    expect(network.address).toBe(`127.0.0.1:${port ?? '8080'}`);
  });

  it.each(STEPS.map((step) => [step.name, step] as const))('%s is as shown', async (_step, step) => {
    if (step.kind === 'export') return run.export(step);
    expect(promiseOf(await run.call(step))).toEqual(promised(step));
  });
});
