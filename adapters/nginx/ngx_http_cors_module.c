/*
 * CORS by the rules of documents, for nginx: reads policies at start, answers preflights, and sets the headers of all other responses.
 *
 * libcors_engine_documents decides. This file carries requests to it and answers back:
 *
 * - cors_policies and cors, the directives, are at the top; every error in them is reported before nginx refuses to start.
 * - ngx_http_cors_decide() reads a request and has it decided, once for the location that counts.
 * - ngx_http_cors_handler() answers preflights.
 * - ngx_http_cors_filter() sets the headers of a response.
 */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <cors_engine_documents.h>

/* A policy, and its node in the tree of names. */
typedef struct {
    ngx_str_node_t node;
    ngx_str_t file;
    cors_engine_policy policy;
} ngx_http_cors_policy_t;

/* A name in a `cors` directive, which is looked up when all of the configuration was read. */
typedef struct {
    ngx_str_t name;
    ngx_http_cors_policy_t **policy;
    ngx_str_t file;
    ngx_uint_t line;
} ngx_http_cors_reference_t;

typedef struct {
    ngx_rbtree_t policies;
    ngx_rbtree_node_t sentinel;
    ngx_array_t references; /* ngx_http_cors_reference_t */
    ngx_uint_t errors;
} ngx_http_cors_main_conf_t;

/* The kinds of `cors`. Without the directive, the kind stays NGX_CONF_UNSET_UINT. */
#define NGX_HTTP_CORS_OFF 0
#define NGX_HTTP_CORS_NAMED 1
#define NGX_HTTP_CORS_VARIABLE 2

typedef struct {
    ngx_uint_t kind;
    ngx_uint_t report;
    ngx_http_cors_policy_t *policy; /* of the name, or the default of the variable; NULL if that has none */
    ngx_http_complex_value_t name;
} ngx_http_cors_loc_conf_t;

/* What was decided about a request. */
typedef struct {
    ngx_http_cors_loc_conf_t *conf;
    ngx_str_t result; /* $cors_result */
    ngx_uint_t is_decided; /* the decision is set, and counts */
    cors_engine_decision decision;
} ngx_http_cors_ctx_t;

static void *ngx_http_cors_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_cors_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_http_cors_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_cors_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child);
static ngx_int_t ngx_http_cors_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_cors_init(ngx_conf_t *cf);
static char *ngx_http_cors_policies(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static char *ngx_http_cors(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

static ngx_command_t ngx_http_cors_commands[] = {
    {ngx_string("cors_policies"), NGX_HTTP_MAIN_CONF | NGX_CONF_1MORE, ngx_http_cors_policies, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL},
    {ngx_string("cors"), NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF | NGX_CONF_TAKE123, ngx_http_cors,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    ngx_null_command};

static ngx_http_module_t ngx_http_cors_module_ctx = {
    ngx_http_cors_add_variables,
    ngx_http_cors_init,
    ngx_http_cors_create_main_conf,
    ngx_http_cors_init_main_conf,
    NULL,
    NULL,
    ngx_http_cors_create_loc_conf,
    ngx_http_cors_merge_loc_conf,
};

ngx_module_t ngx_http_cors_module = {NGX_MODULE_V1, &ngx_http_cors_module_ctx, ngx_http_cors_commands, NGX_HTTP_MODULE,
                                     NULL,          NULL,                      NULL,                   NULL,
                                     NULL,          NULL,                      NULL,                   NGX_MODULE_V1_PADDING};

static ngx_http_output_header_filter_pt ngx_http_cors_next_header_filter;

static void *
ngx_http_cors_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_cors_main_conf_t *cmcf = ngx_pcalloc(cf->pool, sizeof(*cmcf));
    if (cmcf == NULL || ngx_array_init(&cmcf->references, cf->pool, 8, sizeof(ngx_http_cors_reference_t)) != NGX_OK) {
        return NULL;
    }
    ngx_rbtree_init(&cmcf->policies, &cmcf->sentinel, ngx_str_rbtree_insert_value);
    return cmcf;
}

static ngx_uint_t
ngx_http_cors_is_off(ngx_http_cors_loc_conf_t *conf)
{
    return conf->kind == NGX_CONF_UNSET_UINT || conf->kind == NGX_HTTP_CORS_OFF;
}

static ngx_http_cors_policy_t *
ngx_http_cors_find(ngx_http_cors_main_conf_t *cmcf, ngx_str_t *name)
{
    /* The node is the first member. */
    return (ngx_http_cors_policy_t *) ngx_str_rbtree_lookup(&cmcf->policies, name, ngx_crc32_long(name->data, name->len));
}

/* Looks up the names, and refuses the configuration if anything in it was wrong. */
static char *
ngx_http_cors_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_cors_main_conf_t *cmcf = conf;
    ngx_http_cors_reference_t *reference = cmcf->references.elts;

    for (ngx_uint_t i = 0; i < cmcf->references.nelts; i++) {
        *reference[i].policy = ngx_http_cors_find(cmcf, &reference[i].name);
        if (*reference[i].policy == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "no policy has the name \"%V\" in %V:%ui; name a file of cors_policies, without folder and extension",
                          &reference[i].name, &reference[i].file, reference[i].line);
            cmcf->errors++;
        }
    }
    if (cmcf->errors != 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%ui error%s in the CORS policies", cmcf->errors, cmcf->errors == 1 ? "" : "s");
        return NGX_CONF_ERROR;
    }
    return NGX_CONF_OK;
}

