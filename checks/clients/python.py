"""Official Python clients against the gateway: put, get back equal, ask, delete, get again, bad documents, wrong keys."""

import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

KEY, SECRET = "AKIDEXAMPLE", "secret"
passed = 0


def check(name, holds):
    global passed
    if not holds:
        sys.exit(f"failed: {name}")
    passed += 1


def refused(name, call, kind, code):
    """The call must raise the client's own error of this kind and code."""
    try:
        call()
    except kind as error:
        given = getattr(error, "code", None) or error.response["Error"]["Code"]
        check(f"{name}: {given}", given == code)
    else:
        sys.exit(f"failed: {name}: not refused")


def preflight(url, headers):
    lower = lambda headers: {name.lower(): value for name, value in headers.items()}
    request = urllib.request.Request(url, method="OPTIONS", headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, lower(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, lower(error.headers)


def boto3_client(endpoint, secret=SECRET):
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY, aws_secret_access_key=secret,
        region_name="us-east-1", config=Config(retries={"max_attempts": 1}),
    )


def run_boto3(endpoint):
    from botocore.exceptions import ClientError

    client = boto3_client(endpoint)
    client.create_bucket(Bucket="photos")
    rules = [{
        "ID": "r1", "AllowedOrigins": ["https://*.a.example"], "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 0,
    }]
    put = lambda rules, by=client: by.put_bucket_cors(Bucket="photos", CORSConfiguration={"CORSRules": rules})
    get = lambda: client.get_bucket_cors(Bucket="photos")
    put(rules)
    check("boto3: back equal", get()["CORSRules"] == rules)
    for bad, code in [
        ([{"AllowedOrigins": ["http://*.*"], "AllowedMethods": ["GET"]}], "InvalidRequest"),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}], "InvalidRequest"),
        ([], "MalformedXML"),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}] * 101, "InvalidRequest"),
    ]:
        refused("boto3: bad document", lambda: put(bad), ClientError, code)
    check("boto3: a refused put changes nothing", get()["CORSRules"] == rules)
    refused("boto3: wrong secret", lambda: put(rules, boto3_client(endpoint, "wrong")), ClientError, "SignatureDoesNotMatch")
    client.put_object(Bucket="photos", Key="a b/c", Body=b"hello", Metadata={"m": "1"})
    answer = client.get_object(Bucket="photos", Key="a b/c", Range="bytes=1-2")
    check("boto3: range and metadata", (answer["Body"].read(), answer["Metadata"]) == (b"el", {"m": "1"}))
    asked = {"Origin": "https://x.a.example", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "X-A"}
    status, headers = preflight(f"{endpoint}/photos/any", asked)
    check("boto3: preflight", status == 200 and headers["access-control-allow-origin"] == "https://x.a.example"
          and headers["access-control-allow-headers"] == "x-a" and headers["access-control-max-age"] == "0")
    check("boto3: preflight refused", preflight(f"{endpoint}/photos/any", {**asked, "Origin": "https://a.example"})[0] == 403)
    client.delete_bucket_cors(Bucket="photos")
    refused("boto3: none any more", get, ClientError, "NoSuchCORSConfiguration")


