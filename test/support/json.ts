export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The JSON objects of a text that has several one after the other, as grpcurl prints them. */
export function jsonObjects(text: string): Json[] {
  return text
    .trim()
    .split(/(?<=^\}|^\{\})\n(?=\{)/m)
    .filter((part) => part !== '')
    .map((part) => JSON.parse(part) as Json);
}

/** Values of these fields are words of the interface: they are compared, not only their type. */
const WORDS = new Set(['code', 'state', 'phase', 'status', 'verdict', 'accepted', 'success', 'exists', 'simulated']);

/**
 * A value with its data taken away: what is left of two answers to the same call is equal. Elements of lists are
 * merged, since protobuf leaves out fields that are zero.
 */
export function formOf(json: Json, field = ''): unknown {
  if (Array.isArray(json)) return [json.map((element: Json) => formOf(element, field)).reduce(merge, {})];
  if (typeof json !== 'object' || json === null) return WORDS.has(field) ? json : typeof json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, formOf(value, key)]));
}

function merge(one: unknown, other: unknown): unknown {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return other;
  return { ...one, ...other };
}
