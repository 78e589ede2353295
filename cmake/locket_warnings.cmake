# Gives a target the project's warnings. They are errors where LOCKET_WERROR says so (all presets do), not for
# users, whose newer compilers may know more warnings.
function(locket_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual $<$<BOOL:${LOCKET_WERROR}>:-Werror>)
endfunction()
