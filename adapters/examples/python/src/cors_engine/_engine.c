/*
 * The engine as a Python module: Policy, Decision and DocumentError over libcors_engine_documents. The middlewares are in __init__.py.
 *
 * The stable ABI of 3.10 is the oldest with PyType_GetModuleState, by which a method finds what is its interpreter's. A call keeps the GIL:
 * most of a decision is making Python's objects, and documents are compiled at start.
 */
#define Py_LIMITED_API 0x030a0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <structmember.h>

#include <cors_engine_documents.h>

/* What an interpreter has of its own; nothing else is kept between calls. */
typedef struct {
    PyObject *policy, *decision, *document_error;
} types;

/* The policy is a view of the image, which is a bytes object. */
typedef struct {
    PyObject_HEAD
    PyObject *image;
    cors_engine_policy policy;
} Policy;

/* Raises what an error of the library means: ValueError if the caller's value is wrong, RuntimeError for a defect. */
static PyObject *raise_code(int error) {
    int is_value = error == CORS_ENGINE_ERROR_NAME || (error <= CORS_ENGINE_ERROR_NOT_AN_IMAGE && error >= CORS_ENGINE_ERROR_INVALID_TEXT);
    PyErr_SetString(is_value ? PyExc_ValueError : PyExc_RuntimeError, cors_engine_error_text(error));
    return NULL;
}

/* ---- documents ---- */

/* The policy of an image, which is given away. */
static PyObject *open_policy(PyTypeObject *type, PyObject *image, int (*open)(cors_engine_policy *, const void *, size_t)) {
    if (image == NULL) return NULL;
    Policy *self = (Policy *)PyType_GenericAlloc(type, 0);
    if (self == NULL) {
        Py_DECREF(image);
        return NULL;
    }
    self->image = image;
    int error = open(&self->policy, PyBytes_AsString(image), (size_t)PyBytes_Size(image));
    if (error == 0) return (PyObject *)self;
    Py_DECREF(self);
    return raise_code(error);
}

/* Memory for a text of this many bytes, and its NUL. */
static PyObject *room(cors_engine_output *output) {
    PyObject *memory = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)output->len);
    if (memory == NULL) return NULL;
    output->data = PyBytes_AsString(memory);
    output->room = output->len + 1;
    return memory;
}

static PyObject *to_str(const cors_engine_output *output) {
    size_t len = output->len < output->room ? output->len : output->room - 1;
    return PyUnicode_DecodeUTF8(output->data, (Py_ssize_t)len, "replace");
}

/* The errors of a document as the library lists them: what `cors lint --json` has as `errors`. */
static PyObject *problems(const char *dialect, const char *text, size_t len) {
    cors_engine_output json = {NULL, 0, 0};
    int error = cors_engine_lint_document(dialect, text, len, &json);
    if (error != 0 && error != CORS_ENGINE_ERROR_ROOM) return raise_code(error);
    PyObject *memory = room(&json);
    if (memory == NULL) return NULL;
    error = cors_engine_lint_document(dialect, text, len, &json);
    PyObject *written = error == 0 ? to_str(&json) : raise_code(error);
    Py_DECREF(memory);
    PyObject *module = written == NULL ? NULL : PyImport_ImportModule("json");
    PyObject *report = module == NULL ? NULL : PyObject_CallMethod(module, "loads", "O", written);
    PyObject *errors = report == NULL ? NULL : PyMapping_GetItemString(report, "errors");
    Py_XDECREF(report);
    Py_XDECREF(module);
    Py_XDECREF(written);
    return errors;
}

/* Raises DocumentError; `errors` has the length of the message. */
static PyObject *raise_document_error(PyTypeObject *type, const char *dialect, const char *name, const char *text, size_t len, cors_engine_output *errors) {
    PyObject *class = ((types *)PyType_GetModuleState(type))->document_error;
    PyObject *memory = room(errors);
    if (memory == NULL) return NULL;
    cors_engine_compile_document(dialect, name, text, len, NULL, errors);
    PyObject *message = to_str(errors), *list = message == NULL ? NULL : problems(dialect, text, len);
    PyObject *error = list == NULL ? NULL : PyObject_CallFunctionObjArgs(class, message, NULL);
    if (error != NULL && PyObject_SetAttrString(error, "problems", list) == 0) PyErr_SetObject(class, error);
    Py_XDECREF(error);
    Py_XDECREF(list);
    Py_XDECREF(message);
    Py_DECREF(memory);
    return NULL;
}

