"""Calls a service, such as apigateway, for each line of standard input, and writes the answer as a line of JSON.

A line is [method, arguments] of a client, or ["paginate", operation, arguments] of a paginator, or ["waiters"].
"""

import datetime
import json
import sys

import boto3
import botocore.exceptions

client = boto3.client(sys.argv[2], endpoint_url=sys.argv[1])


def call(method, *arguments):
    if method == "waiters":
        return client.waiter_names
    if method == "paginate":
        operation, keywords = arguments
        return list(client.get_paginator(operation).paginate(**keywords))
    return getattr(client, method)(**arguments[0])


def simple(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(value)


for line in sys.stdin:
    try:
        answer = {"answer": call(*json.loads(line))}
    except botocore.exceptions.ClientError as error:
        answer = {
            "error": type(error).__name__,
            "message": str(error),
            "response": error.response,
        }
    print(json.dumps(answer, default=simple), flush=True)
