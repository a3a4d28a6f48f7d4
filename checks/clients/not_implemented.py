"""Every operation and parameter that the providers' own SDKs know: what the gateway does not do, it refuses with 501, and nothing changes.

usage: not_implemented.py DIALECT ENDPOINT, of a gateway that serves unsigned requests
"""

import http.client
import importlib
import inspect
import sys
import urllib.parse

BUCKET, KEY, BODY = "model-example", "k", b"old"
RULES = (b"<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"
         b"</CORSRule></CORSConfiguration>")

# The operations that exist here, and of all their parameters, by the names on the wire, those that are honoured or promise nothing.
IMPLEMENTED = {
    "s3": """ListBuckets CreateBucket HeadBucket DeleteBucket ListObjects ListObjectsV2 GetBucketCors PutBucketCors DeleteBucketCors
        GetBucketAcl GetBucketLocation GetBucketLifecycle GetBucketLifecycleConfiguration GetBucketOwnershipControls GetBucketPolicy
        GetPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite PutObject GetObject HeadObject
        DeleteObject DeleteObjects CreateMultipartUpload UploadPart ListParts ListMultipartUploads CompleteMultipartUpload AbortMultipartUpload""",
    "oss": """ListBuckets PutBucket DeleteBucket ListObjects ListObjectsV2 GetBucketCors PutBucketCors DeleteBucketCors GetBucketAcl
        GetBucketInfo GetBucketLocation GetBucketLifecycle GetBucketPolicy GetBucketPublicAccessBlock ListMultipartUploads
        GetBucketRequestPayment GetBucketTags GetBucketVersioning GetBucketWebsite PutObject GetObject HeadObject GetObjectMeta DeleteObject
        DeleteMultipleObjects InitiateMultipartUpload UploadPart ListParts CompleteMultipartUpload AbortMultipartUpload OptionObject""",
}
UNDERSTOOD = {
    "s3": """cache-control content-disposition content-encoding content-language content-length content-md5 content-type expires
        if-match@GetObject if-match@HeadObject if-none-match@GetObject if-none-match@HeadObject if-modified-since if-unmodified-since range
        x-amz-checksum-algorithm x-amz-checksum-mode x-amz-checksum-type x-amz-meta- x-amz-mp-object-size x-amz-optional-object-attributes
        x-amz-request-payer x-amz-sdk-checksum-algorithm response-cache-control response-content-disposition response-content-encoding
        response-content-language response-content-type response-expires versionId delimiter encoding-type marker max-keys prefix
        continuation-token fetch-owner start-after max-parts part-number-marker max-buckets key-marker upload-id-marker max-uploads""".split() + [
            f"x-amz-checksum-{name}@{operation}" for name in ("crc32", "crc32c", "crc64nvme", "sha1", "sha256")
            for operation in ("PutObject", "UploadPart")],
    "oss": """accept-encoding cache-control content-disposition content-encoding content-length content-md5 content-type expires
        if-match if-none-match if-modified-since if-unmodified-since range origin access-control-request-method
        access-control-request-headers x-oss-meta- x-oss-request-payer x-oss-traffic-limit response-cache-control
        response-content-disposition response-content-encoding response-content-language response-content-type response-expires versionId
        delimiter encoding-type marker max-keys prefix continuation-token fetch-owner start-after max-parts part-number-marker key-marker
        upload-id-marker max-uploads""".split(),
}
# The same request as another operation: told apart by the host, or by a name that is not sent.
SAME_AS_ANOTHER = {"s3": {"ListDirectoryBuckets"}, "oss": {"GetAccessPointPublicAccessBlock"}}
# A name that no bucket can have, and which is refused as such.
NOT_A_BUCKET = {"WriteGetObjectResponse"}


def s3_requests():
    """(operation, parameter or None, method, path, query, headers), from botocore's model: each operation with what it requires,
    then again with each further parameter."""
    import botocore.session

    service = botocore.session.get_session().get_service_model("s3")
    for name in service.operation_names:
        operation = service.operation_model(name)
        path, _, fixed = operation.http["requestUri"].partition("?")
        path = path.replace("{Bucket}", BUCKET).replace("{Key+}", KEY)
        members = operation.input_shape.members if operation.input_shape else {}
        required = operation.input_shape.required_members if operation.input_shape else ()

        def request(chosen, parameter):
            query, headers = urllib.parse.parse_qsl(fixed, keep_blank_values=True), {}
            for member in chosen:
                place = members[member].serialization
                if place.get("location") == "querystring":
                    query.append((place["name"], "1"))
                elif place.get("location") in ("header", "headers"):
                    headers[place["name"]] = "1"
            return name, parameter, operation.http["method"], path, query, headers

        yield request(required, None)
        for member in members:
            place = members[member].serialization
            if member not in required and place.get("location") in ("header", "headers", "querystring"):
                yield request([*required, member], place["name"])


