import { CoordinatorMetrics } from './coordinator-metrics.js';

const OURS = /^coordinator_/;

/** docs/metrics.md: what `/metrics` says, out of the definitions themselves. */
export async function metricsPage(): Promise<string> {
  const { registry } = new CoordinatorMetrics();
  const types = new Map((await registry.getMetricsAsJSON()).map(({ name, type }) => [name, type]));
  const rows = registry
    .getMetricsAsArray()
    .filter(({ name }) => OURS.test(name))
    .map((metric) => `| \`${metric.name}\` | ${types.get(metric.name)} | ${labelsOf(metric)} | ${metric.help} |`);
  return [...HEAD, ...rows, ''].join('\n');
}

/** The declarations of the library leave them out. */
function labelsOf(metric: object): string {
  const names = 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [];
  return names.map((name) => `\`${name}\``).join(', ');
}

const HEAD = [
  '# Metrics',
  '',
  'Generated from `src/coordinator/metrics/coordinator-metrics.ts` by `npm run generate`.',
  '',
  "The coordinator's HTTP side answers `GET /metrics` in the text format of Prometheus. Counters begin at the start of the",
  'process. Besides the metrics below there are those of the process and its runtime (`process_cpu_seconds_total`,',
  '`process_resident_memory_bytes`, `nodejs_eventloop_lag_p99_seconds` and their like).',
  '',
  '```sh',
  'curl -s http://127.0.0.1:8081/metrics',
  '```',
  '',
  'Where the coordinator has keys, a key with the role `read` or `operate` goes along (`authorization: Bearer ...`).',
  '',
  '| metric | type | labels | meaning |',
  '|---|---|---|---|',
] as const;
