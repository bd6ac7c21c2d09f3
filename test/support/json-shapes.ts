/** A shape as docs/command-line.md writes it: a type's name or alternatives, a list of one element, or an object. */
export type Shape = string | readonly [Shape] | { readonly [key: string]: Shape };

const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isSafeInteger(value),
  null: (value) => value === null,
};

/** The shapes of a page by their headings: the first block of JSON below each. */
export function shapesOf(page: string): ReadonlyMap<string, Shape> {
  const blocks = page.matchAll(/^### (.+)\n+(?:[^#`\n].*\n+|`[^`].*\n+)*```json\n([\s\S]*?)^```$/gm);
  return new Map([...blocks].map(([, heading = '', body = '']) => [heading, JSON.parse(body) as Shape]));
}

/** Where a value is not of a shape, one line each; fields that the shape does not have count as well. */
export function mismatches(value: unknown, shape: Shape, shapes: ReadonlyMap<string, Shape>, at = ''): string[] {
  if (typeof shape === 'string') return mismatchesOfName(value, shape, shapes, at);
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${at}: no list`];
    return value.flatMap((item, index) => mismatches(item, shape[0], shapes, `${at}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`];
  const fields = value as Readonly<Record<string, unknown>>;
  const missing = Object.keys(shape).filter((key) => key !== '*' && !key.endsWith('?') && !(key in fields));
  const found = Object.entries(fields).flatMap(([key, item]) => {
    const inner = shape[key] ?? shape[`${key}?`] ?? shape['*'];
    return inner === undefined ? [`${at}.${key}: not documented`] : mismatches(item, inner, shapes, `${at}.${key}`);
  });
  return [...missing.map((key) => `${at}.${key}: missing`), ...found];
}

function mismatchesOfName(value: unknown, name: string, shapes: ReadonlyMap<string, Shape>, at: string): string[] {
  const tried = name.split(' | ').map((one) => {
    const test = PRIMITIVES[one];
    if (test) return test(value) ? [] : [`${at}: ${JSON.stringify(value)} is no ${one}`];
    const shape = shapes.get(one);
    if (shape === undefined) throw new Error(`no shape is called ${one}`);
    return mismatches(value, shape, shapes, at);
  });
  return tried.find((problems) => problems.length === 0) ?? tried[0] ?? [];
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
