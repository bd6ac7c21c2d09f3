import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, scratchFolder } from '../../test/support/program.js';
import { loadSettings, readEnvFile, SettingsError, type SettingSources } from './settings.loader.js';

function problemsOf(sources: SettingSources): readonly string[] {
  try {
    loadSettings(sources);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('starts from the published defaults', () => {
    const { settings, warnings } = loadSettings({ environment: {} });
    expect(settings.server).toEqual({ host: '0.0.0.0', port: 8080, url: 'http://127.0.0.1:8080' });
    expect(settings.leases).toEqual({
      heartbeatIntervalMs: 5000,
      leaseMs: 15_000,
      disconnectGraceMs: 2000,
      taskTimeoutMs: 3_600_000,
      proverWaitMs: 3_600_000,
    });
    expect(settings.jobs.retentionMs).toBe(7 * 86_400_000);
    expect(settings.storeUrl).toBe('sqlite:.proofloom/coordinator.sqlite');
    expect(warnings).toEqual([]);
  });

  it('takes a flag before DISTRIBUTED_, that before CONSENSUS_, that before .env, that before the default', () => {
    const flags = { SERVER_PORT: { flag: '--port', value: '1' } };
    const environment = { DISTRIBUTED_SERVER_PORT: '2', CONSENSUS_SERVER_PORT: '3' };
    const envFile = { DISTRIBUTED_SERVER_PORT: '4' };
    const portOf = (sources: SettingSources) => loadSettings(sources).settings.server.port;
    expect(portOf({ flags, environment, envFile })).toBe(1);
    expect(portOf({ environment, envFile })).toBe(2);
    expect(portOf({ environment: { CONSENSUS_SERVER_PORT: '3' }, envFile })).toBe(3);
    expect(portOf({ environment: {}, envFile })).toBe(4);
    expect(portOf({ environment: {} })).toBe(8080);
  });

  it('warns once about all variables with the old prefix that it uses', () => {
    const environment = { CONSENSUS_SERVER_PORT: '1', CONSENSUS_SERVER_HOST: 'a', CONSENSUS_HTTP_PORT: '2' };
    const { warnings } = loadSettings({ environment: { ...environment, DISTRIBUTED_HTTP_PORT: '5' } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('CONSENSUS_SERVER_HOST, CONSENSUS_SERVER_PORT');
    expect(warnings[0]).not.toContain('HTTP_PORT');
  });

  it.each(['INFO', 'Warn', ' debug '])('takes the level %j as it takes the small word', (level) => {
    const environment = { DISTRIBUTED_LOGGING_LEVEL: level, DISTRIBUTED_LOGGING_FORMAT: 'JSON' };
    const { logging } = loadSettings({ environment }).settings;
    expect(logging).toEqual({ level: level.trim().toLowerCase(), format: 'json' });
  });

  it('reports every wrong setting at once, with variable, value and what is allowed', () => {
    const problems = problemsOf({
      flags: { SERVER_PORT: { flag: '--port', value: '70000' } },
      environment: {
        DISTRIBUTED_LOGGING_LEVEL: 'loud',
        DISTRIBUTED_JOB_RETENTION: '7 fortnights',
        CONSENSUS_SERVER_URL: 'ftp://example.org:1',
      },
    });
    expect(problems).toEqual([
      '--port is "70000"; allowed: a whole number from 0 to 65535',
      'CONSENSUS_SERVER_URL is "ftp://example.org:1"; allowed: http://host:port, or https://host:port where the coordinator serves TLS',
      'DISTRIBUTED_JOB_RETENTION is "7 fortnights"; allowed: a duration such as 500ms, 15s, 10m, 24h or 7d, from 1m to 3650d',
      'DISTRIBUTED_LOGGING_LEVEL is "loud"; allowed: error, warn, info, debug, trace',
    ]);
  });

  it('refuses a lease shorter than two heartbeats', () => {
    const environment = { DISTRIBUTED_LEASE: '1s', DISTRIBUTED_HEARTBEAT_INTERVAL: '600ms' };
    expect(problemsOf({ environment })[0]).toContain('at least two heartbeats');
  });

  it.each([
    [{ DISTRIBUTED_TLS_CERT: 'c' }, 'only one of DISTRIBUTED_TLS_CERT and DISTRIBUTED_TLS_KEY'],
    [{ DISTRIBUTED_TLS_CLIENT_AUTH: 'required' }, 'only with DISTRIBUTED_TLS_CERT and DISTRIBUTED_TLS_CA'],
    [
      { DISTRIBUTED_TLS_CLIENT_AUTH: 'optional', DISTRIBUTED_TLS_CERT: 'c', DISTRIBUTED_TLS_KEY: 'k' },
      'only with DISTRIBUTED_TLS_CERT and DISTRIBUTED_TLS_CA',
    ],
  ])('refuses half of TLS (%j)', (environment, problem) => {
    expect(problemsOf({ environment })).toEqual([expect.stringContaining(problem)]);
  });

  it('never shows a secret', () => {
    const problems = problemsOf({ environment: { DISTRIBUTED_KEY: 'two words' } });
    expect(problems).toEqual([
      'DISTRIBUTED_KEY is not what it must be; allowed: a key as it was shown, without spaces',
    ]);
  });

  it.each([
    ['DISTRIBUTED_SERVER_PORT', '8o80'],
    ['DISTRIBUTED_SERVER_PORT', '-1'],
    ['DISTRIBUTED_SERVER_HOST', 'a b'],
    ['DISTRIBUTED_SERVER_URL', '127.0.0.1:8080'],
    ['DISTRIBUTED_PROVER_ID', 'a/b'],
    ['DISTRIBUTED_INPUT_ROOTS', ' , '],
    ['DISTRIBUTED_STORE_URL', 'mysql://x'],
    ['DISTRIBUTED_LIMIT_MEMORY', '512mb'],
    ['DISTRIBUTED_PROVER_COMPUTE_UNITS', '0'],
  ])('refuses %s=%s', (name, value) => {
    const problems = problemsOf({ environment: { [name]: value } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} is "${value}"; allowed: `);
  });

  it('treats an empty variable as not set', () => {
    const { settings } = loadSettings({ environment: { DISTRIBUTED_SERVER_PORT: '', DISTRIBUTED_PROVER_ID: ' ' } });
    expect(settings.server.port).toBe(8080);
    expect(settings.prover.id).toBeUndefined();
  });

  it('says which DISTRIBUTED_ variables it does not know', () => {
    const { warnings } = loadSettings({ environment: { DISTRIBUTED_SERVR_PORT: '1', OTHER: 'x' } });
    expect(warnings).toEqual(['Unknown variable DISTRIBUTED_SERVR_PORT is ignored; docs/configuration.md lists all.']);
  });

  it.each(['\n', '\r\n'])(
    '[case: env-byte-order-mark] reads a .env file with a byte order mark whole, lines ending %j',
    (end) => {
      const path = join(scratchFolder(), '.env');
      writeFileSync(path, `\ufeffDISTRIBUTED_SERVER_PORT=1${end}DISTRIBUTED_HTTP_PORT=2${end}`);
      expect(readEnvFile(path)).toEqual({ DISTRIBUTED_SERVER_PORT: '1', DISTRIBUTED_HTTP_PORT: '2' });
    },
  );

  it('refuses a .env file in UTF-16', () => {
    const path = join(scratchFolder(), '.env');
    writeFileSync(path, Buffer.from('\ufeffDISTRIBUTED_SERVER_PORT=1', 'utf16le'));
    expect(() => readEnvFile(path)).toThrow('save it as UTF-8');
  });
});

afterAll(cleanUp);
