"""Official Python clients against the gateway, each through scenario.json: put, get the same back, preflights, delete, get again, errors."""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import xml.etree.ElementTree

KEY, SECRET = "AKIDEXAMPLE", "secret"
SCENARIO = json.loads(pathlib.Path(__file__).with_name("scenario.json").read_text())
BINARIES = os.path.dirname(sys.executable)
passed = 0


def check(name, holds, shown=""):
    global passed
    if not holds:
        sys.exit(f"failed: {name} {shown}")
    passed += 1


def run(name, client, dialect, endpoint):
    """The same steps for every client. A client has create, put, get, delete, its error type, and a way to get the code of an error."""

    def code_of(call, *arguments):
        try:
            call(*arguments)
        except client.Error as error:
            return client.code(error)
        return "none"

    rules = SCENARIO["rules"]
    client.create()
    client.put(rules)
    check(f"{name}: returned unchanged", client.get() == rules, client.get())
    for bad in SCENARIO["bad"][dialect]:
        code = code_of(client.put, bad["rules"] * bad.get("times", 1))
        check(f"{name}: {bad['name']}", code == bad["code"], code)
    check(f"{name}: a refused put changes nothing", client.get() == rules)
    for asked in SCENARIO["preflights"]:
        status, answer = preflight(f"{endpoint}/{client.bucket}/any", asked)
        check(f"{name}: preflight {asked['name']}", status == asked["status"] and asked["answer"].items() <= answer.items(), answer)
    check(f"{name}: wrong secret", code_of(client.put, rules, "wrong") == "SignatureDoesNotMatch")
    client.delete()
    code = code_of(client.get)
    check(f"{name}: removed", code == "NoSuchCORSConfiguration", code)
    client.delete()


def preflight(url, asked):
    """A plain OPTIONS request, as a browser sends it."""
    request = urllib.request.Request(url, method="OPTIONS", headers={
        "Origin": asked["origin"], "Access-Control-Request-Method": asked["method"],
        "Access-Control-Request-Headers": asked["names"]})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, {name.lower(): value for name, value in response.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}


class Boto3:
    bucket = "boto3-example"

    def __init__(self, endpoint):
        from botocore.exceptions import ClientError

        self.Error, self.endpoint = ClientError, endpoint
        self.client = self.client_of(SECRET)

    def client_of(self, secret, **settings):
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3", endpoint_url=self.endpoint, aws_access_key_id=KEY, aws_secret_access_key=secret,
            region_name="us-east-1", config=Config(retries={"max_attempts": 1}, **settings),
        )

    def create(self):
        self.client.create_bucket(Bucket=self.bucket)

    def put(self, rules, secret=SECRET):
        self.client_of(secret).put_bucket_cors(Bucket=self.bucket, CORSConfiguration={"CORSRules": rules})

    def get(self):
        return self.client.get_bucket_cors(Bucket=self.bucket)["CORSRules"]

    def delete(self):
        self.client.delete_bucket_cors(Bucket=self.bucket)

    def code(self, error):
        return error.response["Error"]["Code"]


def run_boto3_objects(client):
    client.put_object(Bucket=Boto3.bucket, Key="a b/c", Body=b"hello", Metadata={"m": "1"})
    answer = client.get_object(Bucket=Boto3.bucket, Key="a b/c", Range="bytes=1-2")
    check("boto3: range and metadata", (answer["Body"].read(), answer["Metadata"]) == (b"el", {"m": "1"}))
    with tempfile.TemporaryDirectory() as folder:
        large, back = large_file(folder), pathlib.Path(folder, "back")
        client.upload_file(large, Boto3.bucket, "large", ExtraArgs={"ContentType": "image/x"})
        client.download_file(Boto3.bucket, "large", back)
        head = client.head_object(Bucket=Boto3.bucket, Key="large")
        check("boto3: a file in parts", back.read_bytes() == large.read_bytes() and head["ETag"].endswith('-3"'), head["ETag"])
        check("boto3: its type", head["ContentType"] == "image/x")


