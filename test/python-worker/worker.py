"""A prover that knows nothing but the published schema: its stubs come from the copy beside this file.

It behaves as third-party workers do: waits for response headers, registers, acknowledges heartbeats and speaks unasked every
30 seconds, keeps one job at a time, and proves what it contributed last. Commitments and proofs are real: they are made by the
command `proofloom kernel`. Prints one JSON object per line about what it does.
"""

import argparse
import json
import os
import queue
import subprocess
import sys
import threading

import grpc
from google.protobuf.unknown_fields import UnknownFieldSet

import zisk_distributed_api_pb2 as api
import zisk_distributed_api_pb2_grpc as stubs
from values import from_words, commitment_to_elements, commitment_to_hex, to_words

HEARTBEAT_S = 30
# Proofs of 1.4 MB take 1.7 MB as values, and a message has at most 4 MiB.
PROOFS_PER_ANSWER = 2


def say(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def unknown_fields(message):
    """Numbers of fields that the published schema does not have, at whatever depth."""
    found = [field.field_number for field in UnknownFieldSet(message)]
    for descriptor, value in message.ListFields():
        if descriptor.type != descriptor.TYPE_MESSAGE:
            continue
        for part in value if descriptor.is_repeated else [value]:
            found += unknown_fields(part)
    return found


class Kernel:
    """The command that makes commitments and proofs; one process at a time, which can be stopped."""

    def __init__(self, command, program, segment_cycles, folder):
        self.command = command
        self.options = ["--segment-cycles", str(segment_cycles), "--json"]
        self.program = program
        self.folder = folder
        self.process = None

    def run(self, name, input_path, *more):
        line = [*self.command, "kernel", name, self.program, "--input", input_path, *self.options, *more]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = self.process.communicate()
        if self.process.returncode != 0:
            raise RuntimeError(f"{name} failed: {out.decode()} {err.decode()}")
        return json.loads(out)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def contribute(self, input_path):
        return self.run("contribute", input_path)["commitments"]

    def prove(self, input_path, commitments, segments):
        chosen = ",".join(map(str, segments))
        self.run("prove", input_path, "--commitments", commitments, "--segments", chosen, "--out-dir", self.folder)
        return {segment: self.read(f"segment-{segment}.proof") for segment in segments}

    def aggregate(self, input_path, commitments, proofs):
        for segment, proof in proofs.items():
            with open(self.path(f"segment-{segment}.proof"), "wb") as file:
                file.write(proof)
        self.run("aggregate", input_path, "--commitments", commitments, "--proofs", self.folder, "--out", self.path("final.plm"))
        return self.read("final.plm")

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


class Job:
    """What a worker keeps of the job it works on, from its contribution on."""

    def __init__(self, job_id, params):
        self.id = job_id
        self.input_path = params.input_path
        self.rank = params.rank_id
        self.units = set(params.prover_allocation)
        self.all_units = params.job_compute_units
        self.segments = []
        self.commitments_path = None
        self.proofs = {}

    def owns(self, segment):
        return segment % self.all_units in self.units


class Worker:
    def __init__(self, kernel, prover_id, units):
        self.kernel = kernel
        self.id = prover_id
        self.units = units
        self.outbox = queue.Queue()
        self.tasks = queue.Queue()
        self.headers = threading.Event()
        self.job = None

    # Outgoing.

    def messages(self):
        """Nothing goes out before the response headers have come."""
        self.headers.wait()
        while True:
            message = self.outbox.get()
            if message is None:
                return
            yield message

    def send(self, **payload):
        self.outbox.put(api.ProverMessage(**payload))

    def beat(self):
        self.send(heartbeat_ack=api.HeartbeatAck(prover_id=self.id))

    def beat_unasked(self):
        timer = threading.Timer(HEARTBEAT_S, self.beat_unasked)
        timer.daemon = True
        timer.start()
        self.beat()

    def register(self):
        capacity = api.ComputeCapacity(compute_units=self.units)
        self.send(register=api.ProverRegisterRequest(prover_id=self.id, compute_capacity=capacity))

    def answer(self, request, **result):
        response = api.ExecuteTaskResponse(
            job_id=request.job_id, prover_id=self.id, task_type=request.task_type, success=True, **result
        )
        say("answer", job=request.job_id, type=request.task_type, bytes=response.ByteSize())
        self.send(execute_task_response=response)

    # Incoming.

    def take(self, message):
        unknown = unknown_fields(message)
        if unknown:
            say("unknown", fields=unknown)
        kind = message.WhichOneof("payload")
        if kind == "register_response":
            accepted = message.register_response.accepted
            say("registered", accepted=accepted, message=message.register_response.message)
            if not accepted:
                sys.exit(2)
            self.beat_unasked()
        elif kind == "heartbeat":
            self.beat()
        elif kind == "execute_task":
            self.tasks.put(message.execute_task)
        elif kind == "job_cancelled":
            say("cancelled", job=message.job_cancelled.job_id)
            self.kernel.stop()
        elif kind == "shutdown":
            say("shutdown", reason=message.shutdown.reason)
        else:
            say("unexpected", kind=kind)

    def work(self):
        while True:
            request = self.tasks.get()
            say("task", job=request.job_id, type=request.task_type)
            try:
                self.do(request)
            except Exception as error:  # whatever it is, the coordinator learns that there is no result
                say("failed", reason=str(error))
                response = api.ExecuteTaskResponse(
                    job_id=request.job_id, prover_id=self.id, task_type=request.task_type, error_message=str(error)
                )
                self.send(execute_task_response=response)

    def do(self, request):
        if request.task_type == api.PARTIAL_CONTRIBUTION:
            return self.contribute(request)
        if self.job is None or self.job.id != request.job_id:
            raise RuntimeError(f"not the job that is worked on: {request.job_id}")
        return self.prove(request) if request.task_type == api.PROVE else self.aggregate(request)

    def contribute(self, request):
        self.job = job = Job(request.job_id, request.contribution_params)
        commitments = [commitment for commitment in self.kernel.contribute(job.input_path) if job.owns(commitment["segment"])]
        job.segments = [commitment["segment"] for commitment in commitments]
        say("partition", job=job.id, rank=job.rank, segments=job.segments)
        challenges = [
            api.Challenges(
                worker_index=job.rank, airgroup_id=commitment["segment"], challenge=commitment_to_elements(commitment["commitment"])
            )
            for commitment in commitments
        ]
        self.answer(request, challenges=api.ChallengesList(challenges=challenges))

    def prove(self, request):
        job = self.job
        in_order = sorted(request.prove_params.challenges, key=lambda entry: entry.airgroup_id)
        job.commitments_path = self.kernel.path("commitments.json")
        with open(job.commitments_path, "w", encoding="ascii") as file:
            json.dump([commitment_to_hex(entry.challenge) for entry in in_order], file)
        for first in range(0, len(job.segments), PROOFS_PER_ANSWER):
            segments = job.segments[first : first + PROOFS_PER_ANSWER]
            made = self.kernel.prove(job.input_path, job.commitments_path, segments)
            proofs = [
                api.Proof(worker_idx=job.rank, airgroup_id=segment, values=to_words(proof))
                for segment, proof in made.items()
            ]
            self.answer(request, proofs=api.ProofList(proofs=proofs))

    def aggregate(self, request):
        job, params = self.job, request.agg_params
        for proof in params.agg_proofs.proofs:
            job.proofs[proof.airgroup_id] = from_words(proof.values)
        if not params.final_proof:
            return self.answer(request)
        final = self.kernel.aggregate(job.input_path, job.commitments_path, job.proofs)
        final_proofs = [api.FinalProof(values=to_words(final))]
        return self.answer(request, final_proof=api.FinalProofList(final_proofs=final_proofs))

    def serve(self, stub, method):
        threading.Thread(target=self.work, daemon=True).start()
        call = getattr(stub, method)(self.messages())
        call.initial_metadata()
        say("headers")
        self.headers.set()
        self.register()
        try:
            for message in call:
                self.take(message)
            say("ended")
        except grpc.RpcError as error:
            say("ended", code=str(error.code()), details=error.details())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--id", required=True)
    parser.add_argument("--units", type=int, default=1)
    parser.add_argument("--method", choices=["ProverStream", "WorkerStream"], default="ProverStream")
    parser.add_argument("--program", required=True)
    parser.add_argument("--segment-cycles", type=int, required=True)
    parser.add_argument("--folder", required=True, help="where proofs go while they are made")
    parser.add_argument("--proofloom", required=True, help="the command, as a JSON list")
    args = parser.parse_args()
    kernel = Kernel(json.loads(args.proofloom), args.program, args.segment_cycles, args.folder)
    with grpc.insecure_channel(args.address) as channel:
        Worker(kernel, args.id, args.units).serve(stubs.ZiskDistributedApiStub(channel), args.method)


main()
