# The house rules as tests (ctest -L style). Every checker is tested itself on trees that break the
# rules: tests/style/test_checkers.py.
find_package(Python3 3.9 COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  message(STATUS "No Python 3: the checks of style are left out")
  return()
endif()
find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy)
find_program(CXX_COMPILER NAMES c++ g++ clang++ REQUIRED)

function(add_style_test name script)
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES
    LABELS style TIMEOUT ${AWSLOGSRC_TEST_TIMEOUT} SKIP_RETURN_CODE 77)
endfunction()

add_style_test(check_layers cmake/check_layers.py ${PROJECT_SOURCE_DIR})
add_style_test(check_style cmake/check_style.py ${PROJECT_SOURCE_DIR})
add_style_test(check_symbols cmake/check_symbols.py ${PROJECT_SOURCE_DIR} $<TARGET_FILE:awslogsrc>)
add_style_test(check_headers cmake/check_headers.py
  ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include ${CMAKE_C_COMPILER} ${CXX_COMPILER})
add_style_test(test_checkers tests/style/test_checkers.py ${CMAKE_C_COMPILER} ${CXX_COMPILER})

foreach(tool clang_format clang_tidy)
  string(TOUPPER ${tool} program)
  if(NOT ${program})
    add_test(NAME ${tool} COMMAND ${CMAKE_COMMAND} -E echo "SKIPPED: ${tool} is not installed")
    set_tests_properties(${tool} PROPERTIES LABELS style SKIP_REGULAR_EXPRESSION "SKIPPED")
  endif()
endforeach()
if(CLANG_FORMAT)
  add_style_test(clang_format cmake/run_clang_format.py ${PROJECT_SOURCE_DIR} ${CLANG_FORMAT})
endif()
if(CLANG_TIDY)
  add_style_test(clang_tidy cmake/run_clang_tidy.py
    ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} ${CLANG_TIDY})
  cmake_host_system_information(RESULT cpus QUERY NUMBER_OF_LOGICAL_CORES)
  # COST: it begins first, beside tests that wait more than they work.
  set_tests_properties(clang_tidy PROPERTIES PROCESSORS ${cpus} COST 300)
endif()
