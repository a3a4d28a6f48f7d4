/*
 * Links with a library whose panic handler calls a function that does not exist only if no function of cors_engine.h reaches a panic.
 * With -DPLANTED it calls one that does.
 */
#include "cors_engine.h"

#ifdef PLANTED
unsigned char cors_engine_planted(size_t index);
#endif

int main(int argc, char **argv) {
    static char buffer[CORS_ENGINE_BUFFER_BYTES];
    static cors_engine_policy policy;
    static cors_engine_decision decision;
    cors_engine_request request = {{argv[0], (size_t)argc}, {argv[0], (size_t)argc}, {argv[0], (size_t)argc}, NULL, 0};
    int found = cors_engine_policy_open(&policy, argv[0], (size_t)argc);
    found |= cors_engine_policy_view(&policy, argv[0], (size_t)argc);
    found |= cors_engine_decide(&policy, &request, buffer, sizeof buffer, &decision);
    found |= (int)cors_engine_policy_rules(&policy) | cors_engine_abi_version();
    found |= cors_engine_reason_name((unsigned)argc) != NULL;
    found |= cors_engine_error_text(argc)[0] | cors_engine_version()[0];
#ifdef PLANTED
    found |= cors_engine_planted((size_t)argc);
#endif
    return found == 77;
}
