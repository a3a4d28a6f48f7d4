-- What HAProxy runs of the engine: the actions lua.cors_request and lua.cors_response. The configuration names a policy file for each
-- request in a variable:
--
--     http-request set-var(txn.cors) str(/etc/haproxy/cors.json)
--     http-request lua.cors_request
--     http-response lua.cors_response
--
-- and the files are in the environment, each behind its dialect, before lua-load: setenv CORS_POLICIES "strict /etc/haproxy/cors.json"
-- HAProxy runs no Lua for responses of its own, such as 503, so these are without CORS headers.
local engine = require "cors_engine_lua"

local policies = {}
for dialect, path in (os.getenv("CORS_POLICIES") or ""):gmatch("(%S+)%s+(%S+)") do
    local file = assert(io.open(path, "rb"))
    policies[path] = engine.compile(dialect, path, file:read("a"))
    file:close()
end

local SIX = {"access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods", "access-control-allow-headers",
             "access-control-expose-headers", "access-control-max-age"}

-- The value of a header that has one line, and whether it has several.
local function single(lines)
    return lines and lines[0], lines and lines[1] ~= nil
end

local function request(txn)
    local policy = policies[txn:get_var("txn.cors")]
    if policy == nil then return end
    local headers = txn.http:req_get_headers()
    local origin, origins = single(headers["origin"])
    local method, methods = single(headers["access-control-request-method"])
    if origin and (origins or methods) then origin = "\t" end
    local lines, sent = {}, headers["access-control-request-headers"]
    for i = 0, 32 do lines[i + 1] = sent and sent[i] end
    local kind, status, reason, answer = policy:decide(txn.f:method(), origin, method, lines)
    if kind == "preflight" then
        local reply = txn:reply{status = status, reason = status == 200 and "OK" or "Refused"}
        for name, value in pairs(answer) do reply:add_header(name, value) end
        txn:set_priv("answered")
        txn:done(reply)
    end
    txn:set_priv(answer)
end

local function response(txn)
    local answer = txn:get_priv()
    if answer == nil or answer == "answered" then return end
    for _, name in ipairs(SIX) do txn.http:res_del_header(name) end
    local tokens, known, old = {}, {}, txn.http:res_get_headers()["vary"] or {}
    local function add(value)
        for token in value:gmatch("[^,%s]+") do
            if not known[token:lower()] and not known["*"] then tokens[#tokens + 1] = token end
            known[token:lower()] = true
        end
    end
    for i = 0, 1000 do
        if old[i] == nil then break end
        add(old[i])
    end
    for name, value in pairs(answer) do
        if name == "vary" then add(value) else txn.http:res_set_header(name, value) end
    end
    txn.http:res_del_header("vary")
    if tokens[1] then txn.http:res_add_header("vary", table.concat(tokens, ", ")) end
end

core.register_action("cors_request", {"http-req"}, request)
core.register_action("cors_response", {"http-res"}, response)
