import { CountingRandom, ManualTime } from '../../../test/support/manual-time.js';
import { cleanUp, scratchFolder } from '../../../test/support/program.js';
import { SystemRandom } from '../../lifecycle/random.js';
import { loadSettings } from '../../config/settings.loader.js';
import type { Settings } from '../../config/settings.js';
import type { Role } from '../../domain/access/role.js';
import type { ProverId } from '../../domain/ids.js';
import { MemoryAccessStore } from '../store/memory/memory-access-store.js';
import { AccessControl, type Judged } from './access-control.js';
import { KeyRing } from './key-ring.js';
import { OperatorKeyFile } from './operator-key-file.js';
import { readSecretFile } from '../../config/secret-file.js';

const HOME = '127.0.0.1';
const ABROAD = '192.0.2.7';
const HOUR_MS = 3_600_000;

afterAll(cleanUp);

function settingsOf(environment: Readonly<Record<string, string>> = {}): Settings {
  return loadSettings({ environment: { DISTRIBUTED_DATA_DIR: scratchFolder(), ...environment } }).settings;
}

class AccessKit {
  readonly time = new ManualTime();
  readonly store = new MemoryAccessStore();
  readonly keys = new KeyRing(this.store, this.time.clock, new CountingRandom());
  readonly operatorKey: OperatorKeyFile;
  readonly control: AccessControl;

  constructor(settings = settingsOf()) {
    this.operatorKey = new OperatorKeyFile(settings, new SystemRandom());
    this.operatorKey.onModuleInit();
    this.control = new AccessControl(this.keys, this.operatorKey, settings);
  }

  async keyOf(role: Role, validForMs: number | null = null): Promise<string> {
    const prover = role === 'prove' ? ('anna' as ProverId) : null;
    return (await this.keys.create({ role, label: '', prover, validForMs })).secret;
  }

  /** Who the caller is, or why it is refused. */
  ask(permission: readonly Role[] | 'public', authorization?: string, address = ABROAD): string {
    return outcomeOf(this.control.judge(permission, { authorization, address }));
  }
}

function outcomeOf(judged: Judged): string {
  return 'refusal' in judged ? `${judged.refusal.kind}: ${judged.refusal.message}` : judged.caller.name;
}

describe('access without any key', () => {
  it.each([HOME, '127.8.8.8', '::1', '::ffff:127.0.0.1'])('is open to the own machine (%s)', (address) => {
    expect(new AccessKit().ask(['operate'], undefined, address)).toBe('anyone');
  });

  it.each([ABROAD, '::ffff:192.0.2.7', '2001:db8::1', '1127.0.0.1', ''])(
    'is closed to others (%s), and says what to do',
    (address) => {
      expect(new AccessKit().ask(['read'], undefined, address)).toMatch(/^unauthenticated: .*proofloom keys create/);
    },
  );

  it('is open to everybody where that is set by hand', () => {
    const kit = new AccessKit(settingsOf({ DISTRIBUTED_AUTH: 'none' }));
    expect(kit.ask(['operate'])).toBe('anyone');
    expect(kit.ask(['operate'], 'Bearer whatever')).toBe('anyone');
  });

  it('is open to nobody for what the table does not name', () => {
    expect(new AccessKit().ask([], undefined, HOME)).toMatch(/^forbidden: this call is for nobody/);
  });
});

describe('access with keys', () => {
  it('is closed to the own machine too, once a key was made', async () => {
    const kit = new AccessKit();
    await kit.keyOf('read');
    expect(kit.ask(['read'], undefined, HOME)).toMatch(/^unauthenticated: this call needs a key/);
    expect(kit.ask('public', undefined, ABROAD)).toBe('anyone');
  });

  it('is for the roles that the table names, whatever the scheme is spelt like', async () => {
    const kit = new AccessKit();
    const secret = await kit.keyOf('read');
    expect(kit.ask(['read', 'operate'], `Bearer ${secret}`)).toMatch(/^key-/);
    expect(kit.ask(['read'], `bearer  ${secret}`)).toMatch(/^key-/);
    expect(kit.ask(['submit', 'operate'], `Bearer ${secret}`)).toBe(
      'forbidden: this call is for the role submit or operate, and this key has the role read',
    );
  });

  it('refuses wrong, revoked and expired keys in the same words', async () => {
    const kit = new AccessKit();
    const [revoked, expired] = [await kit.keyOf('read'), await kit.keyOf('read', HOUR_MS)];
    const [first] = kit.keys.all();
    expect(kit.ask(['read'], `Bearer ${expired}`)).toMatch(/^key-/);
    await kit.keys.revoke(first?.id ?? '');
    kit.time.advance(HOUR_MS);
    const shown = [
      `Bearer ${revoked}`,
      `Bearer ${expired}`,
      'Bearer nonsense',
      'Basic YTpi',
      '',
      `Bearer ${revoked} x`,
    ];
    const answers = new Set(shown.map((authorization) => kit.ask(['read'], authorization, HOME)));
    expect([...answers]).toEqual(['unauthenticated: the key is not valid: use another one, or ask an operator for it']);
  });

  it('is not opened again by the end of the only key', async () => {
    const kit = new AccessKit();
    await kit.keyOf('operate', HOUR_MS);
    kit.time.advance(2 * HOUR_MS);
    expect(kit.ask(['operate'], undefined, HOME)).toMatch(/^unauthenticated/);
  });

  it('is known again after a start, and nothing that is kept opens anything', async () => {
    const kit = new AccessKit();
    const secret = await kit.keyOf('submit');
    const [kept] = await kit.store.keys();
    expect(JSON.stringify(kept)).not.toContain(secret.replace(/^.*_/, ''));
    const again = new KeyRing(kit.store, kit.time.clock, new CountingRandom());
    await again.onModuleInit();
    expect(again.find(secret)).toEqual(kept);
    expect(again.find(kept?.digest ?? '')).toBeUndefined();
  });

  it.each([
    ['prove', null],
    ['submit', 'anna'],
  ] as const)('has no key %s for the prover %s', async (role, prover) => {
    const wish = { role, label: '', prover: prover as ProverId | null, validForMs: null };
    await expect(new AccessKit().keys.create(wish)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('the key in the data directory', () => {
  it('is an operator key that only the owner of the directory reads, until the coordinator stops', async () => {
    const kit = new AccessKit();
    await kit.keyOf('submit');
    const secret = readSecretFile(kit.operatorKey.path, '--key-file');
    expect(kit.ask(['operate'], `Bearer ${secret}`)).toBe('operator-key');
    kit.operatorKey.onApplicationShutdown();
    expect(() => readSecretFile(kit.operatorKey.path, '--key-file')).toThrow('ENOENT');
  });
});
