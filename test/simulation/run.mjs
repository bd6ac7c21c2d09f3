// Builds the simulation into node_modules/.cache and runs it: `npm run simulate -- --schedules N --seed S`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'node_modules', '.cache', 'simulation');
const swc = join(root, 'node_modules', '.bin', 'swc');

const args = ['src/domain', 'src/lifecycle', 'src/coordinator/jobs', 'src/coordinator/scheduler'];
const stores = ['src/coordinator/store', 'test/simulation'];
const options = ['-d', out, '--config-file', '.swcrc', '--ignore', '**/*.spec.ts', '--quiet'];
const built = spawnSync(swc, [...args, ...stores, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
if (built.status !== 0) process.exit(built.status ?? 1);

const main = join(out, 'test', 'simulation', 'main.js');
const ran = spawnSync(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(ran.status ?? 1);
