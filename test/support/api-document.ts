// docs/api.md as a list of steps: commands with the answers that the document promises.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './program.js';
import { jsonObjects, type Json } from './json.js';

/** A grpcurl command of the document and the block that follows it. */
export interface CallStep {
  readonly kind: 'call';
  /** Service and method, or `list`. */
  readonly name: string;
  readonly command: string;
  readonly promised: string;
}

/** Variables that later commands use; a value that stood in the last answer is taken from the real one. */
export interface ExportStep {
  readonly kind: 'export';
  /** The variables' names. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

export type Step = CallStep | ExportStep;

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const BLOCK = /^```(sh|json|text)\n([\s\S]*?)^```$/gm;

/** The steps in their order. Blocks that start programs are the test's own business. */
export function stepsOf(document: string): Step[] {
  const blocks = [...document.matchAll(BLOCK)].map(([, kind = '', body = '']) => ({ kind, body }));
  return blocks.flatMap(({ kind, body }, index): Step[] => {
    if (kind !== 'sh') return [];
    if (body.startsWith('grpcurl ')) return [callStep(body, blocks[index + 1]?.body)];
    return body.includes('\nnpx ') ? [] : [exportStep(body)];
  });
}

function callStep(command: string, promised: string | undefined): CallStep {
  if (promised === undefined) throw new Error(`no answer follows ${command}`);
  const name = shortName(command.trim().split(/\s/).at(-1) ?? '');
  return { kind: 'call', name, command: command.trim(), promised };
}

function exportStep(body: string): ExportStep {
  const pairs = [...body.matchAll(/(?:export| )\s*([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
  if (pairs.length === 0) throw new Error(`neither a call nor variables: ${body}`);
  const name = pairs.map(([variable]) => variable).join(', ');
  return { kind: 'export', name, variables: Object.fromEntries(pairs) as Record<string, string> };
}

/** `Service/Method` of a path or symbol with packages; versions of reflection keep theirs. */
export function shortName(path: string): string {
  return path.replace(/^\/?(.*\.)?(?=(v1\w*\.ServerReflection|[^.]+)\/)/, '');
}

/** Runs a command of the document as a shell does. */
export async function runCommand(command: string, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const options = { cwd: ROOT, env: { ...process.env, ...environment } };
  try {
    return { exitCode: 0, ...(await promisify(execFile)('bash', ['-c', command], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

/** Where in the promised answer each value stands, and what the real answer has there. */
export function valuesFrom(step: ExportStep, promised: string, real: string): Record<string, string> {
  const [shown, got] = [jsonObjects(promised)[0], jsonObjects(real)[0]];
  return Object.fromEntries(
    Object.entries(step.variables).map(([name, value]) => {
      const path = pathOf(shown, value);
      if (!path) throw new Error(`the answer before does not have ${name}=${value}`);
      return [name, JSON.stringify(valueAt(got, path)).replaceAll('"', '')];
    }),
  );
}

function valueAt(json: Json | undefined, path: readonly string[]): Json {
  const value = path.reduce<Json | undefined>((at, key) => (at as Record<string, Json>)[key], json);
  if (value === undefined) throw new Error(`the real answer has nothing at ${path.join('.')}`);
  return value;
}

function pathOf(json: Json | undefined, value: string): string[] | undefined {
  if (json === value) return [];
  if (typeof json !== 'object' || json === null) return undefined;
  for (const [key, inner] of Object.entries(json)) {
    const path = pathOf(inner, value);
    if (path) return [key, ...path];
  }
  return undefined;
}