def run_boto3_form(client):
    """A page's upload: the form that the client signs, sent as a browser sends it."""
    from urllib3.filepost import encode_multipart_formdata

    form = client.generate_presigned_post(
        Boto3.bucket, "form/${filename}", Fields={"success_action_status": "201", "x-amz-meta-m": "1"},
        Conditions=[{"success_action_status": "201"}, {"x-amz-meta-m": "1"}, ["content-length-range", 1, 10]])

    def post(content, **changed):
        body, kind = encode_multipart_formdata([*{**form["fields"], **changed}.items(), ("file", ("a b", content, "text/plain"))])
        try:
            with urllib.request.urlopen(urllib.request.Request(form["url"], body, {"Content-Type": kind})) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    check("boto3: a form", post(b"hello") == 201)
    answer = client.get_object(Bucket=Boto3.bucket, Key="form/a b")
    check("boto3: the file of a form", (answer["Body"].read(), answer["Metadata"]) == (b"hello", {"m": "1"}))
    check("boto3: a form with another key", post(b"hello", key="other") == 403)
    check("boto3: a form with a file too large", post(b"hello hello") == 400)


def large_file(folder):
    """20 MiB, which clients upload in parts."""
    file = pathlib.Path(folder, "large")
    file.write_bytes(random.Random(1).randbytes(20 << 20))
    return file


def run_oss2_objects(oss2):
    with tempfile.TemporaryDirectory() as folder:
        large = large_file(folder)
        store = oss2.oss2.ResumableStore(root=folder)
        oss2.oss2.resumable_upload(oss2.client, "large", large, store=store, multipart_threshold=1 << 20, part_size=1 << 20, num_threads=3)
        check(f"oss2 {oss2.version}: a file in parts", oss2.client.get_object("large").read() == large.read_bytes())
    info = oss2.client.get_bucket_info()
    check(f"oss2 {oss2.version}: bucket info", (info.name, info.acl.grant, info.extranet_endpoint) == (oss2.bucket, "private", oss2.host), info)
    service = oss2.oss2.Service(oss2.client.auth, oss2.endpoint, **oss2.options)
    check(f"oss2 {oss2.version}: buckets by prefix", [found.name for found in service.list_buckets("oss2-").buckets] == [oss2.bucket])
    begun = oss2.client.init_multipart_upload("unfinished").upload_id
    check(f"oss2 {oss2.version}: uploads", [found.upload_id for found in oss2.client.list_multipart_uploads().upload_list] == [begun])
    oss2.client.abort_multipart_upload("unfinished", begun)
    try:
        oss2.oss2.Bucket(oss2.client.auth, oss2.endpoint, "missing-example", **oss2.options).object_exists("any")
        check(f"oss2 {oss2.version}: a missing bucket is an error", False)
    except oss2.oss2.exceptions.NoSuchBucket as error:
        check(f"oss2 {oss2.version}: the error of a HEAD", error.details.get("EC") == "0015-00000101", error)


class Program:
    """A client that is a program; its error is its exit status and its output."""

    Error = subprocess.CalledProcessError

    def call(self, *arguments, secret=SECRET):
        command = [sys.executable, *self.command(secret), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env={
            **os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": secret, "AWS_DEFAULT_REGION": "us-east-1",
        }).stdout

    def code(self, error):
        found = re.search(r"(?:An error occurred|S3 error: \d+) \((\w+)\)", error.stderr)
        return found[1] if found else error.stderr


