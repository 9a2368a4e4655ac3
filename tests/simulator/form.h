#ifndef SIM_FORM_H
#define SIM_FORM_H

#include "http.h"

/* The decoded value of a member of a form body, for the caller to free; NULL when absent. */
char *sim_form_value(const struct sim_request *request, const char *name);

#endif
