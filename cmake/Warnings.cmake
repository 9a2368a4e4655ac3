# Warnings are errors in this project's own files, in every build.
add_library(awslogsrc_warnings INTERFACE)
target_compile_options(awslogsrc_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  -Wpointer-arith -Wwrite-strings -Wvla
  -Wformat=2 -Wundef -Wcast-qual)
target_compile_definitions(awslogsrc_warnings INTERFACE _GNU_SOURCE)