def oss_requests():
    """The same from alibabacloud-oss-v2: its operations write their requests for a client that does not send them."""
    operations = importlib.import_module("alibabacloud_oss_v2.operations")
    models = importlib.import_module("alibabacloud_oss_v2.models")
    importlib.import_module("alibabacloud_oss_v2.serde").serialize_xml = lambda *_: b""

    class Written(Exception):
        pass

    class Client:
        def invoke_operation(self, request, **_):
            raise Written(request)

        def has_feature(self, _):
            return False

    for _, function in inspect.getmembers(operations, inspect.isfunction):
        parameters = list(inspect.signature(function).parameters.values())
        if [parameter.name for parameter in parameters[:2]] != ["client", "request"]:
            continue
        kind = parameters[1].annotation
        kind = getattr(models, kind.rpartition(".")[2]) if isinstance(kind, str) else kind
        places = kind._attribute_map
        sample = {name: {"a": "1"} if "dict" in place.get("type", "") else "1" for name, place in places.items()}
        required = {name: sample[name] for name, place in places.items() if place.get("required")}
        for name, value in (("bucket", BUCKET), ("key", KEY)):
            if name in kind._attribute_map:
                required[name] = value
        if kind is models.DeleteMultipleObjectsRequest:
            required["objects"] = [models.DeleteObject(key=KEY)]
        further = [name for name, place in places.items() if name not in required and place.get("position") in ("header", "query")]
        for parameter in [None, *further]:
            chosen = required if parameter is None else {**required, parameter: sample[parameter]}
            try:
                function(Client(), kind(**chosen))
                sys.exit(f"{function.__name__} sends nothing")
            except Written as written:
                asked = written.args[0]
            path = "/" + "/".join(part for part in (asked.bucket, asked.key) if part)
            query = [(name, str(value)) for name, value in (asked.parameters or {}).items()]
            yield (asked.op_name, parameter and places[parameter].get("rename", parameter), asked.method, path, query,
                   dict((asked.headers or {}).items()))


def ask(endpoint, method, path, query=(), headers=None, body=b""):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(endpoint).netloc, timeout=20)
    target = path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = {**(headers or {}), "Content-Length": str(len(body))}
    connection.request(method, target, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text


def prepare(endpoint):
    for method, path, query, body in (("PUT", "", (), b""), ("PUT", "", [("cors", "")], RULES), ("PUT", f"/{KEY}", (), BODY)):
        status, text = ask(endpoint, method, f"/{BUCKET}{path}", query, body=body)
        assert status == 200, text


def state(endpoint):
    """The object's bytes, the rules, the list of the bucket's objects and of buckets."""
    return [ask(endpoint, "GET", path, query) for path, query in (
        (f"/{BUCKET}/{KEY}", ()), (f"/{BUCKET}", [("cors", "")]), (f"/{BUCKET}", ()), ("/", ()))]


def check(dialect, endpoint):
    implemented, understood = set(IMPLEMENTED[dialect].split()), set(UNDERSTOOD[dialect])
    requests = list({"s3": s3_requests, "oss": oss_requests}[dialect]())
    names = {name for name, *_ in requests}
    assert implemented <= names, f"not in the model: {implemented - names}"
    counted = dict.fromkeys(("operations refused", "operations here", "parameters refused", "parameters here"), 0)
    prepare(endpoint)
    before = state(endpoint)
    for name, parameter, method, path, query, headers in requests:
        what = f"{name} {parameter or ''}: {method} {path} {query} {headers}"
        is_here = name in implemented and (parameter is None or not {parameter.lower(), f"{parameter.lower()}@{name}", parameter}.isdisjoint(understood))
        if name in SAME_AS_ANOTHER[dialect] or (name not in implemented and parameter):
            continue
        status, text = ask(endpoint, method, path, query, headers, b"<x/>")
        counted[("operations" if parameter is None else "parameters") + (" here" if is_here else " refused")] += 1
        if is_here:
            if status == 501 or status >= 500:
                sys.exit(f"failed: {what} is answered {status} {text}")
            prepare(endpoint)
            before = state(endpoint)
            continue
        if status != (400 if name in NOT_A_BUCKET else 501):
            sys.exit(f"failed: {what} is answered {status} {text}")
        if state(endpoint) != before:
            sys.exit(f"failed: {what} changed something")
    print(f"{dialect}, the SDK's model: " + ", ".join(f"{count} {kind}" for kind, count in counted.items()))


check(*sys.argv[1:])
