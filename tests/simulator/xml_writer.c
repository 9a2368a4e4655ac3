#include "xml_writer.h"

#include <string.h>

static void new_line(struct sim_xml *xml)
{
    if (xml->variant & 1)
        return;
    sim_buffer_text(xml->out, "\n");
    for (int i = 0; i < xml->depth; i++)
        sim_buffer_text(xml->out, "  ");
}

static void escape(const struct sim_xml *xml, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': sim_buffer_text(xml->out, "&amp;"); break;
        case '<': sim_buffer_text(xml->out, "&lt;"); break;
        case '>': sim_buffer_text(xml->out, "&gt;"); break;
        case '"': sim_buffer_text(xml->out, "&quot;"); break;
        case '+': sim_buffer_text(xml->out, xml->variant & 2 ? "&#x2B;" : "+"); break;
        default: sim_buffer_add(xml->out, text, 1);
        }
    }
}

void sim_xml_open(struct sim_xml *xml, const char *name, const char *attributes)
{
    if (xml->depth)
        new_line(xml);
    sim_buffer_printf(xml->out, "<%s%s%s>", name, *attributes ? " " : "", attributes);
    xml->depth++;
}

void sim_xml_close(struct sim_xml *xml, const char *name)
{
    xml->depth--;
    new_line(xml);
    sim_buffer_printf(xml->out, "</%s>", name);
}

void sim_xml_text(struct sim_xml *xml, const char *name, const char *text)
{
    new_line(xml);
    sim_buffer_printf(xml->out, "<%s>", name);
    escape(xml, text);
    sim_buffer_printf(xml->out, "</%s>", name);
}

void sim_xml_members(struct sim_xml *xml, const struct sim_xml_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sim_xml_member *member = &members[((xml->variant >> 8) + i) % count];
        if (member->text)
            sim_xml_text(xml, member->name, member->text);
    }
}

void sim_xml_damage(struct sim_buffer *body)
{
    static const char tag[] = "<Credentials>";
    const char *at = body->length ? memmem(body->data, body->length, tag, sizeof tag - 1) : NULL;
    body->length = at ? (size_t)(at - body->data) + sizeof tag - 1 : body->length / 2;
}
