#ifndef SIM_ERROR_WRITER_H
#define SIM_ERROR_WRITER_H

#include "operation.h"

/* Writes the operation's error as its endpoint says it, body and status. */
void sim_error_write(struct sim_operation *operation);

/* A page from something between client and service. */
void sim_error_html(struct sim_operation *operation, int status);

#endif
