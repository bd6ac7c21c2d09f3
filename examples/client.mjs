import { readFile, writeFile } from 'node:fs/promises';
import { ProofloomClient } from '@proofloom/client';

const client = new ProofloomClient(process.env.DISTRIBUTED_SERVER_URL ?? 'http://127.0.0.1:8080');
const program = await readFile('guests/elf/fibonacci.elf');
const input = await readFile('guests/inputs/fibonacci-1000.bin');

const job = await client.prove({ program, input }, ({ message }) => message && console.log(message));
if (job.state !== 'completed') throw new Error(job.failure?.message ?? job.state);

console.log('public output:', Buffer.from(job.outcome.output).toString('hex'));
await writeFile('fibonacci.plm', await client.downloadProof(job));
client.close();
