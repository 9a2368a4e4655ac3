#ifndef SIM_XML_WRITER_H
#define SIM_XML_WRITER_H

#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* An answer under way: ways to say the same thing follow from `variant`. */
struct sim_xml {
    struct sim_buffer *out;
    uint64_t variant; /* bit 0: no blanks and line ends; bit 1: '+' as a character reference */
    int depth;
};

struct sim_xml_member {
    const char *name;
    const char *text; /* NULL: not there */
};

void sim_xml_open(struct sim_xml *xml, const char *name, const char *attributes);
void sim_xml_close(struct sim_xml *xml, const char *name);
void sim_xml_text(struct sim_xml *xml, const char *name, const char *text);
/* Ends the document inside of its credentials, or half way. */
void sim_xml_damage(struct sim_buffer *body);
/* In an order that follows from the variant. */
void sim_xml_members(struct sim_xml *xml, const struct sim_xml_member *members, size_t count);

#endif
