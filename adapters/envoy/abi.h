/* What the module uses of Envoy's interface for dynamic modules. */
#ifndef CORS_ENGINE_ENVOY_ABI_H
#define CORS_ENGINE_ENVOY_ABI_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cors_engine_documents.h>

/*
 * Stated from source/extensions/dynamic_modules/abi/abi.h of Envoy; the same from Envoy 1.38 to 1.40. The version is that of the
 * oldest of them: each release of Envoy serves modules for the release before it too, and logs a warning.
 */
#define HOOK __attribute__((visibility("default")))
#define ABI_VERSION "v0.1.0"

typedef cors_engine_text text; /* envoy_dynamic_module_type_envoy_buffer and _module_buffer: a pointer and a length */
typedef cors_engine_header header; /* envoy_dynamic_module_type_module_http_header: two of these */
typedef void envoy_filter;
typedef void envoy_filter_config;

enum { CONTINUE = 0, STOP_ITERATION = 1 };           /* envoy_dynamic_module_type_on_http_filter_request_headers_status */
enum { REQUEST_HEADER = 0, RESPONSE_HEADER = 2 };    /* envoy_dynamic_module_type_http_header_type */
enum { LOG_ERROR = 4 };                              /* envoy_dynamic_module_type_log_level */

void envoy_dynamic_module_callback_log(int level, text message);
int envoy_dynamic_module_callback_http_filter_config_define_counter(envoy_filter_config *, text name, text *labels,
                                                                    size_t labels_len, size_t *id);
int envoy_dynamic_module_callback_http_filter_increment_counter(envoy_filter *, size_t id, text *labels, size_t labels_len,
                                                                uint64_t value);
const void *envoy_dynamic_module_callback_get_most_specific_route_config(envoy_filter *);
bool envoy_dynamic_module_callback_http_get_header(envoy_filter *, int type, text name, text *value, size_t index, size_t *count);
size_t envoy_dynamic_module_callback_http_get_headers_size(envoy_filter *, int type);
bool envoy_dynamic_module_callback_http_get_headers(envoy_filter *, int type, header *all);
bool envoy_dynamic_module_callback_http_set_header(envoy_filter *, int type, text name, text value);
bool envoy_dynamic_module_callback_http_add_header(envoy_filter *, int type, text name, text value);
void envoy_dynamic_module_callback_http_send_response(envoy_filter *, uint32_t status, header *, size_t headers_len, text body, text details);
void envoy_dynamic_module_callback_http_send_response_headers(envoy_filter *, header *, size_t headers_len, bool end_of_stream);
void envoy_dynamic_module_callback_http_set_dynamic_metadata_string(envoy_filter *, text space, text name, text value);
void envoy_dynamic_module_callback_http_set_dynamic_metadata_number(envoy_filter *, text space, text name, double value);

static const text NOTHING = {NULL, 0};

static text chars(const char *chars) {
    return (text){chars, strlen(chars)};
}

#endif