static void *
ngx_http_cors_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_cors_loc_conf_t *clcf = ngx_pcalloc(cf->pool, sizeof(*clcf));
    if (clcf != NULL) {
        clcf->kind = NGX_CONF_UNSET_UINT;
    }
    return clcf;
}

static char *
ngx_http_cors_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_cors_loc_conf_t *conf = child;
    if (conf->kind == NGX_CONF_UNSET_UINT) {
        *conf = *(ngx_http_cors_loc_conf_t *) parent;
    }
    return NGX_CONF_OK;
}

/* Logs each line of a text by itself, as nginx cuts long messages. */
static void
ngx_http_cors_log_lines(ngx_conf_t *cf, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *newline = memchr(text, '\n', end - text);
        const char *next = newline == NULL ? end : newline;
        if (next != text) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%*s", (size_t) (next - text), text);
        }
        text = next + 1;
    }
}

/* Makes room for an output, in memory that is freed by the caller. */
static ngx_int_t
ngx_http_cors_make_room(ngx_conf_t *cf, cors_engine_output *output, size_t room)
{
    ngx_free(output->data);
    output->data = ngx_alloc(room, cf->log);
    output->room = output->data == NULL ? 0 : room;
    output->len = 0;
    return output->data == NULL ? NGX_ERROR : NGX_OK;
}

/* Compiles a document into an image in the pool of the configuration, or logs all that is wrong in it. */
static ngx_int_t
ngx_http_cors_compile(ngx_conf_t *cf, const char *dialect, ngx_str_t *file, ngx_str_t *text, ngx_str_t *image)
{
    cors_engine_output compiled = {NULL, 0, 0}, errors = {NULL, 0, 0};
    size_t room = 4 * text->len + 1024, errors_room = 4096;
    ngx_int_t rc = NGX_ERROR;
    int error;

    for (;;) {
        if (ngx_http_cors_make_room(cf, &compiled, room) != NGX_OK || ngx_http_cors_make_room(cf, &errors, errors_room) != NGX_OK) {
            goto done;
        }
        /* A pool's file names end in NUL. */
        error = cors_engine_compile_document(dialect, (char *) file->data, (char *) text->data, text->len, &compiled, &errors);
        if (error == CORS_ENGINE_ERROR_ROOM && compiled.len > room) {
            room = compiled.len;
        } else if (error == CORS_ENGINE_ERROR_DOCUMENT && errors.len >= errors_room) {
            errors_room = errors.len + 1;
        } else {
            break;
        }
    }
    if (error == CORS_ENGINE_ERROR_DOCUMENT) {
        ngx_http_cors_log_lines(cf, errors.data, errors.len);
    } else if (error != CORS_ENGINE_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%V: %s", file, cors_engine_error_text(error));
    } else {
        image->len = compiled.len;
        image->data = ngx_palloc(cf->pool, compiled.len);
        if (image->data != NULL) {
            ngx_memcpy(image->data, compiled.data, compiled.len);
            rc = NGX_OK;
        }
    }
done:
    ngx_free(compiled.data);
    ngx_free(errors.data);
    return rc;
}

