#!/usr/bin/python3
"""Makes tests/fixtures/sigv4_vectors.json with botocore as the oracle.

With --check the committed file is derived again instead, and any difference fails.
"""
import hashlib
import hmac
import json
import pathlib
import random
import sys

SKIPPED = 77
FIXTURE = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "sigv4_vectors.json"

try:
    import botocore
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("SKIPPED: this Python has no botocore")
    sys.exit(SKIPPED)

# One region of each partition at least; the keys are those of the AWS documentation, or say what they are.
HOSTS = [
    ("us-east-1", "amazonaws.com"), ("eu-central-1", "amazonaws.com"), ("mx-central-1", "amazonaws.com"),
    ("cn-north-1", "amazonaws.com.cn"), ("us-gov-west-1", "amazonaws.com"), ("eusc-de-east-1", "amazonaws.eu"),
    ("us-iso-east-1", "c2s.ic.gov"), ("us-isob-east-1", "sc2s.sgov.gov"), ("eu-isoe-west-1", "cloud.adc-e.uk"),
    ("us-isof-south-1", "csp.hci.ic.gov"),
]
DOCUMENTED = [
    ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
]
URLS = [
    "http://127.0.0.1:5000/", "http://127.0.0.1:80/", "https://localhost:443/", "https://localhost:80/",
    "http://[::1]:4566/", "https://[::1]/", "https://[2001:DB8::A]:8443/", "https://[::ffff:10.0.0.1]:443/",
    "https://Proxy.Example.COM/", "https://proxy.example.com", "https://under_score.example.com:65535/",
    "https://proxy.example.com/aws/logs", "https://proxy.example.com/aws/logs/", "https://proxy.example.com//aws//logs//",
    "https://proxy.example.com/a%20b/", "https://proxy.example.com/%e1%88%b4/%E1%88%B4",
    "https://proxy.example.com/a/./b/../c", "https://proxy.example.com/a/b/..", "https://proxy.example.com/../..",
    "https://proxy.example.com/..a/b../...", "https://proxy.example.com/-._~!$&'()*+,;=:@",
    "https://proxy.example.com/100%25/%2F/%2e%2e/x", "https://proxy.example.com/\u1234/\u00e9\U0001f600",
    "https://proxy.example.com/?b=2&a=1&a=0&a-b=3", "https://proxy.example.com/p?empty&also=&%41=%7E",
]
FILTER_PATTERNS = ['{ $.eventName = "ConsoleLogin" }', "\u03b4\u043e\u4e2d\U0001f600", "a\\b\"c", "%^\\x2A%", ""]


def case(name, url, region, service, random_source):
    index = random_source.randrange(1_000_000)
    if random_source.random() < 0.3:
        access, secret = random_source.choice(DOCUMENTED)
    else:
        access = f"EXAMPLEKEYID{index:06}"
        secret = "not-a-secret-" + "".join(random_source.choices("abcdefgh/+", k=random_source.choice([3, 27, 51, 52, 90])))
    token = None
    if random_source.random() < 0.5:
        token = "EXAMPLETOKEN" + "".join(random_source.choices("abcdefgh/+=", k=random_source.choice([8, 200, 1500])))
    if service == "logs":
        headers = [["Content-Type", "application/x-amz-json-1.1"], ["X-Amz-Target", "Logs_20140328.FilterLogEvents"]]
        body = json.dumps({
            "logGroupName": f"CloudTrail/logs-{index}", "startTime": 1769900000000 + index, "interleaved": True,
            "filterPattern": random_source.choice(FILTER_PATTERNS)}, ensure_ascii=random_source.random() < 0.3)
    else:
        headers = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]]
        body = ("Action=AssumeRole&Version=2011-06-15&RoleSessionName=s" + str(index) +
                "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FReader")
    date = (f"{random_source.randrange(1970, 2100):04}{random_source.randrange(1, 13):02}{random_source.randrange(1, 29):02}"
            f"T{random_source.randrange(24):02}{random_source.randrange(60):02}{random_source.randrange(60):02}Z")
    return {"name": name, "method": "POST", "url": url, "service": service, "region": region, "access_key_id": access,
            "secret_access_key": secret, "session_token": token, "amz_date": date, "headers_before_signing": headers,
            "body": body}


def cases():
    source = random.Random(20260131)
    for region, suffix in HOSTS:
        for service in ("logs", "sts"):
            yield case(f"{service}-{region}", f"https://{service}.{region}.{suffix}/", region, service, source)
    for number, url in enumerate(URLS):
        yield case(f"url-{number}", url, source.choice(HOSTS)[0], "logs", source)
    odd = [["X-Blank", "   "], ["X-Inner", "  a \t  b  \t"], ["X-Quoted", '"a   b"'], ["x-UPPER-lower", "Kept As It Is"]]
    repeated = [["X-Many", "b"], ["x-many", " a  a "], ["X-MANY", "c,d"], ["X-Man", "1"], ["X-Many-More", "2"]]
    for name, extra in (("header-blanks", odd), ("header-repeated", repeated), ("header-utf8", [["X-Name", "\u00e9\u4e2d"]])):
        vector = case(name, "https://logs.us-east-1.amazonaws.com/", "us-east-1", "logs", source)
        vector["headers_before_signing"] = extra + vector["headers_before_signing"]
        yield vector
    for method, body in (("GET", ""), ("PUT", "\u0001\u007f\r\n"), ("POST", "{}"), ("POST", "x" * 2000)):
        vector = case(f"body-{method}-{len(body)}", "https://logs.us-east-1.amazonaws.com/", "us-east-1", "logs", source)
        yield dict(vector, method=method, body=body)


def signing_key(vector):
    key = b"AWS4" + vector["secret_access_key"].encode()
    for step in (vector["amz_date"][:8], vector["region"], vector["service"], "aws4_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key.hex()


def sign(vector):
    request = AWSRequest(method=vector["method"], url=vector["url"], data=vector["body"].encode())
    for name, value in vector["headers_before_signing"]:
        request.headers[name] = value
    request.context["timestamp"] = vector["amz_date"]
    credentials = Credentials(vector["access_key_id"], vector["secret_access_key"], vector["session_token"])
    auth = SigV4Auth(credentials, vector["service"], vector["region"])
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    string_to_sign = auth.string_to_sign(request, canonical)
    signature = auth.signature(string_to_sign, request)
    auth._inject_signature_to_request(request, signature)
    return dict(vector, canonical_request=canonical, string_to_sign=string_to_sign, signing_key_hex=signing_key(vector),
                signature=signature, authorization=request.headers["Authorization"])


def main():
    vectors = [sign(vector) for vector in cases()]
    text = json.dumps(vectors, indent=1, ensure_ascii=True) + "\n"
    if sys.argv[1:] != ["--check"]:
        FIXTURE.write_text(text)
        print(f"{len(vectors)} vectors written, by botocore {botocore.__version__}")
        return 0
    committed = json.loads(FIXTURE.read_text())
    wrong = [old["name"] for old, new in zip(committed, vectors) if old != new]
    if wrong or len(committed) != len(vectors):
        print(f"{len(committed)} vectors committed, {len(vectors)} derived; different: {wrong}")
        return 1
    print(f"{len(vectors)} vectors are those of botocore {botocore.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