static PyObject *policy_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *NAMES[] = {"text", "dialect", "name", NULL};
    const char *dialect = "s3", *name = NULL, *text;
    PyObject *document;
    Py_ssize_t len;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|s$z:Policy", NAMES, &document, &dialect, &name)) return NULL;
    if (PyUnicode_Check(document)) {
        text = PyUnicode_AsUTF8AndSize(document, &len);
        if (text == NULL) return NULL;
    } else if (PyBytes_AsStringAndSize(document, (char **)&text, &len) != 0) {
        return NULL;
    }
    cors_engine_output image = {NULL, 0, 0}, errors = {NULL, 0, 0};
    int error = cors_engine_compile_document(dialect, name, text, (size_t)len, &image, &errors);
    if (error == CORS_ENGINE_ERROR_DOCUMENT) return raise_document_error(type, dialect, name, text, (size_t)len, &errors);
    if (error != CORS_ENGINE_ERROR_ROOM) return raise_code(error);
    PyObject *memory = room(&image);
    if (memory == NULL) return NULL;
    image.room = image.len;
    error = cors_engine_compile_document(dialect, name, text, (size_t)len, &image, NULL);
    if (error == 0) return open_policy(type, memory, cors_engine_policy_view);
    Py_DECREF(memory);
    return raise_code(error);
}

static PyObject *policy_from_image(PyObject *type, PyObject *image) {
    if (!PyBytes_Check(image)) return PyErr_Format(PyExc_TypeError, "an image is bytes, not %R", (PyObject *)Py_TYPE(image));
    return open_policy((PyTypeObject *)type, Py_NewRef(image), cors_engine_policy_open);
}

static void policy_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((Policy *)self)->image);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* ---- decisions ---- */

enum { LINES = CORS_ENGINE_MAX_FIELD_LINES + 1 };

/* A request, and the objects that have its bytes. */
typedef struct {
    cors_engine_request request;
    cors_engine_text lines[LINES];
    PyObject *held[LINES + 3];
    size_t held_len, origins, methods;
} asked;

static int is_text(PyObject *object) {
    return PyUnicode_Check(object) || PyBytes_Check(object);
}

/* The bytes of a str, which is Latin-1 as in WSGI, or of bytes. They stay until the request has been decided. Returns -1 after an error. */
static int hold(asked *asked, PyObject *object, cors_engine_text *text) {
    PyObject *bytes = PyUnicode_Check(object) ? PyUnicode_AsLatin1String(object) : Py_NewRef(object);
    if (bytes == NULL) return -1;
    asked->held[asked->held_len++] = bytes;
    *text = (cors_engine_text){PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes)};
    return 0;
}

/* The same for the value of a field, without the white space around it. */
static int hold_value(asked *asked, PyObject *object, cors_engine_text *text) {
    if (hold(asked, object, text) != 0) return -1;
    for (; text->len > 0 && (*text->data == ' ' || *text->data == '\t'); text->len--) text->data++;
    while (text->len > 0 && (text->data[text->len - 1] == ' ' || text->data[text->len - 1] == '\t')) text->len--;
    return 0;
}

/* Whether a name of a field is this one, in lower case. A str is read in place, as most fields are others. */
static int is_named(PyObject *name, const char *known, size_t len) {
    int is_str = PyUnicode_Check(name);
    if ((size_t)(is_str ? PyUnicode_GetLength(name) : PyBytes_Size(name)) != len) return 0;
    const char *bytes = is_str ? NULL : PyBytes_AsString(name);
    for (size_t i = 0; i < len; i++) {
        Py_UCS4 character = is_str ? PyUnicode_ReadChar(name, (Py_ssize_t)i) : (unsigned char)bytes[i];
        if (character >= 'A' && character <= 'Z') character += 'a' - 'A';
        if (character != (Py_UCS4)known[i]) return 0;
    }
    return 1;
}

#define IS_NAMED(name, known) is_named(name, known, sizeof known - 1)

