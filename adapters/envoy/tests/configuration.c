/* configuration.h without Envoy: every setting and place of rules, what is refused and in which words, and texts that are damaged. */
#include "../configuration.h"

static char message[65536];
static int failed;

void envoy_dynamic_module_callback_log(int level, text text) {
    (void)level;
    snprintf(message, sizeof message, "%.*s", (int)text.len, text.data);
}

/* Reads a configuration from memory that is exactly as long. */
static policy *read(const char *json, size_t len) {
    char *exact = malloc(len);
    if (exact == NULL && len > 0) abort();
    if (len > 0) memcpy(exact, json, len);
    message[0] = '\0';
    policy *policy = configured((text){exact, len});
    free(exact);
    if ((policy == NULL) != (message[0] != '\0')) failed = 1, printf("%.*s: %s\n", (int)len, json, message);
    return policy;
}

static void refused(const char *json, const char *words) {
    policy *policy = read(json, strlen(json));
    if (policy != NULL || strstr(message, words) == NULL) failed = 1, printf("%s: `%s` is not in `%s`\n", json, words, message);
    free(policy);
}

static void accepted(const char *json, size_t rules, bool report_only, bool metadata, bool off) {
    policy *policy = read(json, strlen(json));
    if (policy == NULL || policy->report_only != report_only || policy->metadata != metadata || policy->off != off || cors_engine_policy_rules(&policy->policy) != rules) {
        failed = 1, printf("%s: %s\n", json, message);
    }
    free(policy);
}

#define RULE "{\"AllowedOrigins\":[\"https://a.example\"],\"AllowedMethods\":[\"GET\"]}"

int main(void) {
    accepted("{\"CORSRules\":[" RULE "]}", 1, false, false, false);
    accepted("{\"report_only\":true,\"CORSRules\":[" RULE "," RULE "]}", 2, true, false, false);
    accepted(" { \"dialect\" : \"s3\" , \"CORSRules\" : [" RULE "] , \"report_only\" : false } ", 1, false, false, false);
    accepted("{\"CORSRules\":[" RULE "],\"off\":false,\"dialect\":\"strict\"}", 1, false, false, false);
    accepted("{\"metadata\":true,\"CORSRules\":[" RULE "]}", 1, false, true, false);
    accepted("{\"off\":true}", 0, false, false, true);
    accepted("{\"dialect\":\"gcs\",\"document\":\"[{\\\"origin\\\":[\\\"https:\\/\\/a.example\\\"],\\n\\t\\\"method\\\":[\\\"GET\\\"]}]\"}", 1, false, false, false);
    accepted("{\"document\":\"\\u003cCORSConfiguration>\\u003CCORSRule><ID>\\ud83d\\ude00</ID><AllowedOrigin>*</AllowedOrigin>"
             "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>\"}", 1, false, false, false);

    refused("", "not a JSON object");
    refused("[]", "not a JSON object");
    refused("{}x", "not a JSON object");
    refused("{\"off\":true}x", "not a JSON object");
    refused("{\"off\":true,}", "not a JSON object");
    refused("{\"off\" true}", "not a JSON object");
    refused("{\"off\":true]", "not a JSON object");
    refused("{}", "there are no rules");
    refused("{\"dialect\":\"strict\",\"off\":false}", "there are no rules");
    refused("{\"dialect\":\"s4\",\"CORSRules\":[" RULE "]}", "s4: no provider or form has this name");
    refused("{\"dialect\":1,\"CORSRules\":[" RULE "]}", "dialect: write a string");
    refused("{\"dialect\":\"s3\\u0000\",\"CORSRules\":[" RULE "]}", "dialect: leave out the NUL");
    refused("{\"dialect\":\"s3\",\"dialect\":\"s3\",\"CORSRules\":[" RULE "]}", "dialect: state it once");
    refused("{\"report_only\":\"yes\",\"CORSRules\":[" RULE "]}", "report_only: write true or false");
    refused("{\"report_only\":true,\"report_only\":true,\"CORSRules\":[" RULE "]}", "report_only: state it once");
    refused("{\"reportonly\":true,\"CORSRules\":[" RULE "]}", "filter_config:1:2: reportonly: ");
    refused("{\"off\":true,\"CORSRules\":[" RULE "]}", "in several places");
    refused("{\"image\":\"AAAA\",\"file\":\"x\"}", "in several places");
    refused("{\"image\":\"AAA\"}", "not base64");
    refused("{\"image\":\"A===\"}", "not base64");
    refused("{\"image\":\"AA=A\"}", "not base64");
    refused("{\"image\":\"AAAA\"}", "image: not a policy image");
    refused("{\"file\":\"/nonexistent\"}", "/nonexistent: this file cannot be read");
    refused("{\"file\":\"/\"}", "/: this file cannot be read");
    refused("{\"document\":\"\\ud800\"}", "document: write a string");
    refused("{\"document\":\"\\x\"}", "document: write a string");
    refused("{\"document\":\"a\" \"b\"}", "document: write a string");
    /* Columns are those of the text, with settings in front and behind; every error is named. */
    refused("{\"dialect\":\"s3\",\n \"CORSRules\":[{\"AllowedOrigins\":[\"https://*.a.*\"],\"AllowedMethods\":[\"get\"]}],\"report_only\":true}",
            "filter_config:2:34: rule 1, AllowedOrigins `https://*.a.*`: keep at most one `*`");
    if (strstr(message, "filter_config:2:69: rule 1, AllowedMethods `get`: write it as `GET`") == NULL) failed = 1, puts(message);
    refused("{\"document\":\"{\\\"CORSRules\\\":\\n[\\n{}]}\"}", "document:3:1: ");

    /* Cut at every byte, and with every byte changed: refused or not, never a byte too far. */
    static const char WHOLE[] = "{\"dialect\":\"s3\",\"CORSRules\":[" RULE "],\"report_only\":false,\"document\":\"\\ud83d\\ude00\\n\",\"image\":\"AA==\"}";
    for (size_t len = 0; len < sizeof WHOLE - 1; len++) {
        free(read(WHOLE, len));
        for (const char *byte = "\"\\{}[],: x"; *byte != '\0'; byte++) {
            char changed[sizeof WHOLE];
            memcpy(changed, WHOLE, sizeof WHOLE);
            changed[len] = *byte;
            free(read(changed, sizeof WHOLE - 1));
        }
    }
    puts(failed ? "failed" : "holds");
    return failed;
}
