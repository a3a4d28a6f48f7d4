/* Sizes and offsets of both headers; cors-capi/src/layout.rs has the same numbers. Compiling this file is the test. */
#include "cors_engine.h"
#include "cors_engine_documents.h"

#define WORD sizeof(void *)
#define SAME(is, shall_be) extern int same[(is) == (shall_be) ? 1 : -1]

SAME(sizeof(size_t), WORD);
SAME(sizeof(cors_engine_text), 2 * WORD);
SAME(offsetof(cors_engine_text, len), WORD);
SAME(sizeof(cors_engine_request), 8 * WORD);
SAME(offsetof(cors_engine_request, origin), 2 * WORD);
SAME(offsetof(cors_engine_request, access_control_request_method), 4 * WORD);
SAME(offsetof(cors_engine_request, access_control_request_headers), 6 * WORD);
SAME(offsetof(cors_engine_request, access_control_request_headers_len), 7 * WORD);
SAME(sizeof(cors_engine_header), 4 * WORD);
SAME(offsetof(cors_engine_header, value), 2 * WORD);
SAME(offsetof(cors_engine_decision, kind), 0);
SAME(offsetof(cors_engine_decision, reason), 1);
SAME(offsetof(cors_engine_decision, status), 2);
SAME(offsetof(cors_engine_decision, rule), 4);
SAME(offsetof(cors_engine_decision, detail), 6);
SAME(offsetof(cors_engine_decision, headers_len), 8);
SAME(offsetof(cors_engine_decision, headers), 8 + WORD);
SAME(sizeof(cors_engine_decision), 8 + WORD + 28 * WORD);
SAME(sizeof(cors_engine_policy), 320);

SAME(sizeof(cors_engine_output), 3 * WORD);
SAME(offsetof(cors_engine_output, room), WORD);
SAME(offsetof(cors_engine_output, len), 2 * WORD);
SAME(sizeof(cors_engine_rule), 10 * WORD + 8);
SAME(offsetof(cors_engine_rule, allowed_origins), 2 * WORD);
SAME(offsetof(cors_engine_rule, allowed_methods), 4 * WORD);
SAME(offsetof(cors_engine_rule, allowed_headers), 6 * WORD);
SAME(offsetof(cors_engine_rule, expose_headers), 8 * WORD);
SAME(offsetof(cors_engine_rule, max_age_seconds), 10 * WORD);
SAME(offsetof(cors_engine_rule, allow_credentials), 10 * WORD + 4);
SAME(sizeof(cors_engine_configuration), 4 * WORD);
SAME(offsetof(cors_engine_configuration, rules), WORD);
SAME(offsetof(cors_engine_configuration, rules_len), 2 * WORD);
SAME(offsetof(cors_engine_configuration, response_vary), 3 * WORD);
SAME(sizeof(cors_engine_context), 8 * WORD);
SAME(offsetof(cors_engine_context, bucket), WORD);
SAME(offsetof(cors_engine_context, request_id), 3 * WORD);
SAME(offsetof(cors_engine_context, host_id), 5 * WORD);
SAME(offsetof(cors_engine_context, bucket_is_missing), 7 * WORD);
SAME(offsetof(cors_engine_context, target_is_bucket), 7 * WORD + 1);
SAME(sizeof(cors_engine_answer), 11 * WORD);
SAME(offsetof(cors_engine_answer, ec), 2 * WORD);
SAME(offsetof(cors_engine_answer, message), 4 * WORD);
SAME(offsetof(cors_engine_answer, body), 7 * WORD);
SAME(offsetof(cors_engine_answer, status), 10 * WORD);
SAME(sizeof(cors_engine_page), 7 * WORD);
SAME(offsetof(cors_engine_page, method), 2 * WORD);
SAME(offsetof(cors_engine_page, headers), 4 * WORD);
SAME(offsetof(cors_engine_page, credentials), 6 * WORD);
