#include "testing.h"

#include "net/curl_options.h"

static long store_life_s;

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list arguments;
    (void)easy;
    va_start(arguments, option);
#if LIBCURL_VERSION_NUM >= 0x075700
    if (option == CURLOPT_CA_CACHE_TIMEOUT)
        store_life_s = va_arg(arguments, long);
#endif
    va_end(arguments);
    return CURLE_OK;
}

static void test_curl_options__changed_trust_store__counts_within_an_hour(void **state)
{
    const struct als_http_settings settings = {.ca_file = "authorities.pem"};
    const struct als_http_request request = {.settings = &settings};
    CURL *easy = curl_easy_init();
    (void)state;
    assert_int_equal(als_curl_options_set(easy, &request), 0);
    curl_easy_cleanup(easy);
#if LIBCURL_VERSION_NUM >= 0x075700
    assert_int_equal(store_life_s, 3600);
#else
    skip(); /* each connection loads the store */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curl_options__changed_trust_store__counts_within_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
