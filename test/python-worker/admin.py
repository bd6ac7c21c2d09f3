"""The administrative calls by a client that knows only the published schema: `admin.py ADDRESS CALL [JSON]`."""

import json
import sys

import grpc
from google.protobuf import json_format

import zisk_distributed_api_pb2 as api
import zisk_distributed_api_pb2_grpc as stubs


def main():
    address, call, *rest = sys.argv[1:]
    requests = {"WorkersList": "ProversListRequest"}
    request = getattr(api, requests.get(call, f"{call}Request"))()
    json_format.Parse(rest[0] if rest else "{}", request)
    with grpc.insecure_channel(address) as channel:
        response = getattr(stubs.ZiskDistributedApiStub(channel), call)(request, timeout=60)
    print(json.dumps(json_format.MessageToDict(response, preserving_proto_field_name=True)))


main()