def run_s3_programs(endpoint, folder):
    """awscli and s3cmd, as programs."""
    import os

    run = lambda *command: subprocess.run(command, capture_output=True, text=True, env={
        **os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"})
    binaries = os.path.dirname(sys.executable)
    aws = [sys.executable, f"{binaries}/aws", "--endpoint-url", endpoint]
    check("awscli: mb", run(*aws, "s3", "mb", "s3://cli").returncode == 0)
    rules = '{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}'
    check("awscli: put", run(*aws, "s3api", "put-bucket-cors", "--bucket", "cli", "--cors-configuration", rules).returncode == 0)
    check("awscli: get", '"GET"' in run(*aws, "s3api", "get-bucket-cors", "--bucket", "cli").stdout)
    check("awscli: delete", run(*aws, "s3api", "delete-bucket-cors", "--bucket", "cli").returncode == 0)
    check("awscli: none any more", "NoSuchCORSConfiguration" in run(*aws, "s3api", "get-bucket-cors", "--bucket", "cli").stderr)
    host = endpoint.removeprefix("http://")
    s3cmd = [sys.executable, f"{binaries}/s3cmd", f"--access_key={KEY}", f"--secret_key={SECRET}", "--no-ssl",
             f"--host={host}", f"--host-bucket={host}"]
    document = f"{folder}/cors.xml"
    with open(document, "w") as file:
        file.write("<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"
                   "</CORSRule></CORSConfiguration>")
    check("s3cmd: setcors", run(*s3cmd, "setcors", document, "s3://cli").returncode == 0)
    check("s3cmd: info", "<AllowedMethod>GET</AllowedMethod>" in run(*s3cmd, "info", "s3://cli").stdout)
    check("s3cmd: delcors", run(*s3cmd, "delcors", "s3://cli").returncode == 0)


def run_oss2(endpoint):
    import oss2
    from oss2.models import BucketCors, CorsRule

    for make, options in [(oss2.Auth, {}), (oss2.AuthV4, {"region": "cn-hangzhou"})]:
        name = make.__name__
        bucket = lambda secret=SECRET: oss2.Bucket(make(KEY, secret), endpoint, "oss-example", **options)
        client = bucket()
        client.create_bucket()
        rule = CorsRule(allowed_origins=["https://*.a.example"], allowed_methods=["GET", "PUT"], allowed_headers=["x-a"],
                        expose_headers=["x-oss-test"], max_age_seconds=100)
        client.put_bucket_cors(BucketCors([rule]))
        back = client.get_bucket_cors().rules[0]
        check(f"oss2 {name}: back equal", vars(back) == vars(rule))
        bad = BucketCors([CorsRule(allowed_origins=["*"], allowed_methods=["PATCH"])])
        refused(f"oss2 {name}: bad method", lambda: client.put_bucket_cors(bad), oss2.exceptions.OssError, "InvalidArgument")
        many = BucketCors([rule] * 11)
        refused(f"oss2 {name}: 11 rules", lambda: client.put_bucket_cors(many), oss2.exceptions.OssError, "CORSRuleBeyondLimit")
        check(f"oss2 {name}: a refused put changes nothing", len(client.get_bucket_cors().rules) == 1)
        refused(f"oss2 {name}: wrong secret", lambda: bucket("wrong").get_bucket_cors(), oss2.exceptions.OssError,
                "SignatureDoesNotMatch")
        client.delete_bucket_cors()
        refused(f"oss2 {name}: none any more", client.get_bucket_cors, oss2.exceptions.NoSuchCors, "NoSuchCORSConfiguration")


def run_oss_v2(endpoint):
    import alibabacloud_oss_v2 as oss

    for version in ("v1", "v4"):
        settings = oss.config.load_default()
        settings.credentials_provider = oss.credentials.StaticCredentialsProvider(KEY, SECRET)
        settings.region, settings.endpoint = "cn-hangzhou", endpoint
        settings.signature_version, settings.use_path_style = version, True
        client = oss.Client(settings)
        client.put_bucket(oss.PutBucketRequest(bucket="oss-v2"))
        rules = oss.CORSConfiguration(
            cors_rules=[oss.CORSRule(allowed_origins=["*"], allowed_methods=["PUT"], allowed_headers=["x-a"])], response_vary=True)
        client.put_bucket_cors(oss.PutBucketCorsRequest(bucket="oss-v2", cors_configuration=rules))
        back = client.get_bucket_cors(oss.GetBucketCorsRequest(bucket="oss-v2")).cors_configuration
        check(f"oss-v2 {version}: back", back.response_vary and back.cors_rules[0].allowed_methods == ["PUT"])
        answer = client.option_object(oss.OptionObjectRequest(
            bucket="oss-v2", key="any", origin="http://www.example.com", access_control_request_method="PUT",
            access_control_request_headers="x-a"))
        check(f"oss-v2 {version}: option_object", answer.headers["Access-Control-Allow-Origin"] == "*"
              and answer.headers["Vary"] == "Origin")
        client.delete_bucket_cors(oss.DeleteBucketCorsRequest(bucket="oss-v2"))


dialect, endpoint = sys.argv[1:]
if dialect == "s3":
    run_boto3(endpoint)
    with tempfile.TemporaryDirectory() as folder:
        run_s3_programs(endpoint, folder)
else:
    run_oss2(endpoint)
    run_oss_v2(endpoint)
print(f"{dialect}, Python clients: {passed} passed, 0 failed")
