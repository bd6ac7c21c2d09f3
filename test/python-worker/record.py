"""Writes each kind of message of the stream, as the stubs of the published schema encode it, as hex files."""

import os
import sys

from google.protobuf.timestamp_pb2 import Timestamp

import zisk_distributed_api_pb2 as api
from values import to_words

JOB = "job-7"
CAPACITY = api.ComputeCapacity(compute_units=2)
MOMENT = Timestamp(seconds=1790000000, nanos=5000000)
COMMITMENT = api.Challenges(worker_index=1, airgroup_id=3, challenge=[1, 300, 70000, 2130706432, 0, 5, 6, 7])
PROOF = api.Proof(worker_idx=1, airgroup_id=3, values=to_words(b"a proof of 19 bytes"))


def task(kind, **params):
    return api.CoordinatorMessage(
        execute_task=api.ExecuteTaskRequest(prover_id="p1", job_id=JOB, task_type=kind, **params)
    )


def done(kind, **result):
    response = api.ExecuteTaskResponse(job_id=JOB, prover_id="p1", task_type=kind, success=True, **result)
    return api.ProverMessage(execute_task_response=response)


MESSAGES = {
    "coordinator-heartbeat": api.CoordinatorMessage(heartbeat=api.Heartbeat(timestamp=MOMENT)),
    "coordinator-shutdown": api.CoordinatorMessage(shutdown=api.Shutdown(reason="stop", grace_period_seconds=30)),
    "coordinator-register-response": api.CoordinatorMessage(
        register_response=api.ProverRegisterResponse(
            prover_id="p1", accepted=True, message="welcome", registered_at=MOMENT
        )
    ),
    "coordinator-execute-contribution": task(
        api.PARTIAL_CONTRIBUTION,
        contribution_params=api.ContributionParams(
            block_id="b", input_path="/in/x", rank_id=1, total_provers=2, prover_allocation=[1, 3], job_compute_units=4
        ),
    ),
    "coordinator-execute-prove": task(api.PROVE, prove_params=api.ProveParams(challenges=[COMMITMENT])),
    "coordinator-execute-aggregate": task(
        api.AGGREGATE,
        agg_params=api.AggParams(
            agg_proofs=api.ProofList(proofs=[PROOF]), last_proof=True, final_proof=True, aggregation=True
        ),
    ),
    "coordinator-job-cancelled": api.CoordinatorMessage(job_cancelled=api.JobCancelled(job_id=JOB, reason="enough")),
    "prover-heartbeat-ack": api.ProverMessage(heartbeat_ack=api.HeartbeatAck(prover_id="p1")),
    "prover-error": api.ProverMessage(error=api.ProverError(prover_id="p1", job_id=JOB, error_message="no memory")),
    "prover-register": api.ProverMessage(
        register=api.ProverRegisterRequest(prover_id="p1", compute_capacity=CAPACITY)
    ),
    "prover-reconnect": api.ProverMessage(
        reconnect=api.ProverReconnectRequest(prover_id="p1", compute_capacity=CAPACITY, last_known_job_id=JOB)
    ),
    "prover-challenges": done(api.PARTIAL_CONTRIBUTION, challenges=api.ChallengesList(challenges=[COMMITMENT])),
    "prover-proofs": done(api.PROVE, proofs=api.ProofList(proofs=[PROOF])),
    "prover-final-proof": done(
        api.AGGREGATE,
        final_proof=api.FinalProofList(final_proofs=[api.FinalProof(values=to_words(b"the final proof"))]),
    ),
    "prover-failure": api.ProverMessage(
        execute_task_response=api.ExecuteTaskResponse(
            job_id=JOB, prover_id="p1", task_type=api.PROVE, error_message="out of memory"
        )
    ),
}

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for name, message in MESSAGES.items():
    with open(os.path.join(folder, f"{name}.hex"), "w", encoding="ascii") as file:
        file.write(message.SerializeToString(deterministic=True).hex() + "\n")
