// The published steps for Go: its protoc lines make code from our schemas that builds and talks to a coordinator.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../support/api-document.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, ROOT, scratchFolder } from '../support/program.js';

/** As published, word for word. */
const PUBLISHED = `
# From your project root
mkdir -p internal/proto/coordinator

protoc --go_out=. --go_opt=paths=source_relative \\
    --go-grpc_out=. --go-grpc_opt=paths=source_relative \\
    internal/proto/coordinator/coordinator.proto
`;

const ALL = `
protoc -I proto --go_out=. --go_opt=module=proofloom --go-grpc_out=. --go-grpc_opt=module=proofloom \\
    $(find proto -name '*.proto' ! -path 'proto/grpc/*')
`;

const MAIN = `package main

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	published "proofloom/internal/proto/coordinator"
)

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	client := published.NewCoordinatorServiceClient(connection)
	request := &published.RegisterWorkerRequest{WorkerId: "go-worker", ComputeUnits: 1}
	answer, err := client.RegisterWorker(context.Background(), request)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.GetWorkerId())
}
`;

let project: string;

async function inProject(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(`cd "$PROJECT" && ${command}`, { PROJECT: project });
  if (exitCode !== 0) throw new Error(`${command} ended with exit code ${exitCode}: ${stderr}`);
  return stdout;
}

beforeAll(() => {
  project = scratchFolder();
  mkdirSync(join(project, 'internal/proto'), { recursive: true });
  cpSync(join(ROOT, 'proto/coordinator'), join(project, 'internal/proto/coordinator'), { recursive: true });
  cpSync(join(ROOT, 'proto'), join(project, 'proto'), { recursive: true });
});

afterAll(cleanUp);

describe('Go', () => {
  it('stubs come from the published protoc lines', async () => {
    await inProject(`true\n${PUBLISHED}`);
    const made = ['coordinator.pb.go', 'coordinator_grpc.pb.go'];
    expect(made.filter((name) => existsSync(join(project, 'internal/proto/coordinator', name)))).toEqual(made);
  });

  it('stubs of all our schemas build', async () => {
    await inProject(ALL.trim());
    mkdirSync(join(project, 'worker'));
    writeFileSync(join(project, 'worker/main.go'), MAIN);
    await inProject('go mod init proofloom && go mod tidy && go build ./...');
    expect(existsSync(join(project, 'gen/zisk/distributed/api/v1/zisk_distributed_api_grpc.pb.go'))).toBe(true);
  });

  it('registers a worker with a coordinator', async () => {
    const network = await TestNetwork.start(0);
    await expect(inProject(`go run ./worker ${network.address}`)).resolves.toBe('go-worker\n');
    await network.stop();
  });
});
