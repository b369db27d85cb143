"""alibabacloud_dysmsapi20170525, Alibaba's client for Python.

One case from each line of standard input, one outcome to each line of standard output. Its argument is how it works:
`sync`, `async`, or `v2`, which lets it sign by HMAC-SHA1.
"""

import asyncio
import json
import sys

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config

MODE = sys.argv[1]


def send(one):
    """Sends once; the outcome as the client shows it to a program."""
    client = Client(
        Config(
            access_key_id=one["accessKeyId"],
            access_key_secret=one["accessKeySecret"],
            endpoint=one["host"],
            protocol="http",
            signature_algorithm="v2" if MODE == "v2" else None,
        )
    )
    request = SendSmsRequest(
        phone_numbers=one["phoneNumbers"],
        sign_name=one["signName"],
        template_code=one["templateCode"],
        template_param=one["templateParam"],
    )
    try:
        if MODE == "async":
            response = asyncio.run(client.send_sms_async(request))
        else:
            response = client.send_sms(request)
    except Exception as error:  # a program sees whatever is raised
        return {
            "raised": True,
            "status": getattr(error, "status_code", None),
            "code": getattr(error, "code", None),
            "message": str(getattr(error, "message", error)),
        }
    body = response.body
    return {"raised": False, "status": response.status_code, "code": body.code, "message": body.message}


def outcome_of(one):
    """Sends once, or up to `attempts` times until something else than OK comes."""
    for _ in range(one["attempts"]):
        outcome = send(one)
        if outcome["code"] != "OK":
            break
    return outcome


for line in sys.stdin:
    print(json.dumps(outcome_of(json.loads(line))), flush=True)
