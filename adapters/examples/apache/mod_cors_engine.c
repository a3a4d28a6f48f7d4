/*
 * The engine in Apache httpd 2.4: answers preflights before authentication, and sets the CORS headers of every response.
 *
 *     apxs -c -i mod_cors_engine.c -lcors_engine_documents
 *
 *     LoadModule cors_engine_module modules/mod_cors_engine.so
 *     <Location /photos/>
 *         CorsPolicy strict conf/photos.json
 *     </Location>
 *
 * The file can be an image, by `cors compile`. A document with an error stops `apachectl configtest`, and the error is in its words.
 */
#include <string.h>

#include <apr_file_io.h>
#include <apr_strings.h>
#include <httpd.h>

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include <cors_engine_documents.h>

module AP_MODULE_DECLARE_DATA cors_engine_module;

static const char FILTER[] = "CORS_ENGINE";

static void *new_folder(apr_pool_t *pool, char *folder) {
    (void)folder;
    return apr_pcalloc(pool, sizeof(cors_engine_policy *));
}

static void *merge_folders(apr_pool_t *pool, void *outer, void *inner) {
    (void)pool;
    return *(cors_engine_policy **)inner == NULL ? outer : inner;
}

static const char *set_policy(cmd_parms *command, void *folder, const char *dialect, const char *name) {
    apr_pool_t *pool = command->pool;
    const char *path = ap_server_root_relative(pool, name);
    apr_file_t *file;
    apr_finfo_t about;
    if (path == NULL || apr_file_open(&file, path, APR_READ | APR_BINARY, 0, pool) != APR_SUCCESS) {
        return apr_psprintf(pool, "CorsPolicy: %s cannot be read", name);
    }
    apr_size_t len = 0;
    char *text = NULL;
    if (apr_file_info_get(&about, APR_FINFO_SIZE, file) == APR_SUCCESS) {
        text = apr_palloc(pool, (apr_size_t)about.size + 1);
        if (apr_file_read_full(file, text, (apr_size_t)about.size, &len) != APR_SUCCESS) text = NULL;
    }
    apr_file_close(file);
    if (text == NULL) return apr_psprintf(pool, "CorsPolicy: %s cannot be read", path);
    cors_engine_policy *policy = apr_palloc(pool, sizeof *policy);
    *(cors_engine_policy **)folder = policy;
    if (cors_engine_policy_open(policy, text, len) == 0) return NULL;
    cors_engine_output image = {NULL, 0, 0}, errors = {NULL, 0, 0};
    int error = cors_engine_compile_document(dialect, path, text, len, &image, &errors);
    if (error == CORS_ENGINE_ERROR_DOCUMENT) {
        errors.room = errors.len + 1;
        errors.data = apr_palloc(pool, errors.room);
        cors_engine_compile_document(dialect, path, text, len, NULL, &errors);
        return apr_pstrcat(pool, "CorsPolicy: ", errors.data, NULL);
    }
    if (error == CORS_ENGINE_ERROR_ROOM) {
        image.room = image.len;
        image.data = apr_palloc(pool, image.room);
        error = cors_engine_compile_document(dialect, path, text, len, &image, NULL);
    }
    if (error == 0) error = cors_engine_policy_view(policy, image.data, image.len);
    if (error != 0) return apr_psprintf(pool, "CorsPolicy %s %s: %s", dialect, name, cors_engine_error_text(error));
    return NULL;
}

/* httpd joins the lines of a header with a comma before modules see them. */
static cors_engine_text field(request_rec *request, const char *name) {
    const char *value = apr_table_get(request->headers_in, name);
    return (cors_engine_text){value, value == NULL ? 0 : strlen(value)};
}

