#ifndef SIM_ENDPOINT_H
#define SIM_ENDPOINT_H

/* The services in the box; fault rules and counters know them by these names. */
enum sim_endpoint { SIM_LOGS, SIM_IMDS, SIM_CONTAINER, SIM_STS, SIM_ENDPOINT_COUNT };

#endif
