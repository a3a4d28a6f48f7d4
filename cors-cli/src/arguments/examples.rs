//! What each command's help shows below its options: examples, formats, exit statuses.

pub(super) const LINT_HELP: &str = "\
Examples:
  cors lint bucket.xml
  cors lint cors.json --dialect s3 --json
  cors lint bucket.xml --sarif > cors.sarif
  cors lint bucket.xml --fail-on error

Identifiers, hints and examples: docs/lint.md. JSON documents are recognised.

Exit status: 0 no finding reaches the --fail-on severity, 1 one does or the configuration is not valid, 2 wrong usage or \
unreadable input.";

pub(super) const CONVERT_HELP: &str = "\
Examples:
  cors convert bucket.xml --from s3 --to gcs-json > cors.json
  cors convert cors.json --from r2 --to oss --strict
  aws s3api get-bucket-cors ... | cors convert - --from s3-json --to azure
  cors convert main.tf --from terraform --to s3-console

Whatever cannot be expressed or would change an answer is reported rule by rule on standard error. If nothing is \
reported, the same rules allow the same pages, with credentials and without; see docs/convert.md.

Exit status: 0 written, 1 the configuration is not valid, or --strict and something was lost, 2 wrong usage or \
unreadable input.";

pub(super) const DIFF_HELP: &str = "\
Examples:
  cors diff old.xml new.xml
  cors diff old.json new.json --dialect s3 --json
  git show HEAD:bucket.xml | cors diff - bucket.xml

Every origin pattern of both configurations is tried with every method and header; each reported example was \
evaluated under both.

Exit status: 0 no difference was found, 1 there is one, 2 wrong usage or unreadable input.";

pub(super) const COMPILE_HELP: &str = "\
Examples:
  cors compile bucket.xml -o bucket.cors
  cors compile cors.json --dialect s3 -o bucket.cors

Exit status: 0 written, 1 the configuration is not valid, 2 wrong usage, unreadable input or unwritable output.";

pub(super) const INSPECT_HELP: &str = "\
Examples:
  cors inspect bucket.cors

Exit status: 0 it is a policy image, 1 it is not, 2 wrong usage or unreadable input.";

pub(super) const COMPLETIONS_HELP: &str = "\
Examples:
  cors completions bash > ~/.local/share/bash-completion/completions/cors
  cors completions zsh > ~/.zfunc/_cors

Exit status: 0 printed, 2 wrong usage.";

pub(super) const MAN_HELP: &str = "\
Examples:
  cors man > cors.1
  cors man lint > cors-lint.1

Exit status: 0 printed, 2 wrong usage.";

pub(super) const EXPLAIN_HELP: &str = "\
Examples:
  cors explain bucket.xml --origin https://app.example --method PUT --header content-type
  cors explain bucket.xml --origin https://app.example --method GET --credentials --dialect s3
  cors explain azure.xml --origin https://app.example --method PUT --dialect azure
  cors explain - --origin https://app.example --method POST --header 'content-type: text/plain' --json < bucket.xml

A header is NAME or 'NAME: VALUE'. For some headers the value decides whether they need a preflight. Without a \
value, accept, accept-language and content-language are assumed not to, content-type and range are assumed to.

With --dialect strict, the document is read as an S3 document. JSON documents are recognised.

--json prints one object: dialect, preflight_needed, preflight_reason, preflight (request, outcome, rule, status, \
error, refusal, headers) or null, actual (the same), verdict (page_can_read, reason, readable_headers), selection \
(conjunct, commit_then_fail), rules, suggestion or null.

Exit status: 0 the page can read the response, 1 it cannot, 2 wrong usage or unreadable input.";

pub(super) const PROBE_HELP: &str = "\
Examples:
  cors probe https://bucket.example/photo.jpg --origin https://app.example
  cors probe https://bucket.example/photo.jpg --origin https://app.example --method PUT --header content-type
  cors probe https://bucket.example/photo.jpg --origin https://app.example --config bucket.xml --dialect s3
  cors probe http://127.0.0.1:8333/photos/a.jpg --json

The requests are listed before the first is sent, and no other is sent; no redirect is followed. With --json the list is on standard error. \
For each method a page asks, then a page that no server knows, then a request without Origin, then the page again: a cache that mixes them shows.

Of a method other than GET, HEAD and OPTIONS only the preflight is sent, unless --write is given. A header is sent if it has a value.

--json prints one object: url, requests (number, method, origin, is_preflight, headers, sent, error, answer, verdict), findings (kind, \
requests, header, text, set_by, change). Kinds: docs/probe.md.