/* Reads a file into memory that the caller frees, or logs why it cannot be read. */
static ngx_int_t
ngx_http_cors_read(ngx_conf_t *cf, ngx_str_t *file, ngx_str_t *text)
{
    ngx_file_info_t info;
    ngx_int_t rc = NGX_ERROR;
    ngx_fd_t fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    ngx_str_null(text);
    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, ngx_open_file_n " \"%V\" failed", file);
        return NGX_ERROR;
    }
    if (ngx_fd_info(fd, &info) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, ngx_fd_info_n " \"%V\" failed", file);
        goto done;
    }
    if (!ngx_is_file(&info)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%V\" is not a file; name files, such as \"%V/*.xml\"", file, file);
        goto done;
    }
    size_t size = (size_t) ngx_file_size(&info);
    text->data = ngx_alloc(size + 1, cf->log);
    if (text->data == NULL) {
        goto done;
    }
    while (text->len < size) {
        ssize_t n = ngx_read_fd(fd, text->data + text->len, size - text->len);
        if (n == -1) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, ngx_read_fd_n " \"%V\" failed", file);
            goto done;
        }
        if (n == 0) {
            break;
        }
        text->len += n;
    }
    rc = NGX_OK;
done:
    ngx_close_file(fd);
    return rc;
}

/* Splits a path into the name of its policy and the extension. */
static void
ngx_http_cors_split(ngx_str_t *file, ngx_str_t *name, ngx_str_t *extension)
{
    u_char *end = file->data + file->len, *start = end, *dot = end;
    while (start > file->data && start[-1] != '/') {
        start--;
        if (*start == '.' && dot == end) {
            dot = start;
        }
    }
    name->data = start;
    name->len = dot - start;
    extension->data = dot;
    extension->len = end - dot;
}

/* Reads a policy and gives it its name. What is wrong with the file is logged and counted; NGX_ERROR is for a lack of memory. */
static ngx_int_t
ngx_http_cors_add_policy(ngx_conf_t *cf, ngx_http_cors_main_conf_t *cmcf, const char *dialect, ngx_str_t *path)
{
    ngx_str_t text = ngx_null_string, image = ngx_null_string, extension;
    ngx_http_cors_policy_t *policy = ngx_pcalloc(cf->pool, sizeof(*policy)), *other;
    ngx_uint_t is_bad = 1;

    if (policy == NULL) {
        return NGX_ERROR;
    }
    policy->file.len = path->len;
    policy->file.data = ngx_pnalloc(cf->pool, path->len + 1);
    if (policy->file.data == NULL) {
        return NGX_ERROR;
    }
    *ngx_cpymem(policy->file.data, path->data, path->len) = '\0';
    ngx_http_cors_split(&policy->file, &policy->node.str, &extension);

    other = ngx_http_cors_find(cmcf, &policy->node.str);
    if (other != NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%V: %V has this name already; rename one of them", &policy->file, &other->file);
        cmcf->errors++;
        return NGX_OK;
    }

    if (ngx_http_cors_read(cf, &policy->file, &text) != NGX_OK) {
        /* It was logged. */
    } else if (extension.len == 5 && ngx_memcmp(extension.data, ".cors", 5) == 0) {
        image.len = text.len;
        image.data = ngx_palloc(cf->pool, text.len + 1);
        if (image.data != NULL) {
            ngx_memcpy(image.data, text.data, text.len);
            is_bad = 0;
        }
    } else if ((extension.len == 5 && ngx_memcmp(extension.data, ".json", 5) == 0)
               || (extension.len == 4 && ngx_memcmp(extension.data, ".xml", 4) == 0))
    {
        is_bad = ngx_http_cors_compile(cf, dialect, &policy->file, &text, &image) != NGX_OK;
    } else {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%V: the name must end in .json or .xml, or .cors for what `cors compile` wrote",
                      &policy->file);
    }
    if (!is_bad) {
        int error = cors_engine_policy_open(&policy->policy, image.data, image.len);
        if (error != CORS_ENGINE_OK) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "%V: %s", &policy->file, cors_engine_error_text(error));
            is_bad = 1;
        }
    }
    ngx_free(text.data);

    /* A bad one has its name too, so that each error is reported once. */
    policy->node.node.key = ngx_crc32_long(policy->node.str.data, policy->node.str.len);
    ngx_rbtree_insert(&cmcf->policies, &policy->node.node);
    cmcf->errors += is_bad;
    return NGX_OK;
}

