-- The engine for LuaJIT by ffi: OpenResty, Kong, APISIX, or luajit alone. Needs libcors_engine_documents.so and its two headers.
--
--     local policy = require("cors_engine").new{prefix = "/usr/local", dialect = "strict", document = text, name = "cors.json"}
--     local decision = policy:decide{method = "GET", origin = origin}        -- in rewrite_by_lua, before authentication
--     if decision.kind == "preflight" then ... answer with decision.status and decision.headers ... end
--     policy.apply(decision, headers)                                        -- in header_filter_by_lua
local ffi = require "ffi"

local engine = {}
local KINDS = {[0] = "not_cors", "preflight", "actual"}
local SIX = {"access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods", "access-control-allow-headers",
             "access-control-expose-headers", "access-control-max-age"}
local library

-- Numbers that the headers define, such as C.MAX_HEADERS.
local C = {}

-- Declares what the headers declare. ffi.cdef reads C without a preprocessor: numbers are put in, lines for it are left out.
local function load(prefix)
    if library then return end
    for _, name in ipairs{"cors_engine.h", "cors_engine_documents.h"} do
        local file = assert(io.open(prefix .. "/include/" .. name))
        local text = file:read("*a"):gsub("/%*.-%*/", ""):gsub("#ifdef __cplusplus.-#endif", "")
        file:close()
        for constant, number in text:gmatch("#define CORS_ENGINE_([%u_]+) %(?(-?%d+)%)?") do C[constant] = tonumber(number) end
        ffi.cdef((text:gsub("#[^\n]*", ""):gsub("CORS_ENGINE_([%u_]+)", C)))
    end
    library = ffi.load(prefix .. "/lib/libcors_engine_documents.so")
    assert(library.cors_engine_abi_version() == C.ABI_VERSION, "library and headers are of different releases; install both again")
end

local function text(value)
    return value and ffi.new("cors_engine_text", value, #value) or ffi.new("cors_engine_text")
end

local methods = {}
local Policy = {__index = methods}

-- Compiles a document; raises every error, each as NAME:LINE:COLUMN: what to change.
function engine.new(options)
    load(options.prefix or "/usr/local")
    local image, errors = ffi.new("cors_engine_output"), ffi.new("cors_engine_output")
    local function compile()
        return library.cors_engine_compile_document(options.dialect or "strict", options.name, options.document, #options.document, image, errors)
    end
    local code = compile()
    if code == C.ERROR_DOCUMENT then
        errors.room = errors.len + 1
        local memory = ffi.new("char[?]", errors.room)
        errors.data = memory
        compile()
        error(ffi.string(errors.data), 2)
    end
    local memory = ffi.new("char[?]", image.len)
    image.data, image.room = memory, image.len
    if code == C.ERROR_ROOM then code = compile() end
    local policy = ffi.new("cors_engine_policy")
    if code == 0 then code = library.cors_engine_policy_view(policy, memory, image.len) end
    if code ~= 0 then error(ffi.string(library.cors_engine_error_text(code)), 2) end
    return setmetatable({policy = policy, image = memory}, Policy)
end

local buffer

-- Decides a request: method, origin, access_control_request_method, access_control_request_headers (a table of lines).
-- nil is a header that was not sent. Pass "\t" as the origin if it, or the method, came in several lines.
function methods:decide(request)
    buffer = buffer or ffi.new("char[?]", C.BUFFER_BYTES)
    local lines = request.access_control_request_headers or {}
    local count = math.min(#lines, C.MAX_FIELD_LINES + 1)
    local fields = ffi.new("cors_engine_text[?]", math.max(count, 1))
    for i = 1, count do fields[i - 1] = text(lines[i]) end
    local asked = ffi.new("cors_engine_request", text(request.method), text(request.origin), text(request.access_control_request_method), fields, count)
    local decision = ffi.new("cors_engine_decision")
    local code = library.cors_engine_decide(self.policy, asked, buffer, C.BUFFER_BYTES, decision)
    if code ~= 0 then error(ffi.string(library.cors_engine_error_text(code)), 2) end
    local answer = {kind = KINDS[decision.kind], reason = ffi.string(library.cors_engine_reason_name(decision.reason)), status = decision.status, headers = {}}
    if decision.rule ~= C.NO_RULE then answer.rule = decision.rule end
    for i = 0, tonumber(decision.headers_len) - 1 do
        local header = decision.headers[i]
        answer.headers[ffi.string(header.name.data, header.name.len)] = ffi.string(header.value.data, header.value.len)
    end
    return answer
end

-- Puts the headers of a decision into a table of response headers by lower-case names: the six are replaced, Vary becomes one value.
function methods.apply(decision, headers)
    for _, name in ipairs(SIX) do headers[name] = decision.headers[name] end
    local tokens, known = {}, {}
    local old = headers.vary or {}
    for _, value in ipairs{type(old) == "table" and table.concat(old, ",") or old, decision.headers.vary or ""} do
        for token in value:gmatch("[^,%s]+") do
            if not known[token:lower()] and not known["*"] then tokens[#tokens + 1] = token end
            known[token:lower()] = true
        end
    end
    headers.vary = tokens[1] and table.concat(tokens, ", ")
end

return engine