/* The decision for a request, kept in it; NULL where there is no policy. */
static cors_engine_decision *decided(request_rec *request) {
    cors_engine_policy *policy = *(cors_engine_policy **)ap_get_module_config(request->per_dir_config, &cors_engine_module);
    cors_engine_decision *decision = ap_get_module_config(request->request_config, &cors_engine_module);
    if (policy == NULL || decision != NULL) return decision;
    cors_engine_text lines = field(request, "Access-Control-Request-Headers");
    cors_engine_request asked = {{request->method, strlen(request->method)}, field(request, "Origin"),
                                 field(request, "Access-Control-Request-Method"), &lines, lines.data != NULL};
    if (asked.origin.data != NULL && memchr(asked.origin.data, ',', asked.origin.len) != NULL) {
        asked.origin = (cors_engine_text){CORS_ENGINE_AMBIGUOUS_ORIGIN, 1};
    }
    char *buffer = apr_palloc(request->pool, CORS_ENGINE_BUFFER_BYTES);
    decision = apr_palloc(request->pool, sizeof *decision);
    cors_engine_decide(policy, &asked, buffer, CORS_ENGINE_BUFFER_BYTES, decision);
    ap_set_module_config(request->request_config, &cors_engine_module, decision);
    return decision;
}

typedef struct {
    apr_pool_t *pool;
    char *tokens;
} vary;

/* Adds the tokens of a line that are not there yet. */
static int add_tokens(void *to, const char *name, const char *line) {
    (void)name;
    vary *vary = to;
    char *rest = apr_pstrdup(vary->pool, line), *state = NULL;
    for (char *token = apr_strtok(rest, ", \t", &state); token != NULL; token = apr_strtok(NULL, ", \t", &state)) {
        if (ap_find_token(vary->pool, vary->tokens, token) || ap_find_token(vary->pool, vary->tokens, "*")) continue;
        vary->tokens = *vary->tokens == '\0' ? token : apr_pstrcat(vary->pool, vary->tokens, ", ", token, NULL);
    }
    return 1;
}

static void decorate(request_rec *request) {
    static const char *const NAMES[] = {"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
                                        "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Vary"};
    const cors_engine_decision *decision = decided(request);
    if (decision == NULL) return;
    vary vary = {request->pool, ""};
    apr_table_do(add_tokens, &vary, request->headers_out, "Vary", NULL);
    apr_table_do(add_tokens, &vary, request->err_headers_out, "Vary", NULL);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        apr_table_unset(request->headers_out, NAMES[i]);
        apr_table_unset(request->err_headers_out, NAMES[i]);
    }
    for (size_t i = 0; i < decision->headers_len; i++) {
        const char *name = decision->headers[i].name.data;
        const char *value = apr_pstrmemdup(request->pool, decision->headers[i].value.data, decision->headers[i].value.len);
        if (strcmp(name, "vary") == 0) add_tokens(&vary, name, value);
        else apr_table_setn(request->headers_out, name, value);
    }
    if (*vary.tokens != '\0') apr_table_setn(request->headers_out, "Vary", vary.tokens);
}

/* Runs when the headers of a response, of whatever made it, are about to be sent. */
static apr_status_t filter(ap_filter_t *filter, apr_bucket_brigade *brigade) {
    decorate(filter->r);
    ap_remove_output_filter(filter);
    return ap_pass_brigade(filter->next, brigade);
}

static void insert_filter(request_rec *request) {
    if (*(cors_engine_policy **)ap_get_module_config(request->per_dir_config, &cors_engine_module) != NULL) {
        ap_add_output_filter(FILTER, NULL, request, request->connection);
    }
}

/* After the folder is known, before access is checked: browsers send preflights without credentials. */
static int preflight(request_rec *request) {
    const cors_engine_decision *decision = decided(request);
    if (decision == NULL || decision->kind != CORS_ENGINE_PREFLIGHT) return DECLINED;
    request->status = decision->status;
    insert_filter(request);
    return DONE;
}

static void register_hooks(apr_pool_t *pool) {
    (void)pool;
    ap_register_output_filter(FILTER, filter, NULL, AP_FTYPE_CONTENT_SET);
    ap_hook_header_parser(preflight, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_insert_filter(insert_filter, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(insert_filter, NULL, NULL, APR_HOOK_LAST);
}

static const command_rec COMMANDS[] = {
    AP_INIT_TAKE2("CorsPolicy", set_policy, NULL, RSRC_CONF | ACCESS_CONF, "a dialect, such as strict or s3, and the file of a document"),
    {NULL}};

module AP_MODULE_DECLARE_DATA cors_engine_module = {STANDARD20_MODULE_STUFF, new_folder, merge_folders, NULL, NULL, COMMANDS, register_hooks};