/* cors_policies GLOB... dialect=NAME; */
static char *
ngx_http_cors_policies(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_main_conf_t *cmcf = conf;
    ngx_str_t *value = cf->args->elts;
    const char *dialect = NULL;
    cors_engine_output none = {NULL, 0, 0};

    for (ngx_uint_t i = 1; i < cf->args->nelts; i++) {
        if (ngx_strncmp(value[i].data, "dialect=", 8) == 0) {
            if (dialect != NULL) {
                return "has two dialects; use a directive for each";
            }
            dialect = (char *) value[i].data + 8;
        }
    }
    if (dialect == NULL) {
        return "needs a dialect, such as dialect=strict or dialect=s3";
    }
    if (cors_engine_compile_document(dialect, NULL, "", 0, &none, NULL) == CORS_ENGINE_ERROR_NAME) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown dialect \"%s\"; use strict, or the name of a provider such as s3 or oss", dialect);
        return NGX_CONF_ERROR;
    }
    for (ngx_uint_t i = 1; i < cf->args->nelts; i++) {
        ngx_str_t path = value[i], found;
        ngx_glob_t glob;
        ngx_int_t rc;

        if (ngx_strncmp(path.data, "dialect=", 8) == 0) {
            continue;
        }
        if (ngx_conf_full_name(cf->cycle, &path, 1) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
        if (strpbrk((char *) path.data, "*?[") == NULL) {
            if (ngx_http_cors_add_policy(cf, cmcf, dialect, &path) != NGX_OK) {
                return NGX_CONF_ERROR;
            }
            continue;
        }
        ngx_memzero(&glob, sizeof(glob));
        glob.pattern = path.data;
        glob.log = cf->log;
        glob.test = 1;
        if (ngx_open_glob(&glob) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno, ngx_open_glob_n " \"%V\" failed", &path);
            return NGX_CONF_ERROR;
        }
        do {
            rc = ngx_read_glob(&glob, &found);
            if (rc == NGX_OK && ngx_http_cors_add_policy(cf, cmcf, dialect, &found) != NGX_OK) {
                rc = NGX_ERROR;
            }
        } while (rc == NGX_OK);
        ngx_close_glob(&glob);
        if (rc != NGX_DONE) {
            return NGX_CONF_ERROR;
        }
    }
    return NGX_CONF_OK;
}

/* Remembers a name for ngx_http_cors_init_main_conf(). */
static char *
ngx_http_cors_refer(ngx_conf_t *cf, ngx_str_t name, ngx_http_cors_policy_t **policy)
{
    ngx_http_cors_main_conf_t *cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_cors_module);
    ngx_http_cors_reference_t *reference = ngx_array_push(&cmcf->references);
    if (reference == NULL) {
        return NGX_CONF_ERROR;
    }
    reference->name = name;
    reference->policy = policy;
    reference->file = cf->conf_file->file.name;
    reference->line = cf->conf_file->line;
    return NGX_CONF_OK;
}

/* cors NAME|$VARIABLE [default=NAME] [report]; cors off; */
static char *
ngx_http_cors(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_loc_conf_t *clcf = conf;
    ngx_str_t *value = cf->args->elts;

    if (clcf->kind != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }
    if (ngx_strcmp(value[1].data, "off") == 0) {
        clcf->kind = NGX_HTTP_CORS_OFF;
        return cf->args->nelts == 2 ? NGX_CONF_OK : "has an argument after off";
    }
    clcf->kind = NGX_HTTP_CORS_NAMED;
    if (ngx_http_script_variables_count(&value[1]) != 0) {
        ngx_http_compile_complex_value_t ccv;
        ngx_memzero(&ccv, sizeof(ccv));
        ccv.cf = cf;
        ccv.value = &value[1];
        ccv.complex_value = &clcf->name;
        if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
        clcf->kind = NGX_HTTP_CORS_VARIABLE;
    } else if (ngx_http_cors_refer(cf, value[1], &clcf->policy) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }
    for (ngx_uint_t i = 2; i < cf->args->nelts; i++) {
        if (ngx_strcmp(value[i].data, "report") == 0) {
            clcf->report = 1;
        } else if (clcf->kind == NGX_HTTP_CORS_VARIABLE && ngx_strncmp(value[i].data, "default=", 8) == 0) {
            ngx_str_t name = {value[i].len - 8, value[i].data + 8};
            if (ngx_http_cors_refer(cf, name, &clcf->policy) != NGX_CONF_OK) {
                return NGX_CONF_ERROR;
            }
        } else {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid argument \"%V\"; after a name there can be report, after a variable default=NAME and report", &value[i]);
            return NGX_CONF_ERROR;
        }
    }
    return NGX_CONF_OK;
}