/* Adds a field; returns -1 after an error. */
static int add_field(asked *asked, PyObject *name, PyObject *value) {
    cors_engine_request *request = &asked->request;
    if (!is_text(name) || !is_text(value)) {
        PyErr_Format(PyExc_TypeError, "a header is a pair of str or bytes, not %R and %R", name, value);
        return -1;
    }
    if (IS_NAMED(name, "origin")) return asked->origins++ > 0 ? 0 : hold_value(asked, value, &request->origin);
    if (IS_NAMED(name, "access-control-request-method")) {
        return asked->methods++ > 0 ? 0 : hold_value(asked, value, &request->access_control_request_method);
    }
    if (IS_NAMED(name, "access-control-request-headers") && request->access_control_request_headers_len < LINES) {
        return hold_value(asked, value, &asked->lines[request->access_control_request_headers_len++]);
    }
    return 0;
}

/* Reads pairs of names and values; returns -1 after an error. */
static int read_fields(asked *asked, PyObject *headers) {
    PyObject *iterator = PyObject_GetIter(headers), *item;
    if (iterator == NULL) return -1;
    int status = 0;
    while (status == 0 && (item = PyIter_Next(iterator)) != NULL) {
        PyObject *pair = is_text(item) ? NULL : PySequence_Tuple(item);
        if (pair != NULL && PyTuple_Size(pair) == 2) {
            status = add_field(asked, PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
        } else {
            status = -1;
            if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "headers are pairs of name and value, as items() has them, not %R", item);
        }
        Py_XDECREF(pair);
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    return PyErr_Occurred() ? -1 : status;
}

static PyObject *number_or_none(int is_some, long number) {
    return is_some ? PyLong_FromLong(number) : Py_NewRef(Py_None);
}

static PyObject *latin_1(cors_engine_text text) {
    return PyUnicode_DecodeLatin1(text.data, (Py_ssize_t)text.len, NULL);
}

static PyObject *headers_of(const cors_engine_decision *made) {
    PyObject *list = PyList_New((Py_ssize_t)made->headers_len);
    for (size_t i = 0; list != NULL && i < made->headers_len; i++) {
        PyObject *pair = Py_BuildValue("(NN)", latin_1(made->headers[i].name), latin_1(made->headers[i].value));
        if (pair == NULL || PyList_SetItem(list, (Py_ssize_t)i, pair) != 0) Py_CLEAR(list);
    }
    return list;
}

static PyObject *decision_of(PyTypeObject *type, const cors_engine_decision *made) {
    static const char *const KINDS[] = {"not_cors", "preflight", "actual"};
    const char *reason = made->reason == CORS_ENGINE_REASON_NONE ? NULL : cors_engine_reason_name(made->reason);
    int is_granted = made->rule != CORS_ENGINE_NO_RULE;
    PyObject *members[] = {
        PyUnicode_FromString(KINDS[made->kind]),    PyBool_FromLong(is_granted),
        Py_BuildValue("z", reason),                 number_or_none(is_granted, made->rule),
        number_or_none(made->status, made->status), PyLong_FromLong(made->detail),
        headers_of(made),
    };
    PyObject *decision = PyStructSequence_New(type);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (decision == NULL) Py_XDECREF(members[i]);
        else PyStructSequence_SetItem(decision, (Py_ssize_t)i, members[i]);
    }
    if (PyErr_Occurred()) Py_CLEAR(decision);
    return decision;
}

static PyObject *policy_decide(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    if (count != 2 || !is_text(arguments[0])) {
        PyErr_SetString(PyExc_TypeError, "decide(method, headers) needs a method, str or bytes, and the headers");
        return NULL;
    }
    asked asked;
    memset(&asked, 0, sizeof asked);
    asked.request.access_control_request_headers = asked.lines;
    PyObject *decision = NULL;
    if (hold(&asked, arguments[0], &asked.request.method) == 0 && read_fields(&asked, arguments[1]) == 0) {
        if (asked.origins > 0 && (asked.origins > 1 || asked.methods > 1)) {
            asked.request.origin = (cors_engine_text){CORS_ENGINE_AMBIGUOUS_ORIGIN, 1};
        }
        char buffer[CORS_ENGINE_BUFFER_BYTES];
        cors_engine_decision made;
        int error = cors_engine_decide(&((Policy *)self)->policy, &asked.request, buffer, sizeof buffer, &made);
        types *types = PyType_GetModuleState(Py_TYPE(self));
        decision = error == 0 ? decision_of((PyTypeObject *)types->decision, &made) : raise_code(error);
    }
    for (size_t i = 0; i < asked.held_len; i++) Py_DECREF(asked.held[i]);
    return decision;
}

/* ---- the module ---- */

