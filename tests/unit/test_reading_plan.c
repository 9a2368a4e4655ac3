#include "testing.h"

#include <time.h>

#include "world.h"

enum { DEFAULT_WORLDS = 60 };

int main(int argc, char **argv)
{
    uint64_t first = 1, worlds = DEFAULT_WORLDS; uint32_t faults = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--seed")) { first = strtoull(argv[++i], NULL, 10); worlds = 1; }
        else if (!strcmp(argv[i], "--worlds")) worlds = strtoull(argv[++i], NULL, 10);
        else for (unsigned f = 0; world_fault_name(f); f++) if (!strcmp(world_fault_name(f), argv[i])) faults |= 1u << f;
    }
    size_t ev=0,lost=0,rep=0,ids=0,pieces=0; uint64_t ret=0,calls=0;
    for (uint64_t s = first; s < first + worlds; s++) {
        struct world_options o = world_default(s); o.faults = faults;
        struct world_result r = world_run(&o);
        if ((r.lost || r.repeated) ) printf("seed %d lost %zu rep %zu of %zu\n", (int)s, r.lost, r.repeated, r.events);
        ev+=r.events; lost+=r.lost; rep+=r.repeated; ret+=r.returned; calls+=r.calls;
        if (r.most_ids>ids) ids=r.most_ids;
        if (r.most_pieces>pieces) pieces=r.most_pieces;
    }
    printf("worlds %d events %zu lost %zu repeated %zu amplification %.2f calls %llu ids %zu pieces %zu\n",(int)worlds,ev,lost,rep,(double)ret/(double)ev,(unsigned long long)calls,ids,pieces);
    return 0;
}