/* Does nothing: marks what belongs to a request, which nginx forgets when it redirects the request internally. */
static void
ngx_http_cors_mark(void *data)
{
}

/* What was decided about a request, or NULL. */
static ngx_http_cors_ctx_t *
ngx_http_cors_get_ctx(ngx_http_request_t *r)
{
    ngx_http_cors_ctx_t *ctx = ngx_http_get_module_ctx(r, ngx_http_cors_module);
    if (ctx == NULL && (r->internal || r->filter_finalize)) {
        for (ngx_pool_cleanup_t *cln = r->pool->cleanup; cln != NULL; cln = cln->next) {
            if (cln->handler == ngx_http_cors_mark) {
                ngx_http_set_ctx(r, cln->data, ngx_http_cors_module);
                return cln->data;
            }
        }
    }
    return ctx;
}

/* A value without the spaces and tabs around it, which do not belong to it (RFC 9110, section 5.5). */
static cors_engine_text
ngx_http_cors_text(u_char *data, size_t len)
{
    u_char *end = data + len;
    while (data < end && (*data == ' ' || *data == '\t')) {
        data++;
    }
    while (data < end && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    return (cors_engine_text){(char *) data, (size_t) (end - data)};
}

/* Has a request decided by a policy. */
static ngx_int_t
ngx_http_cors_ask(ngx_http_request_t *r, const cors_engine_policy *policy, cors_engine_decision *decision)
{
    static const char request_method[] = "access-control-request-method", request_headers[] = "access-control-request-headers";
    /* One more than are read, so that more are refused. */
    cors_engine_text lines[CORS_ENGINE_MAX_FIELD_LINES + 1];
    cors_engine_request request;
    ngx_list_part_t *part = &r->headers_in.headers.part;
    ngx_table_elt_t *header = part->elts;
    ngx_uint_t origins = 0, methods = 0;
    size_t bytes = 0, room = 0;
    char *buffer = NULL;
    int error;

    ngx_memzero(&request, sizeof(request));
    /* As it was sent: nginx makes the method of a request for an error page GET. */
    request.method.data = (char *) r->request_line.data;
    while (request.method.len < r->request_line.len && request.method.data[request.method.len] != ' ') {
        request.method.len++;
    }
    request.access_control_request_headers = lines;

    for (ngx_uint_t i = 0;; i++) {
        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }
            part = part->next;
            header = part->elts;
            i = 0;
        }
        if (header[i].key.len == 6 && ngx_memcmp(header[i].lowcase_key, "origin", 6) == 0) {
            request.origin = ngx_http_cors_text(header[i].value.data, header[i].value.len);
            origins++;
        } else if (header[i].key.len == sizeof(request_method) - 1
                   && ngx_memcmp(header[i].lowcase_key, request_method, sizeof(request_method) - 1) == 0)
        {
            request.access_control_request_method = ngx_http_cors_text(header[i].value.data, header[i].value.len);
            methods++;
        } else if (header[i].key.len == sizeof(request_headers) - 1
                   && ngx_memcmp(header[i].lowcase_key, request_headers, sizeof(request_headers) - 1) == 0
                   && request.access_control_request_headers_len <= CORS_ENGINE_MAX_FIELD_LINES)
        {
            lines[request.access_control_request_headers_len] = ngx_http_cors_text(header[i].value.data, header[i].value.len);
            bytes += lines[request.access_control_request_headers_len].len;
            request.access_control_request_headers_len++;
        }
    }
    if (origins != 0 && (origins > 1 || methods > 1)) {
        request.origin = (cors_engine_text){CORS_ENGINE_AMBIGUOUS_ORIGIN, 1};
    }
    if (request.access_control_request_headers_len != 0) {
        room = CORS_ENGINE_BUFFER_BOUND(bytes, request.access_control_request_headers_len);
        room = ngx_min(room, CORS_ENGINE_BUFFER_BYTES);
        buffer = ngx_pnalloc(r->pool, room);
        if (buffer == NULL) {
            return NGX_ERROR;
        }
    }
    error = cors_engine_decide(policy, &request, buffer, room, decision);
    if (error != CORS_ENGINE_OK) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "cors: %s", cors_engine_error_text(error));
        return NGX_DECLINED;
    }
    return NGX_OK;
}

