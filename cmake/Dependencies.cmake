find_package(PkgConfig REQUIRED)
# libcurl 7.76 builds; from 7.87 on CURLOPT_QUICK_EXIT keeps a hung name lookup from blocking.
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.76)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto>=1.1.1)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson>=1.7.13)
# From 10.34 on patterns search text that is not valid UTF-8.
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8>=10.34)
# For the simulator; and for the command's --metrics-listen, which goes without.
pkg_check_modules(MICROHTTPD IMPORTED_TARGET libmicrohttpd>=0.9.70)
if(AWSLOGSRC_BUILD_TESTS)
  if(NOT MICROHTTPD_FOUND)
    message(FATAL_ERROR "The tests want libmicrohttpd 0.9.70 or newer")
  endif()
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
endif()
# For the command's syslog output over TLS, and for the simulator; the library takes libcrypto alone.
if(AWSLOGSRC_BUILD_EXAMPLES OR AWSLOGSRC_BUILD_TESTS)
  pkg_check_modules(SSL REQUIRED IMPORTED_TARGET openssl>=1.1.1)
endif()
