/* The texts that the command prints about itself, on stdout. */
#ifndef HELP_H
#define HELP_H

void help_print(void);

void help_print_collect(void);
void help_print_check(void);
void help_print_policy(void);
void help_print_trust(void);
void help_print_normalize(void);

/* The option table. */
void help_print_options(void);

#endif