/* The policy for a request; NULL if there is none of the name. */
static ngx_int_t
ngx_http_cors_choose(ngx_http_request_t *r, ngx_http_cors_loc_conf_t *conf, ngx_http_cors_policy_t **policy)
{
    ngx_http_cors_main_conf_t *cmcf = ngx_http_get_module_main_conf(r, ngx_http_cors_module);
    ngx_str_t name;

    *policy = conf->policy;
    if (conf->kind != NGX_HTTP_CORS_VARIABLE) {
        return NGX_OK;
    }
    if (ngx_http_complex_value(r, &conf->name, &name) != NGX_OK) {
        return NGX_ERROR;
    }
    *policy = ngx_http_cors_find(cmcf, &name);
    if (*policy == NULL) {
        *policy = conf->policy;
    }
    if (*policy == NULL) {
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0, "cors: no policy has the name \"%V\"", &name);
    }
    return NGX_OK;
}

/*
 * Sets `decided` to what is decided about a request; to NULL if CORS is off.
 *
 * The location that a request ends up in counts. If it ends up there for an error page, the location of the error counts.
 */
static ngx_int_t
ngx_http_cors_decide(ngx_http_request_t *r, ngx_http_cors_ctx_t **decided)
{
    ngx_http_cors_loc_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_cors_module);
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_ctx(r);
    ngx_http_cors_policy_t *policy;
    ngx_int_t rc;

    if (ctx != NULL && (ctx->conf == conf || r->error_page || r->err_status != 0)) {
        *decided = ngx_http_cors_is_off(ctx->conf) ? NULL : ctx;
        return NGX_OK;
    }
    *decided = NULL;
    if (conf->kind == NGX_CONF_UNSET_UINT && ctx == NULL) {
        return NGX_OK;
    }
    if (ctx == NULL) {
        ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(r->pool, sizeof(*ctx));
        if (cln == NULL) {
            return NGX_ERROR;
        }
        cln->handler = ngx_http_cors_mark;
        ctx = cln->data;
        ngx_http_set_ctx(r, ctx, ngx_http_cors_module);
    }
    ctx->conf = conf;
    ctx->is_decided = 0;
    ctx->decision.kind = CORS_ENGINE_NOT_CORS;
    ctx->decision.headers_len = 0;
    if (ngx_http_cors_is_off(conf)) {
        ngx_str_set(&ctx->result, "off");
        return NGX_OK;
    }
    *decided = ctx;
    ngx_str_set(&ctx->result, "error");

    if (ngx_http_cors_choose(r, conf, &policy) != NGX_OK) {
        return NGX_ERROR;
    }
    if (policy == NULL) {
        ngx_str_set(&ctx->result, "unknown-policy");
        return NGX_OK;
    }
    rc = ngx_http_cors_ask(r, &policy->policy, &ctx->decision);
    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : NGX_ERROR;
    }
    ctx->is_decided = 1;
    if (ctx->decision.reason != CORS_ENGINE_REASON_NONE) {
        ctx->result.data = (u_char *) cors_engine_reason_name(ctx->decision.reason);
        ctx->result.len = ngx_strlen(ctx->result.data);
    } else if (ctx->decision.kind == CORS_ENGINE_NOT_CORS) {
        ngx_str_set(&ctx->result, "no-origin");
    } else {
        ngx_str_set(&ctx->result, "granted");
    }
    if (conf->report && ctx->decision.reason != CORS_ENGINE_REASON_NONE) {
        ngx_log_error(NGX_LOG_NOTICE, r->connection->log, 0, "cors report: refused, %V, by policy \"%V\"", &ctx->result, &policy->node.str);
    }
    return NGX_OK;
}

/*
 * Answers preflights.
 *
 * In the phase before access: by then the location is known and its variables are set, and nobody was asked for credentials, which
 * preflights never have. Modules that are loaded come before those of nginx in a phase, so a preflight is not counted by limit_req.
 */
static ngx_int_t
ngx_http_cors_handler(ngx_http_request_t *r)
{
    ngx_http_cors_ctx_t *ctx;
    ngx_int_t rc;

    if (r != r->main) {
        return NGX_DECLINED;
    }
    if (ngx_http_cors_decide(r, &ctx) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    if (ctx == NULL || ctx->conf->report || ctx->decision.kind != CORS_ENGINE_PREFLIGHT) {
        return NGX_DECLINED;
    }
    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }
    r->err_status = 0;
    r->headers_out.status = ctx->decision.status;
    r->headers_out.content_length_n = 0;
    r->header_only = 1;
    /* Not by returning the status, which would be answered by an error page. */
    ngx_http_finalize_request(r, ngx_http_send_header(r));
    return NGX_DONE;
}