Exit status: 0 nothing is wrong, 1 there are findings, 2 wrong usage, or no server can be reached.";

pub(super) const DECIDE_HELP: &str = "\
Each line of the input is one request, a JSON object:
  {\"method\": \"OPTIONS\", \"origin\": \"https://a.example\", \"access_control_request_method\": \"PUT\",
   \"access_control_request_headers\": \"x-a, x-b\"}
A member that is null or absent was not sent; the last one may be an array of field lines. Each character from U+0000 \
to U+00FF is one byte.

Each line of the output is one answer, in the order of the requests: outcome (not_cors, preflight_granted, \
preflight_refused, actual_granted, actual_refused, bad_request), rule (counted from 0, or null), status (of a preflight, or null), error \
(code and message of a failed preflight, or null), refusal (step and more, or null), headers.

Examples:
  echo '{\"method\": \"GET\", \"origin\": \"https://a.example\"}' | cors decide bucket.xml --requests -
  cors decide --not-configured --dialect s3 --requests requests.jsonl

Exit status: 0 every line was answered, 2 wrong usage or unreadable input.";

pub(super) const PARSE_HELP: &str = "\
Examples:
  cors parse bucket.xml
  cors parse cors.json --dialect gcs
  aws s3api get-bucket-cors ... | cors parse - --dialect s3
  gcloud storage buckets describe gs://BUCKET | cors parse - --dialect gcs
  cors parse main.tf --dialect s3

XML, JSON, YAML and Terraform are recognised: docs/forms.md.

Exit status: 0 valid, 1 not valid, 2 wrong usage or unreadable input.";

pub(super) const WRITE_HELP: &str = "\
Examples:
  cors write bucket.xml
  cors write cors.json --dialect s3

JSON documents are recognised; the output is the provider's XML, and for strict that of S3. For JSON output, use \
cors convert.

Exit status: 0 written, 1 the configuration is not valid, 2 wrong usage or unreadable input.";

pub(super) const SERVE_HELP: &str = "\
Try it:
  cors serve --dialect s3 --anonymous --store memory: &
  curl -X PUT http://127.0.0.1:8333/photos
  curl -X PUT http://127.0.0.1:8333/photos?cors --data-binary @bucket.xml
  curl -i -X OPTIONS http://127.0.0.1:8333/photos/a.jpg -H 'Origin: https://app.example' \\
       -H 'Access-Control-Request-Method: GET'

With keys, and a client:
  echo 'AKIDEXAMPLE:a-long-secret' > keys; chmod 600 keys
  cors serve --dialect s3 --credentials keys --store ./data
  AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=a-long-secret AWS_DEFAULT_REGION=us-east-1 \\
      aws --endpoint-url http://127.0.0.1:8333 s3 mb s3://photos

When ready, it prints one line to standard output: listening on http://ADDRESS:PORT. Each request is logged as one \
JSON line on standard error, with the reason for every refusal. With --page, for this machine only: counters for \
Prometheus at /_cors/metrics, and a page at /_cors/ that explains requests and lists the buckets' rules. On SIGINT \
and SIGTERM, requests in progress finish first.

Signatures: AWS V4 on s3, V4 and with --v1-signatures V1 on oss, in headers and in URLs; a clock may be off by 15 \
minutes. Preflights need no signature. The bucket is the first segment of the path, or the first label of a host under --domain.

Several gateways may share one store: a change made through one takes effect at the others within 2 seconds. \
STORE is a folder, memory: or, if this program was built with the feature cloud, a URL such as s3://BUCKET/PREFIX, \
gs://BUCKET or az://CONTAINER; their credentials come from AWS_*, GOOGLE_* and AZURE_* in the environment.

Exit status: 0 stopped by a signal, 2 could not start.";

pub(super) const CONFORMANCE_HELP: &str = "\
Examples:
  cors conformance http://127.0.0.1:9000 --dialect s3 --credentials key
  cors conformance http://127.0.0.1:9000 --dialect s3 --credentials key --only preflight --junit cors.xml
  cors conformance https://oss-cn-hangzhou.aliyuncs.com --dialect oss --credentials key --virtual-host
  cors conformance http://127.0.0.1:9000 --dialect s3 --dry-run

Makes a bucket with a random name that begins with cors-conformance-, asks the rows of reference/vectors there one \
after another, and removes the bucket in the end, also after an error and on SIGINT and SIGTERM. Nothing is sent to \
any other bucket, except the HEAD that shows that a name is free. How a row is known is printed with it: docs/conformance.md.

Exit status: 0 every row that was asked is answered as by the provider, 1 a row is not, 2 wrong usage, no usable \
server, stopped, or a bucket is left.";
