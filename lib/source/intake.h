/* The pages that arrived, of all regions of all sources of a context: worked on one after the
 * other, in small steps of which the loop takes one a turn, with one page's worth of scratch
 * memory. */
#ifndef ALS_SOURCE_INTAKE_H
#define ALS_SOURCE_INTAKE_H

#include "aws/page.h"
#include "net/loop.h"

struct als_chain;

struct als_intake {
    struct als_loop *loop;
    struct als_timer work;
    struct als_page page;           /* decoded, of the first chain */
    struct als_chain *first, *last; /* with a page in their body */
};

void als_intake_init(struct als_intake *intake, struct als_loop *loop);
void als_intake_clear(struct als_intake *intake); /* once no chain is left */

/* A page arrived in the chain's body. What becomes of it is told to its reader. */
void als_intake_push(struct als_intake *intake, struct als_chain *chain);

/* The chain goes, perhaps with a page. */
void als_intake_forget(struct als_intake *intake, struct als_chain *chain);

/* Nothing keeps a page of long stream names below our limits but asking for fewer events. A token
 * goes with the parameters it was made for, so the chain is dropped, to start again from the map.
 */
void als_intake_shrink_pages(struct als_chain *chain);

#endif