/* Whether a list of tokens has this one, without regard to case. */
static ngx_uint_t
ngx_http_cors_has_token(u_char *list, u_char *end, u_char *token, size_t len)
{
    while (list < end) {
        u_char *comma = ngx_strlchr(list, end, ',');
        comma = comma == NULL ? end : comma;
        cors_engine_text item = ngx_http_cors_text(list, comma - list);
        if (item.len == len && ngx_strncasecmp((u_char *) item.data, token, len) == 0) {
            return 1;
        }
        list = comma + 1;
    }
    return 0;
}

/* Appends the tokens of a list that are missing. `end` is the end of what is there, which starts at `start`. */
static u_char *
ngx_http_cors_append_tokens(u_char *start, u_char *end, u_char *list, size_t len)
{
    u_char *last = list + len;
    while (list < last) {
        u_char *comma = ngx_strlchr(list, last, ',');
        comma = comma == NULL ? last : comma;
        cors_engine_text item = ngx_http_cors_text(list, comma - list);
        if (item.len != 0 && !ngx_http_cors_has_token(start, end, (u_char *) item.data, item.len)) {
            if (end != start) {
                *end++ = ',';
                *end++ = ' ';
            }
            end = ngx_cpymem(end, item.data, item.len);
        }
        list = comma + 1;
    }
    return end;
}

static ngx_int_t
ngx_http_cors_push(ngx_http_request_t *r, const cors_engine_text *name, u_char *value, size_t len)
{
    ngx_table_elt_t *header = ngx_list_push(&r->headers_out.headers);
    if (header == NULL) {
        return NGX_ERROR;
    }
    ngx_memzero(header, sizeof(*header));
    header->hash = 1;
    header->key.data = (u_char *) name->data;
    header->key.len = name->len;
    header->lowcase_key = header->key.data;
    header->value.data = value;
    header->value.len = len;
    return NGX_OK;
}