class AwsCli(Program):
    bucket = "awscli-example"

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def command(self, secret):
        return [f"{BINARIES}/aws", "--endpoint-url", self.endpoint]

    def create(self):
        self.call("s3", "mb", f"s3://{self.bucket}")

    def put(self, rules, secret=SECRET):
        document = json.dumps({"CORSRules": rules})
        self.call("s3api", "put-bucket-cors", "--bucket", self.bucket, "--cors-configuration", document, secret=secret)

    def get(self):
        return json.loads(self.call("s3api", "get-bucket-cors", "--bucket", self.bucket))["CORSRules"]

    def delete(self):
        self.call("s3api", "delete-bucket-cors", "--bucket", self.bucket)


class S3cmd(Program):
    bucket = "s3cmd-example"

    def __init__(self, endpoint, folder):
        self.host, self.document = endpoint.removeprefix("http://"), pathlib.Path(folder, "cors.xml")

    def command(self, secret):
        return [f"{BINARIES}/s3cmd", f"--access_key={KEY}", f"--secret_key={secret}", "--no-ssl",
                f"--host={self.host}", f"--host-bucket={self.host}"]

    def create(self):
        self.call("mb", f"s3://{self.bucket}")

    def put(self, rules, secret=SECRET):
        self.document.write_text(to_xml(rules))
        self.call("setcors", self.document, f"s3://{self.bucket}", secret=secret)

    def get(self):
        """Only `info` shows a configuration. It prints `none` for the provider's NoSuchCORSConfiguration, and only for that error."""
        shown = self.call("info", f"s3://{self.bucket}")
        if re.search(r"^ +CORS: +none$", shown, re.MULTILINE):
            raise self.Error(0, "s3cmd", stderr="S3 error: 404 (NoSuchCORSConfiguration)")
        return from_xml(re.search(r"<CORSConfiguration.*</CORSConfiguration>", shown, re.DOTALL)[0])

    def delete(self):
        self.call("delcors", f"s3://{self.bucket}")


LISTS = {"AllowedOrigins": "AllowedOrigin", "AllowedMethods": "AllowedMethod", "AllowedHeaders": "AllowedHeader",
         "ExposeHeaders": "ExposeHeader"}


def to_xml(rules):
    lines = ["<CORSConfiguration>"]
    for rule in rules:
        lines.append("<CORSRule>")
        lines += [f"<{element}>{value}</{element}>" for name, element in LISTS.items() for value in rule.get(name, [])]
        if "MaxAgeSeconds" in rule:
            lines.append(f"<MaxAgeSeconds>{rule['MaxAgeSeconds']}</MaxAgeSeconds>")
        lines.append("</CORSRule>")
    return "\n".join([*lines, "</CORSConfiguration>"])


def from_xml(text):
    found = []
    for rule in xml.etree.ElementTree.fromstring(text).findall("{*}CORSRule"):
        lists = {name: [item.text for item in rule.findall(f"{{*}}{element}")] for name, element in LISTS.items()}
        found.append({**lists, "MaxAgeSeconds": int(rule.find("{*}MaxAgeSeconds").text)})
    return found


class Oss2:
    bucket = "oss2-example"
    FIELDS = {"AllowedOrigins": "allowed_origins", "AllowedMethods": "allowed_methods", "AllowedHeaders": "allowed_headers",
              "ExposeHeaders": "expose_headers", "MaxAgeSeconds": "max_age_seconds"}

    def __init__(self, endpoint, version):
        import oss2

        self.Error, self.endpoint, self.version, self.oss2 = oss2.exceptions.OssError, endpoint, version, oss2
        self.client, self.host = self.client_of(SECRET), endpoint.removeprefix("http://")

    def client_of(self, secret):
        sign, self.options = {"v1": (self.oss2.Auth, {}), "v4": (self.oss2.AuthV4, {"region": "cn-hangzhou"})}[self.version]
        return self.oss2.Bucket(sign(KEY, secret), self.endpoint, self.bucket, **self.options)

    def create(self):
        self.client.create_bucket()

    def put(self, rules, secret=SECRET):
        from oss2.models import BucketCors, CorsRule

        rules = [CorsRule(**{self.FIELDS[name]: value for name, value in rule.items()}) for rule in rules]
        self.client_of(secret).put_bucket_cors(BucketCors(rules))

    def get(self):
        rules = self.client.get_bucket_cors().rules
        return [{name: getattr(rule, field) for name, field in self.FIELDS.items()} for rule in rules]

    def delete(self):
        self.client.delete_bucket_cors()

    def code(self, error):
        return error.code


