-- What cors_engine.lua promises: luajit test.lua PREFIX
package.path = arg[0]:match("^(.*)/") .. "/?.lua;" .. package.path
local engine = require "cors_engine"
local options = {prefix = arg[1], dialect = "s3", name = "cors.json"}
options.document = '{"CORSRules": [{"AllowedOrigins": ["https://*.app.example"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["x-*"]}]}'
local policy = engine.new(options)

local granted = policy:decide{method = "OPTIONS", origin = "https://eu.app.example", access_control_request_method = "PUT", access_control_request_headers = {"x-a", "", "x-b"}}
assert(granted.kind == "preflight" and granted.status == 200 and granted.reason == "" and granted.rule == 0)
assert(granted.headers["access-control-allow-headers"] == "x-a, x-b", granted.headers["access-control-allow-headers"])
local refused = policy:decide{method = "PUT", origin = "https://evil.example"}
assert(refused.kind == "actual" and refused.reason == "origin" and refused.rule == nil)
assert(policy:decide{method = "PUT", origin = "\t"}.reason == "origin")
assert(policy:decide{method = "GET"}.kind == "not_cors")

local headers = {["access-control-allow-origin"] = "*", vary = {"Accept-Encoding, origin", "accept-encoding"}, etag = "1"}
policy.apply(refused, headers)
assert(headers["access-control-allow-origin"] == nil and headers.etag == "1" and headers.vary == "Accept-Encoding, origin", headers.vary)
headers = {vary = "*"}
policy.apply(refused, headers)
assert(headers.vary == "*")

options.document = '{"CORSRules": [{"AllowedOrigins": ["https://*.a.*"],\n "AllowedMethods": ["get"]}]}'
local ok, why = pcall(engine.new, options)
assert(not ok and why:find("cors.json:1:36: rule 1", 1, true) and why:find("cors.json:2:21: rule 1", 1, true), why)
for _ = 1, 100000 do policy:decide{method = "PUT", origin = "https://eu.app.example"} end
print "holds"