static PyMethodDef POLICY_METHODS[] = {
    {"decide", (PyCFunction)(void (*)(void))policy_decide, METH_FASTCALL,
     "decide(method, headers, /)\n--\n\nDecides a request. The headers are all of its field lines, as pairs of str (Latin-1) or bytes."},
    {"from_image", policy_from_image, METH_O | METH_CLASS,
     "from_image(image, /)\n--\n\nA policy from the bytes that Policy.image or `cors compile` made. They are checked; ValueError says what is wrong."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef POLICY_MEMBERS[] = {
    {"image", T_OBJECT_EX, offsetof(Policy, image), READONLY, "The compiled policy as bytes, the same on every machine."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot POLICY_SLOTS[] = {
    {Py_tp_doc, "Policy(text, dialect='s3', *, name=None)\n--\n\nThe rules of a document. DocumentError lists what is wrong with it; `name` is its file."},
    {Py_tp_new, policy_new},
    {Py_tp_dealloc, policy_dealloc},
    {Py_tp_methods, POLICY_METHODS},
    {Py_tp_members, POLICY_MEMBERS},
    {0, NULL},
};

static PyType_Spec POLICY = {"cors_engine.Policy", sizeof(Policy), 0, Py_TPFLAGS_DEFAULT, POLICY_SLOTS};

static PyStructSequence_Field DECISION_FIELDS[] = {
    {"kind", "'not_cors', 'preflight' or 'actual'"},
    {"granted", "whether a rule grants the request"},
    {"reason", "the word for why it was refused, or None"},
    {"rule", "the rule that matched, from 0, or None"},
    {"status", "of the answer to a preflight, or None"},
    {"detail", "more of a reason, as cors_engine.h says"},
    {"headers", "pairs of names in lower case and values"},
    {NULL, NULL},
};

static PyStructSequence_Desc DECISION = {"cors_engine.Decision", "The answer to one request.", DECISION_FIELDS, 7};

static int fill(PyObject *module) {
    types *own = PyModule_GetState(module);
    if (cors_engine_abi_version() != CORS_ENGINE_ABI_VERSION) {
        PyErr_SetString(PyExc_ImportError, "the library and this module are of different releases");
        return -1;
    }
    own->policy = PyType_FromModuleAndSpec(module, &POLICY, NULL);
    if (PyModule_AddObjectRef(module, "Policy", own->policy) != 0) return -1;
    own->decision = (PyObject *)PyStructSequence_NewType(&DECISION);
    if (PyModule_AddObjectRef(module, "Decision", own->decision) != 0) return -1;
    own->document_error = PyErr_NewExceptionWithDoc("cors_engine.DocumentError",
        "What is wrong with a document. The message has every error with its line; `problems` has them as data.", PyExc_ValueError, NULL);
    return PyModule_AddObjectRef(module, "DocumentError", own->document_error);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    types *own = PyModule_GetState(module);
    Py_VISIT(own->policy);
    Py_VISIT(own->decision);
    Py_VISIT(own->document_error);
    return 0;
}

static int clear(PyObject *module) {
    types *own = PyModule_GetState(module);
    Py_CLEAR(own->policy);
    Py_CLEAR(own->decision);
    Py_CLEAR(own->document_error);
    return 0;
}

/* Since 3.12 a module says whether interpreters with a GIL of their own may import it. Older Pythons refuse a slot that they do not know. */
#define MULTIPLE_INTERPRETERS 3
#define PER_INTERPRETER_GIL ((void *)2)

static PyModuleDef_Slot SLOTS[] = {{Py_mod_exec, fill}, {0, NULL}};
static PyModuleDef_Slot SLOTS_3_12[] = {{Py_mod_exec, fill}, {MULTIPLE_INTERPRETERS, PER_INTERPRETER_GIL}, {0, NULL}};
static PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_engine", NULL, sizeof(types), NULL, SLOTS, traverse, clear, NULL};
static PyModuleDef MODULE_3_12 = {PyModuleDef_HEAD_INIT, "_engine", NULL, sizeof(types), NULL, SLOTS_3_12, traverse, clear, NULL};

PyMODINIT_FUNC PyInit__engine(void) {
    int is_older = strncmp(Py_GetVersion(), "3.10.", 5) == 0 || strncmp(Py_GetVersion(), "3.11.", 5) == 0;
    return PyModuleDef_Init(is_older ? &MODULE : &MODULE_3_12);
}
