/* The offsets that adapters/npm/src uses are those of the headers where pointers have 32 bits. */
#include "cors_engine_documents.h"

#define IS(what, value) _Static_assert((what) == (value), #what)
IS(sizeof(cors_engine_policy), 320);
IS(_Alignof(cors_engine_policy), 8);
IS(sizeof(cors_engine_text), 8);
IS(offsetof(cors_engine_text, len), 4);
IS(sizeof(cors_engine_request), 32);
IS(offsetof(cors_engine_request, origin), 8);
IS(offsetof(cors_engine_request, access_control_request_method), 16);
IS(offsetof(cors_engine_request, access_control_request_headers), 24);
IS(offsetof(cors_engine_request, access_control_request_headers_len), 28);
IS(sizeof(cors_engine_decision), 124);
IS(offsetof(cors_engine_decision, kind), 0);
IS(offsetof(cors_engine_decision, reason), 1);
IS(offsetof(cors_engine_decision, status), 2);
IS(offsetof(cors_engine_decision, rule), 4);
IS(offsetof(cors_engine_decision, detail), 6);
IS(offsetof(cors_engine_decision, headers_len), 8);
IS(offsetof(cors_engine_decision, headers), 12);
IS(sizeof(cors_engine_header), 16);
IS(offsetof(cors_engine_header, value), 8);
IS(sizeof(cors_engine_output), 12);
IS(offsetof(cors_engine_output, room), 4);
IS(offsetof(cors_engine_output, len), 8);
IS(sizeof(cors_engine_page), 28);
IS(offsetof(cors_engine_page, method), 8);
IS(offsetof(cors_engine_page, headers), 16);
IS(offsetof(cors_engine_page, headers_len), 20);
IS(offsetof(cors_engine_page, credentials), 24);
IS(CORS_ENGINE_BUFFER_BYTES, 16640);
IS(CORS_ENGINE_NO_RULE, 65535);
IS(CORS_ENGINE_ERROR_ROOM, -3);
IS(CORS_ENGINE_ERROR_DOCUMENT, -22);
IS(CORS_ENGINE_NOT_CORS, 0);
IS(CORS_ENGINE_PREFLIGHT, 1);
IS(CORS_ENGINE_ACTUAL, 2);
IS(CORS_ENGINE_ABI_VERSION, 1);