/* Whether a header is one of the six that replace those of a server behind (Fetch, section 3.2.3). */
static ngx_uint_t
ngx_http_cors_is_replaced(ngx_str_t *name)
{
    static const ngx_str_t rest[] = {ngx_string("allow-credentials"), ngx_string("allow-headers"), ngx_string("allow-methods"),
                                     ngx_string("allow-origin"),      ngx_string("expose-headers"), ngx_string("max-age")};
    static u_char start[] = "access-control-";
    size_t len = sizeof(start) - 1;

    if (name->len <= len || ngx_strncasecmp(name->data, start, len) != 0) {
        return 0;
    }
    for (ngx_uint_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
        if (name->len - len == rest[i].len && ngx_strncasecmp(name->data + len, rest[i].data, rest[i].len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The next header that is set, from `*i` on, or NULL. Begin with the first part and 0. */
static ngx_table_elt_t *
ngx_http_cors_next(ngx_list_part_t **part, ngx_uint_t *i)
{
    for (;;) {
        if (*i >= (*part)->nelts) {
            *part = (*part)->next;
            *i = 0;
            if (*part == NULL) {
                return NULL;
            }
            continue;
        }
        ngx_table_elt_t *header = (ngx_table_elt_t *) (*part)->elts + (*i)++;
        if (header->hash != 0) {
            return header;
        }
    }
}

static ngx_uint_t
ngx_http_cors_is_vary(ngx_str_t *name)
{
    return name->len == 4 && ngx_strncasecmp(name->data, (u_char *) "vary", 4) == 0;
}

/* Makes one Vary of those that are there and the decision's. */
static ngx_int_t
ngx_http_cors_merge_vary(ngx_http_request_t *r, cors_engine_header *decided)
{
    ngx_list_part_t *part = &r->headers_out.headers.part;
    ngx_uint_t i = 0;
    /* Each token has at least a byte, and ", " in front of it. */
    size_t room = 3 * decided->value.len + 2 + sizeof("Accept-Encoding, ");
    ngx_table_elt_t *header;
    u_char *vary, *end;

    while ((header = ngx_http_cors_next(&part, &i)) != NULL) {
        if (ngx_http_cors_is_vary(&header->key)) {
            room += 3 * header->value.len + 2;
        }
    }
    vary = end = ngx_pnalloc(r->pool, room);
    if (vary == NULL) {
        return NGX_ERROR;
    }
    part = &r->headers_out.headers.part;
    i = 0;
    while ((header = ngx_http_cors_next(&part, &i)) != NULL) {
        if (ngx_http_cors_is_vary(&header->key)) {
            end = ngx_http_cors_append_tokens(vary, end, header->value.data, header->value.len);
            header->hash = 0;
        }
    }
#if (NGX_HTTP_GZIP)
    ngx_http_core_loc_conf_t *core = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    if (r->gzip_vary && core->gzip_vary) {
        static u_char encoding[] = "Accept-Encoding";
        end = ngx_http_cors_append_tokens(vary, end, encoding, sizeof(encoding) - 1);
        r->gzip_vary = 0;
    }
#endif
    /* A `*` says all of it (RFC 9110, section 12.5.5). */
    if (!ngx_http_cors_has_token(vary, end, (u_char *) "*", 1)) {
        end = ngx_http_cors_append_tokens(vary, end, (u_char *) decided->value.data, decided->value.len);
    }
    return ngx_http_cors_push(r, &decided->name, vary, end - vary);
}

/* Sets the headers of every response: errors, cached ones, and preflights. */
static ngx_int_t
ngx_http_cors_filter(ngx_http_request_t *r)
{
    ngx_http_cors_ctx_t *ctx;
    ngx_list_part_t *part = &r->headers_out.headers.part;
    ngx_uint_t at = 0;
    ngx_table_elt_t *sent;

    /* A request whose header was refused was not read to its end, and runs through no phase. */
    if (r != r->main || r->write_event_handler == NULL) {
        return ngx_http_cors_next_header_filter(r);
    }
    if (ngx_http_cors_decide(r, &ctx) != NGX_OK) {
        return NGX_ERROR;
    }
    if (ctx == NULL || ctx->conf->report) {
        return ngx_http_cors_next_header_filter(r);
    }
    while ((sent = ngx_http_cors_next(&part, &at)) != NULL) {
        if (ngx_http_cors_is_replaced(&sent->key)) {
            sent->hash = 0;
        }
    }
    for (size_t i = 0; i < ctx->decision.headers_len; i++) {
        cors_engine_header *header = &ctx->decision.headers[i];
        ngx_int_t rc = header->name.len == 4 ? ngx_http_cors_merge_vary(r, header)
                                             : ngx_http_cors_push(r, &header->name, (u_char *) header->value.data, header->value.len);
        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }
    return ngx_http_cors_next_header_filter(r);
}

/* $cors_result */
static ngx_int_t
ngx_http_cors_result(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_cors_loc_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_cors_module);
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_ctx(r->main);
    ngx_str_t result = ngx_string("off");

    if (ctx != NULL) {
        result = ctx->result;
    } else if (!ngx_http_cors_is_off(conf)) {
        /* Nothing was decided. */
        v->not_found = 1;
        return NGX_OK;
    }
    v->data = result.data;
    v->len = result.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    return NGX_OK;
}

/* $cors_rule: the rule that granted, from 0. */
static ngx_int_t
ngx_http_cors_rule(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_ctx(r->main);

    if (ctx == NULL || !ctx->is_decided || ctx->decision.rule == CORS_ENGINE_NO_RULE) {
        v->not_found = 1;
        return NGX_OK;
    }
    v->data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (v->data == NULL) {
        return NGX_ERROR;
    }
    v->len = ngx_sprintf(v->data, "%ui", (ngx_uint_t) ctx->decision.rule) - v->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    return NGX_OK;
}

static ngx_int_t
ngx_http_cors_add_variables(ngx_conf_t *cf)
{
    ngx_str_t names[] = {ngx_string("cors_result"), ngx_string("cors_rule")};
    ngx_http_get_variable_pt handlers[] = {ngx_http_cors_result, ngx_http_cors_rule};

    for (ngx_uint_t i = 0; i < 2; i++) {
        ngx_http_variable_t *variable = ngx_http_add_variable(cf, &names[i], NGX_HTTP_VAR_NOCACHEABLE);
        if (variable == NULL) {
            return NGX_ERROR;
        }
        variable->get_handler = handlers[i];
    }
    return NGX_OK;
}

static ngx_int_t
ngx_http_cors_init(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    ngx_http_handler_pt *handler = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (handler == NULL) {
        return NGX_ERROR;
    }
    *handler = ngx_http_cors_handler;
    ngx_http_cors_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_cors_filter;
    return NGX_OK;
}
