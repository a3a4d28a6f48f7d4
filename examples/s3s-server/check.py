"""boto3 and a plain client against the server on s3s: the configuration is put behind a signature, preflights are answered without
one, and every answer carries the headers of the bucket's rules."""

import sys
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
RULES = [{"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["x-amz-*"],
          "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 600}]
passed = 0


def check(name, holds, shown=""):
    global passed
    if not holds:
        sys.exit(f"failed: {name} {shown}")
    passed += 1


def client(secret="secret"):
    return boto3.client("s3", endpoint_url=ENDPOINT, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key=secret,
                        region_name="us-east-1", config=Config(retries={"max_attempts": 1}))


def code(call, **arguments):
    try:
        call(Bucket="photos", **arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "none"


def ask(method, path, **headers):
    """Status and headers of an answer to a page; only the URL may be signed."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(path if path.startswith("http") else ENDPOINT + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def preflight(origin, method="PUT"):
    return ask("OPTIONS", "/photos/cat.jpg", Origin=origin, Access_Control_Request_Method=method,
               Access_Control_Request_Headers="x-amz-meta-a")


s3 = client()
s3.create_bucket(Bucket="photos")
check("none yet", code(s3.get_bucket_cors) == "NoSuchCORSConfiguration")
status, headers, body = preflight("https://app.example")
check("preflight without rules", status == 403 and b"AccessForbidden" in body, (status, body))

configuration = {"CORSRules": RULES}
check("wrong secret", code(client("wrong").put_bucket_cors, CORSConfiguration=configuration) == "SignatureDoesNotMatch")
status, _, body = ask("PUT", "/photos?cors", Origin="https://app.example")
check("no signature", status == 403 and b"AccessDenied" in body, (status, body))
check("neither of them was stored", code(s3.get_bucket_cors) == "NoSuchCORSConfiguration")
s3.put_bucket_cors(Bucket="photos", CORSConfiguration=configuration)
check("back equal", s3.get_bucket_cors(Bucket="photos")["CORSRules"] == RULES)
patch = [{"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}]
check("refused for its text", code(s3.put_bucket_cors, CORSConfiguration={"CORSRules": patch}) == "InvalidRequest")
digest = code(s3.put_bucket_cors, CORSConfiguration=configuration, ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")
check("refused for its digest", digest == "BadDigest", digest)
check("a refused put changes nothing", s3.get_bucket_cors(Bucket="photos")["CORSRules"] == RULES)

status, headers, _ = preflight("https://app.example")
check("preflight granted", status == 200 and headers["Access-Control-Allow-Origin"] == "https://app.example", (status, str(headers)))
check("preflight's names", headers["Access-Control-Allow-Headers"] == "x-amz-meta-a", str(headers))
status, headers, body = preflight("https://evil.example")
check("preflight refused", status == 403 and "Access-Control-Allow-Origin" not in headers, (status, str(headers)))
check("a method that no rule allows", preflight("https://app.example", "DELETE")[0] == 403)

s3.put_object(Bucket="photos", Key="cat.jpg", Body=b"meow")
url = s3.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "cat.jpg"})
status, headers, body = ask("GET", url, Origin="https://app.example")
check("object for the page", (status, body) == (200, b"meow"), (status, body))
check("with its headers", headers["Access-Control-Allow-Origin"] == "https://app.example", str(headers))
check("exposed", headers["Access-Control-Expose-Headers"] == "ETag" and "Origin" in headers["Vary"], str(headers))
status, headers, _ = ask("GET", url, Origin="https://evil.example")
check("object for another page", status == 200 and "Access-Control-Allow-Origin" not in headers, str(headers))
missing = s3.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "none"})
for name, path, expected in [("missing object", missing, 404), ("unsigned", "/photos/cat.jpg", 403)]:
    status, headers, _ = ask("GET", path, Origin="https://app.example")
    check(name, (status, headers["Access-Control-Allow-Origin"]) == (expected, "https://app.example"), (status, str(headers)))

s3.delete_bucket_cors(Bucket="photos")
check("removed", code(s3.get_bucket_cors) == "NoSuchCORSConfiguration" and preflight("https://app.example")[0] == 403)
print(f"s3s: {passed} checks passed")
