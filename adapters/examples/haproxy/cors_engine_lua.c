/* The engine as a C module for Lua 5.3, as HAProxy has it: require "cors_engine_lua". cors.lua is what HAProxy runs. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include <cors_engine_documents.h>

#define POLICY "cors_engine.policy"

static cors_engine_text text(lua_State *lua, int index) {
    cors_engine_text text = {NULL, 0};
    if (!lua_isnoneornil(lua, index)) text.data = luaL_checklstring(lua, index, &text.len);
    return text;
}

/* compile(dialect, name, document): a policy. The document can be an image, by `cors compile`. Raises every error, each as NAME:LINE:COLUMN: what to change. */
static int compile(lua_State *lua) {
    const char *dialect = luaL_checkstring(lua, 1), *name = luaL_checkstring(lua, 2);
    cors_engine_text document = text(lua, 3);
    cors_engine_policy opened;
    if (cors_engine_policy_open(&opened, document.data, document.len) == 0) {
        cors_engine_policy *policy = lua_newuserdata(lua, sizeof *policy + document.len);
        cors_engine_policy_view(policy, memcpy(policy + 1, document.data, document.len), document.len);
        luaL_setmetatable(lua, POLICY);
        return 1;
    }
    cors_engine_output image = {NULL, 0, 0}, errors = {NULL, 0, 0};
    int error = cors_engine_compile_document(dialect, name, document.data, document.len, &image, &errors);
    if (error == CORS_ENGINE_ERROR_DOCUMENT) {
        errors.data = lua_newuserdata(lua, errors.len + 1);
        errors.room = errors.len + 1;
        cors_engine_compile_document(dialect, name, document.data, document.len, NULL, &errors);
        lua_pushlstring(lua, errors.data, errors.len);
        return lua_error(lua);
    }
    if (error != CORS_ENGINE_ERROR_ROOM) return luaL_error(lua, "%s", cors_engine_error_text(error));
    cors_engine_policy *policy = lua_newuserdata(lua, sizeof *policy + image.len);
    image.data = (char *)(policy + 1);
    image.room = image.len;
    error = cors_engine_compile_document(dialect, name, document.data, document.len, &image, NULL);
    if (error == 0) error = cors_engine_policy_view(policy, image.data, image.len);
    if (error != 0) return luaL_error(lua, "%s", cors_engine_error_text(error));
    luaL_setmetatable(lua, POLICY);
    return 1;
}

/* policy:decide(method, origin, access_control_request_method, lines): kind, status, reason, headers. nil is what was not sent. */
static int decide(lua_State *lua) {
    const cors_engine_policy *policy = luaL_checkudata(lua, 1, POLICY);
    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    cors_engine_request request = {text(lua, 2), text(lua, 3), text(lua, 4), lines, 0};
    lua_settop(lua, 5);
    if (!lua_isnil(lua, 5)) {
        luaL_checktype(lua, 5, LUA_TTABLE);
        size_t count = lua_rawlen(lua, 5), most = sizeof lines / sizeof *lines;
        request.access_control_request_headers_len = count < most ? count : most;
        /* The lines stay on the stack, so that their bytes stay. */
        luaL_checkstack(lua, (int)most, "lines");
        for (size_t i = 0; i < request.access_control_request_headers_len; i++) {
            lua_rawgeti(lua, 5, (lua_Integer)i + 1);
            lines[i] = text(lua, -1);
        }
    }
    static const char *const KINDS[] = {"not_cors", "preflight", "actual"};
    char buffer[CORS_ENGINE_BUFFER_BYTES];
    cors_engine_decision decision;
    int error = cors_engine_decide(policy, &request, buffer, sizeof buffer, &decision);
    if (error != 0) return luaL_error(lua, "%s", cors_engine_error_text(error));
    lua_pushstring(lua, KINDS[decision.kind]);
    lua_pushinteger(lua, decision.status);
    lua_pushstring(lua, cors_engine_reason_name(decision.reason));
    lua_newtable(lua);
    for (size_t i = 0; i < decision.headers_len; i++) {
        lua_pushlstring(lua, decision.headers[i].name.data, decision.headers[i].name.len);
        lua_pushlstring(lua, decision.headers[i].value.data, decision.headers[i].value.len);
        lua_rawset(lua, -3);
    }
    return 4;
}

int luaopen_cors_engine_lua(lua_State *lua) {
    static const luaL_Reg FUNCTIONS[] = {{"compile", compile}, {NULL, NULL}}, METHODS[] = {{"decide", decide}, {NULL, NULL}};
    if (cors_engine_abi_version() != CORS_ENGINE_ABI_VERSION) return luaL_error(lua, "the library and this module are of different releases");
    luaL_newmetatable(lua, POLICY);
    luaL_newlib(lua, METHODS);
    lua_setfield(lua, -2, "__index");
    luaL_newlib(lua, FUNCTIONS);
    return 1;
}
