#!/usr/bin/env node
import { launch } from './launch.js';

/** Applications of their own, each in a folder of its name. */
const SERVERS = ['coordinator', 'prover'];

const [, , name] = process.argv;
if (SERVERS.includes(name)) {
  process.argv.splice(2, 1);
  await launch(`dist/${name}/main.js`);
} else {
  await launch('dist/cli/main.js');
}
