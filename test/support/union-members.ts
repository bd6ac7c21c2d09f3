import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './program.js';

/** The strings of a type that is a union of string literals, in the order of its declaration. */
export function unionMembers(file: string, type: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest);
  const declared = source.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === type);
  if (!declared || !ts.isTypeAliasDeclaration(declared)) throw new Error(`${file} declares no type ${type}`);
  const members = ts.isUnionTypeNode(declared.type) ? [...declared.type.types] : [declared.type];
  return members.map((member) => {
    if (ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)) return member.literal.text;
    throw new Error(`${type} in ${file} is not a union of string literals`);
  });
}
