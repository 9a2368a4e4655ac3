#include "normalize/ocsf_flow.h"

#define F(name) AWSLOGSRC_FIELD_##name

/* Which fields one end of a flow has, and on which direction the log's own interface is there. */
struct end {
    const char *name;
    int ip, packet_ip, port, service;
    struct als_text own;
};

static const struct end source = {"src_endpoint", F(SRC_IP),          F(PKT_SRC_IP),
                                  F(SRC_PORT),    F(PKT_SRC_SERVICE), {"egress", 6}};
static const struct end destination = {"dst_endpoint", F(DST_IP),          F(PKT_DST_IP),
                                       F(DST_PORT),    F(PKT_DST_SERVICE), {"ingress", 7}};

/* The packet's own address, where a gateway or balancer stands in between with the other. */
static void write_addresses(struct als_json_writer *json, const awslogsrc_record *record,
                            const struct end *end)
{
    struct als_text ip = als_record_text(record, end->ip);
    struct als_text packet = als_record_text(record, end->packet_ip);
    bool between = packet.size > 0 && ip.size > 0 && !als_text_equal(packet, ip);
    als_json_writer_text(json, "ip", packet.size > 0 ? packet : ip);
    als_json_writer_open_array(json, "intermediate_ips");
    if (between)
        als_json_writer_text(json, NULL, ip);
    als_json_writer_close(json);
}

static void write_end(struct als_json_writer *json, const awslogsrc_record *record,
                      const struct end *end)
{
    bool own = als_record_is(record, F(FLOW_DIRECTION), end->own);
    bool unknown = !als_record_has(record, end->ip) && !als_record_has(record, end->packet_ip);
    als_json_writer_open(json, end->name);
    write_addresses(json, record, end);
    als_json_writer_field(json, "port", record, end->port);
    als_json_writer_field(json, "svc_name", record, end->service);
    if (own) {
        als_json_writer_field(json, "interface_uid", record, F(INTERFACE));
        als_json_writer_field(json, "vpc_uid", record, F(VPC));
        als_json_writer_field(json, "subnet_uid", record, F(SUBNET));
        als_json_writer_field(json, "instance_uid", record, F(INSTANCE));
    } else if (unknown) {
        als_json_writer_text(json, "name", ALS_TEXT("Unknown"));
    }
    als_json_writer_close(json);
}

static void write_direction(struct als_json_writer *json, const awslogsrc_record *record)
{
    if (als_record_is(record, F(FLOW_DIRECTION), ALS_TEXT("ingress"))) {
        als_json_writer_integer(json, "direction_id", 1);
        als_json_writer_text(json, "direction", ALS_TEXT("Inbound"));
    } else if (als_record_is(record, F(FLOW_DIRECTION), ALS_TEXT("egress"))) {
        als_json_writer_integer(json, "direction_id", 2);
        als_json_writer_text(json, "direction", ALS_TEXT("Outbound"));
    } else {
        als_json_writer_integer(json, "direction_id", 0);
        als_json_writer_text(json, "direction", ALS_TEXT("Unknown"));
    }
}

/* traffic-path of AWS as boundary_id of OCSF, by number. */
static void write_boundary(struct als_json_writer *json, const awslogsrc_record *record)
{
    static const struct {
        int id;
        const char *name;
    } boundaries[] = {
        {0, NULL},
        {4, "Same VPC"},
        {5, "Internet/VPC Gateway"},
        {6, "Virtual Private Gateway"},
        {7, "Intra-region VPC"},
        {8, "Inter-region VPC"},
        {9, "Local Gateway"},
        {10, "Gateway VPC"},
        {11, "Internet Gateway"},
    };
    int64_t path = als_record_integer(record, F(TRAFFIC_PATH), 0);
    if (path < 1 || path >= (int64_t)(sizeof boundaries / sizeof *boundaries))
        return;
    als_json_writer_integer(json, "boundary_id", boundaries[path].id);
    als_json_writer_text(json, "boundary", als_text_of(boundaries[path].name));
}

static void write_connection(struct als_json_writer *json, const awslogsrc_record *record)
{
    int64_t version = als_record_integer(record, F(SRC_IP_VERSION), 0);
    als_json_writer_open(json, "connection_info");
    write_direction(json, record);
    write_boundary(json, record);
    als_json_writer_field(json, "protocol_num", record, F(PROTOCOL));
    if (version > 0) {
        als_json_writer_integer(json, "protocol_ver_id", version);
        als_json_writer_text(json, "protocol_ver",
                             version == 4 ? ALS_TEXT("Internet Protocol version 4 (IPv4)")
                                          : ALS_TEXT("Internet Protocol version 6 (IPv6)"));
    }
    als_json_writer_field(json, "tcp_flags", record, F(TCP_FLAGS));
    als_json_writer_close(json);
}

static void write_action(struct als_json_writer *json, const awslogsrc_record *record)
{
    bool accepted = als_record_is(record, F(FLOW_ACTION), ALS_TEXT("ACCEPT"));
    bool rejected = als_record_is(record, F(FLOW_ACTION), ALS_TEXT("REJECT"));
    als_json_writer_integer(json, "action_id", accepted ? 1 : rejected ? 2 : 0);
    als_json_writer_text(json, "action",
                         accepted   ? ALS_TEXT("Allowed")
                         : rejected ? ALS_TEXT("Denied")
                                    : ALS_TEXT("Unknown"));
    als_json_writer_integer(json, "disposition_id", accepted ? 1 : rejected ? 2 : 0);
    als_json_writer_text(json, "disposition",
                         accepted   ? ALS_TEXT("Allowed")
                         : rejected ? ALS_TEXT("Blocked")
                                    : ALS_TEXT("Unknown"));
    als_json_writer_field(json, "status_code", record, F(FLOW_STATUS));
}

static void write_time(struct als_json_writer *json, const char *name,
                       const awslogsrc_record *record, int field)
{
    if (als_record_has(record, field))
        als_json_writer_time(json, name, als_record_integer(record, field, 0));
}

void als_ocsf_flow_write(struct als_json_writer *json, const awslogsrc_record *record)
{
    write_action(json, record);
    als_json_writer_field(json, "start_time", record, F(START_MS));
    write_time(json, "start_time_dt", record, F(START_MS));
    als_json_writer_field(json, "end_time", record, F(END_MS));
    write_time(json, "end_time_dt", record, F(END_MS));
    write_connection(json, record);
    write_end(json, record, &source);
    write_end(json, record, &destination);
    als_json_writer_open(json, "traffic");
    als_json_writer_field(json, "bytes", record, F(BYTES));
    als_json_writer_field(json, "packets", record, F(PACKETS));
    als_json_writer_close(json);
    als_json_writer_open(json, "unmapped");
    als_json_writer_field(json, "reject_reason", record, F(REJECT_REASON));
    if (!als_record_has(record, F(FLOW_DIRECTION)))
        als_json_writer_field(json, "interface_id", record, F(INTERFACE));
    als_json_writer_close(json);
}
