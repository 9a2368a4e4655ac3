# AWSLOGSRC_SANITIZE=address,undefined instruments the library, the command and the tests alike.
if(AWSLOGSRC_SANITIZE)
  add_compile_options(-fsanitize=${AWSLOGSRC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AWSLOGSRC_SANITIZE})
  if(AWSLOGSRC_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