class OssV2:
    bucket = "oss-v2-example"

    def __init__(self, endpoint, version):
        import alibabacloud_oss_v2 as oss

        self.Error, self.endpoint, self.version, self.oss = oss.exceptions.OperationError, endpoint, version, oss
        self.client = self.client_of(SECRET)

    def client_of(self, secret):
        settings = self.oss.config.load_default()
        settings.credentials_provider = self.oss.credentials.StaticCredentialsProvider(KEY, secret)
        settings.region, settings.endpoint = "cn-hangzhou", self.endpoint
        settings.signature_version, settings.use_path_style = self.version, True
        return self.oss.Client(settings)

    def create(self):
        self.client.put_bucket(self.oss.PutBucketRequest(bucket=self.bucket))

    def put(self, rules, secret=SECRET, response_vary=None):
        rules = [self.oss.CORSRule(**{Oss2.FIELDS[name]: value for name, value in rule.items()}) for rule in rules]
        configuration = self.oss.CORSConfiguration(cors_rules=rules, response_vary=response_vary)
        self.client_of(secret).put_bucket_cors(
            self.oss.PutBucketCorsRequest(bucket=self.bucket, cors_configuration=configuration))

    def configuration(self):
        return self.client.get_bucket_cors(self.oss.GetBucketCorsRequest(bucket=self.bucket)).cors_configuration

    def get(self):
        rules = self.configuration().cors_rules
        return [{name: getattr(rule, field) for name, field in Oss2.FIELDS.items()} for rule in rules]

    def delete(self):
        self.client.delete_bucket_cors(self.oss.DeleteBucketCorsRequest(bucket=self.bucket))

    def code(self, error):
        return error.unwrap().code


def run_option_object(client):
    """The only client that has OptionObject."""
    client.put(SCENARIO["rules"], response_vary=True)
    check("oss-v2: ResponseVary", client.configuration().response_vary is True)
    for asked in SCENARIO["preflights"]:
        request = client.oss.OptionObjectRequest(
            bucket=client.bucket, key="any", origin=asked["origin"], access_control_request_method=asked["method"],
            access_control_request_headers=asked["names"])
        try:
            answer = client.client.option_object(request)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            holds = answer.status_code == asked["status"] and {**asked["answer"], "vary": "Origin"}.items() <= headers.items()
        except client.Error as error:
            holds = asked["status"] == error.unwrap().status_code and client.code(error) == "AccessForbidden"
        check(f"oss-v2 {client.version}: option_object, {asked['name']}", holds)
    client.delete()


dialect, endpoint = sys.argv[1:]
if dialect == "s3":
    boto3 = Boto3(endpoint)
    run("boto3", boto3, dialect, endpoint)
    run_boto3_objects(boto3.client)
    # By itself it signs forms with version 2.
    run_boto3_form(boto3.client_of(SECRET, signature_version="s3v4"))
    run("awscli", AwsCli(endpoint), dialect, endpoint)
    with tempfile.TemporaryDirectory() as folder:
        run("s3cmd", S3cmd(endpoint, folder), dialect, endpoint)
else:
    for version in ("v1", "v4"):
        oss2 = Oss2(endpoint, version)
        run(f"oss2 {version}", oss2, dialect, endpoint)
        run_oss2_objects(oss2)
        oss_v2 = OssV2(endpoint, version)
        run(f"oss-v2 {version}", oss_v2, dialect, endpoint)
        run_option_object(oss_v2)
print(f"{dialect}, Python clients: {passed} passed, 0 failed")
