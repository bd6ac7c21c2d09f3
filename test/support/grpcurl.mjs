// Enough of grpcurl to run the lines of the documents where grpcurl itself is not installed: it asks the server for
// its schema by reflection, like the original, and knows nothing else of the interfaces.
//   node grpcurl.mjs -plaintext [-H 'NAME: VALUE'] [-d JSON] [-max-time SECONDS] HOST:PORT list|SERVICE/METHOD
// GRPCURL_ADDRESS is called in place of the documented addresses.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { create, createFileRegistry, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { ServerReflectionClient } from '../../dist/wire/generated/grpc/reflection/v1/reflection.js';

const DOCUMENTED = ['127.0.0.1:8080', '127.0.0.1:50051'];
/** grpcurl adds this to the code of a failed call. */
const FAILED_CALL = 64;

const print = (line) => process.stdout.write(`${line}\n`);

/** The JSON objects of a text that has several one after the other. */
export function jsonObjects(text) {
  const objects = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString && char === '\\') at++;
    else if (char === '"') inString = !inString;
    else if (!inString && char === '{' && depth++ === 0) start = at;
    else if (!inString && char === '}' && --depth === 0) objects.push(JSON.parse(text.slice(start, at + 1)));
  }
  if (depth !== 0 || inString) throw new Error(`not a sequence of JSON objects: ${text}`);
  return objects;
}

async function reflect(address, messageRequest) {
  const client = new ServerReflectionClient(address, credentials.createInsecure());
  const call = client.serverReflectionInfo();
  call.end({ host: '', messageRequest });
  const [{ messageResponse }] = await once(call, 'data');
  client.close();
  if (messageResponse.$case === 'errorResponse') throw new Error(messageResponse.value.errorMessage);
  return messageResponse.value;
}

async function listServices(address) {
  const { service } = await reflect(address, { $case: 'listServices', value: '' });
  return service.map(({ name }) => name).toSorted();
}

async function findMethod(address, symbol) {
  const [serviceName, methodName] = symbol.split('/');
  const { fileDescriptorProto } = await reflect(address, { $case: 'fileContainingSymbol', value: serviceName });
  const file = fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)).toReversed();
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const method = registry.getService(serviceName)?.methods.find(({ name }) => name === methodName);
  if (!method) throw new Error(`service "${serviceName}" does not include a method named "${methodName}"`);
  return { method, registry };
}

/** Sends all messages, prints each answer as it comes, and returns the exit code. */
async function invoke(address, symbol, messages, { headers, seconds }) {
  const { method, registry } = await findMethod(address, symbol);
  const client = new Client(address, credentials.createInsecure());
  const call = client.makeBidiStreamRequest(
    `/${symbol}`,
    (json) => Buffer.from(toBinary(method.input, fromJson(method.input, json, { registry }))),
    (bytes) => fromBinary(method.output, bytes),
    metadataOf(headers),
    ...(seconds ? [{ deadline: Date.now() + Number(seconds) * 1000 }] : []),
  );
  for (const json of messages) call.write(json);
  call.end();
  try {
    for await (const answer of call) print(JSON.stringify(toJson(method.output, answer, { registry }), null, 2));
    return 0;
  } catch (error) {
    process.stderr.write(`ERROR:\n  Code: ${codeName(error.code)}\n  Message: ${error.details}\n`);
    return FAILED_CALL + error.code;
  } finally {
    client.close();
  }
}

function metadataOf(headers) {
  const metadata = new Metadata();
  for (const header of headers) {
    const [, name, value] = /^([^:]+): *(.*)$/.exec(header);
    metadata.set(name, value);
  }
  return metadata;
}

/** `NOT_FOUND` as `NotFound`. */
function codeName(code) {
  return status[code].replaceAll(/([A-Z])([A-Z]*)_?/g, (_, first, rest) => first + rest.toLowerCase());
}

async function main() {
  // grpcurl's long options have one dash.
  const args = process.argv.slice(2).map((arg) => arg.replace(/^-(?=plaintext$|max-time$)/, '--'));
  const options = {
    plaintext: { type: 'boolean' },
    data: { type: 'string', short: 'd' },
    'max-time': { type: 'string' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
  };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [asked, symbol] = positionals;
  if (!DOCUMENTED.includes(asked)) throw new Error(`${asked} is none of ${DOCUMENTED.join(', ')}`);
  const address = process.env.GRPCURL_ADDRESS ?? asked;
  if (symbol === 'list') {
    for (const name of await listServices(address)) print(name);
    return;
  }
  const call = { headers: values.header, seconds: values['max-time'] };
  process.exitCode = await invoke(address, symbol, jsonObjects(values.data ?? '{}'), call);
}

await main();
