import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, type DescriptorProto, type FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** One file of the schema: its name, the files it needs, and its descriptor's bytes, untouched. */
interface SchemaFile {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly bytes: Uint8Array;
}

/** The field of a FileDescriptorSet that holds its files. */
const FILE_FIELD = 1;

/** The schema of a descriptor set, by file name and by the full names of what its files declare. */
export class FileDescriptors {
  readonly services: readonly string[];
  private readonly files: ReadonlyMap<string, SchemaFile>;
  private readonly fileOfSymbol: ReadonlyMap<string, SchemaFile>;

  /** @param set a serialized FileDescriptorSet with all imports */
  constructor(set: Uint8Array) {
    const parsed = splitFiles(set).map((bytes) => ({ bytes, proto: fromBinary(FileDescriptorProtoSchema, bytes) }));
    const files = parsed.map(({ bytes, proto }) => ({
      symbols: symbolsOf(proto),
      file: { name: proto.name, dependencies: proto.dependency, bytes },
    }));
    this.files = new Map(files.map(({ file }) => [file.name, file]));
    this.fileOfSymbol = new Map(files.flatMap(({ file, symbols }) => symbols.map((symbol) => [symbol, file])));
    this.services = parsed.flatMap(({ proto }) => proto.service.map(({ name }) => `${proto.package}.${name}`));
  }

  /** The named file and everything it imports, each once, or undefined where there is no such file. */
  byName(name: string): Uint8Array[] | undefined {
    const file = this.files.get(name);
    return file && this.closure(file);
  }

  /** The file that declares a service, method, message, field, enum or value, with everything it imports. */
  bySymbol(symbol: string): Uint8Array[] | undefined {
    const file = this.fileOfSymbol.get(symbol);
    return file && this.closure(file);
  }

  private closure(root: SchemaFile): Uint8Array[] {
    const reached = new Map([[root.name, root]]);
    for (const { dependencies } of reached.values()) {
      for (const name of dependencies) {
        const file = this.files.get(name);
        if (file) reached.set(name, file);
      }
    }
    return [...reached.values()].map(({ bytes }) => bytes);
  }
}

function splitFiles(set: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(set);
  const files: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === FILE_FIELD) files.push(reader.bytes());
    else reader.skip(wireType);
  }
  return files;
}

function symbolsOf({ package: scope, ...file }: FileDescriptorProto): string[] {
  return [
    ...file.service.flatMap((s) => [s.name, ...s.method.map(({ name }) => `${s.name}.${name}`)]),
    ...file.messageType.flatMap((message) => messageSymbols(message)),
    ...file.enumType.flatMap((e) => [e.name, ...e.value.map(({ name }) => name)]),
  ].map((name) => (scope ? `${scope}.${name}` : name));
}

function messageSymbols(message: DescriptorProto): string[] {
  const inner = [
    ...message.field.map(({ name }) => name),
    ...message.oneofDecl.map(({ name }) => name),
    ...message.enumType.flatMap((e) => [e.name, ...e.value.map(({ name }) => name)]),
    ...message.nestedType.flatMap((nested) => messageSymbols(nested)),
  ];
  return [message.name, ...inner.map((name) => `${message.name}.${name}`)];
}
