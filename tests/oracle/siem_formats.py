"""Readers and judges of what a SIEM takes, written from the formats' rules alone: LEEF 2.0, CEF 0,
OCSF 1.5, ECS. Each raises ValueError where something is not as the rules have it."""
import ipaddress
import json
import re


def need(holds, what):
    if not holds:
        raise ValueError(what)


# --- LEEF 2.0 (IBM's guide) ---

LEEF_KEYS = set("""cat devTime proto sev src dst srcPort dstPort usrName accountName srcBytes dstBytes
    srcPackets dstPackets totalPackets role realm policy resource url groupID domain""".split())


def parse_leef(line):
    """Header fields and attributes."""
    need("\n" not in line and "\r" not in line, "a line end inside")
    parts = line.split("|", 6)
    need(len(parts) == 7, "seven parts")
    need(parts[0] == "LEEF:2.0" and parts[5] == "x09", "LEEF:2.0 with tabs")
    need(all(parts[1:5]), "empty header field")
    need(len(parts[4].encode()) <= 255, "EventID is too long")
    attributes = {}
    for pair in parts[6].split("\t"):
        key, equals, value = pair.partition("=")
        need(equals and re.fullmatch("[A-Za-z][A-Za-z0-9]*", key), "bad key %r" % key)
        need(key not in attributes, "key %s twice" % key)
        need(value != "", "empty value of %s" % key)
        need(all(ord(c) >= 32 for c in value), "control character in %s" % key)
        attributes[key] = value
    need(1 <= int(attributes["sev"]) <= 10, "sev")
    for key in ("src", "dst"):
        if key in attributes:
            ipaddress.ip_address(attributes[key])
    for key in ("srcPort", "dstPort"):
        need(0 <= int(attributes.get(key, 0)) <= 65535, key)
    for key in ("usrName", "accountName"):
        need(len(attributes.get(key, "").encode()) <= 255, key + " is too long")
    need(re.fullmatch(r"\d{13}", attributes.get("devTime", "0" * 13)), "devTime has 13 digits")
    return parts[1:5], attributes


# --- CEF 0 (the implementation standard) ---

CEF_LIMITS = {"act": 63, "app": 31, "proto": 31, "outcome": 63, "externalId": 40, "msg": 1023,
              "reason": 1023, "cat": 1023, "suser": 1023, "suid": 1023, "duser": 1023,
              "spriv": 1023, "requestClientApplication": 1023, "destinationServiceName": 1023,
              "shost": 1023, "deviceInboundInterface": 128}
CEF_KEYS = set(CEF_LIMITS) | {"rt", "src", "dst", "spt", "dpt", "in", "start", "end", "cn1",
                              "cn1Label", "deviceDirection", "c6a2", "c6a2Label", "c6a3",
                              "c6a3Label"} | \
    {"flexString1", "flexString1Label"} | \
    {"cs%d%s" % (i, label) for i in range(1, 7) for label in ("", "Label")}


def split_header(line, count):
    """Fields up to count unescaped bars, and the rest."""
    fields, field, at = [], "", 0
    while len(fields) < count:
        need(at < len(line), "the header ends early")
        if line[at] == "\\":
            need(line[at + 1] in "\\|", "bad escape in the header")
            field += line[at + 1]
            at += 2
        elif line[at] == "|":
            fields.append(field)
            field = ""
            at += 1
        else:
            field += line[at]
            at += 1
    return fields, line[at:]


def unescape_cef(value):
    need(re.fullmatch(r"(?:[^\\=\r\n]|\\[\\=nr])*", value), "bad escape in %r" % value[:80])
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m.group(1), m.group(1)), value)


def parse_cef(line):
    need("\n" not in line and "\r" not in line, "a line end inside")
    fields, extension = split_header(line, 7)
    need(fields[0] == "CEF:0", "CEF:0")
    need(all(fields), "empty header field")
    for field, most in zip(fields[1:6], (63, 63, 31, 1023, 512)):
        need(len(field.encode()) <= most, "header field is too long")
    need(0 <= int(fields[6]) <= 10, "severity")
    values = {}
    starts = list(re.finditer(r"(?:^| )([A-Za-z0-9]+)=", extension))
    need(starts and starts[0].start() == 0, "the extension begins with a key")
    for start, after in zip(starts, starts[1:] + [None]):
        key = start.group(1)
        value = unescape_cef(extension[start.end():after.start() if after else None])
        need(key in CEF_KEYS, "unknown key %s" % key)
        need(key not in values, "key %s twice" % key)
        need(value == value.strip(" ") and value, "blanks around %s, or nothing" % key)
        need(len(value.encode()) <= CEF_LIMITS.get(key, 4000), "%s is too long" % key)
        values[key] = value
    for key in values:
        if re.fullmatch("(cs|cn|c6a)[0-9]", key):
            need(key + "Label" in values, "%s without label" % key)
        if key.endswith("Label"):
            need(key[:-5] in values, "%s without value" % key)
    for key, kind in (("src", ipaddress.IPv4Address), ("dst", ipaddress.IPv4Address),
                      ("c6a2", ipaddress.IPv6Address), ("c6a3", ipaddress.IPv6Address)):
        if key in values:
            kind(values[key])
    return fields, values


# --- OCSF 1.5 (the published schema: classes, enums, what is required, who may be in what) ---

OCSF_CLASSES = {
    0: ("Base Event", 0, "Uncategorized", {0: "Unknown", 99: "Other"}),
    3001: ("Account Change", 3, "Identity & Access Management",
           {0: "Unknown", 1: "Create", 2: "Enable", 3: "Password Change", 4: "Password Reset",
            5: "Disable", 6: "Delete", 7: "Attach Policy", 8: "Detach Policy", 9: "Lock",
            10: "MFA Factor Enable", 11: "MFA Factor Disable", 12: "Unlock", 99: "Other"}),
    3002: ("Authentication", 3, "Identity & Access Management",
           {0: "Unknown", 1: "Logon", 2: "Logoff", 3: "Authentication Ticket",
            4: "Service Ticket Request", 5: "Service Ticket Renew", 6: "Preauth",
            7: "Account Switch", 99: "Other"}),
    4001: ("Network Activity", 4, "Network Activity",
           {0: "Unknown", 1: "Open", 2: "Close", 3: "Reset", 4: "Fail", 5: "Refuse", 6: "Traffic",
            7: "Listen", 99: "Other"}),
    6003: ("API Activity", 6, "Application Activity",
           {0: "Unknown", 1: "Create", 2: "Read", 3: "Update", 4: "Delete", 99: "Other"}),
}
OCSF_STATUS = {0: "Unknown", 1: "Success", 2: "Failure", 99: "Other"}
OCSF_DIRECTION = {0: "Unknown", 1: "Inbound", 2: "Outbound", 3: "Lateral", 99: "Other"}
OCSF_ACTION = {0: "Unknown", 1: "Allowed", 2: "Denied", 99: "Other"}
OCSF_DISPOSITION = {0: "Unknown", 1: "Allowed", 2: "Blocked"}
OCSF_BOUNDARY = {4: "Same VPC", 5: "Internet/VPC Gateway", 6: "Virtual Private Gateway",
                 7: "Intra-region VPC", 8: "Inter-region VPC", 9: "Local Gateway",
                 10: "Gateway VPC", 11: "Internet Gateway"}
ENTITY = {"name": str, "uid": str}
ACCOUNT = {"uid": str}
USER = dict(ENTITY, type=str, uid_alt=str, credential_uid=str, account=ACCOUNT)
SESSION = {"created_time": int, "created_time_dt": str, "is_mfa": bool, "issuer": str, "uid": str,
           "credential_uid": str}
ENDPOINT = {"ip": "ip", "domain": str, "uid": str, "name": str, "svc_name": str, "port": int,
            "intermediate_ips": ["ip"], "interface_uid": str, "vpc_uid": str, "subnet_uid": str,
            "instance_uid": str}
OCSF_BASE = {
    "class_uid": int, "class_name": str, "category_uid": int, "category_name": str,
    "activity_id": int, "activity_name": str, "type_uid": int, "type_name": str,
    "severity_id": int, "severity": str, "status_id": int, "status": str, "status_code": str,
    "time": int, "time_dt": str, "message": str, "raw_data": str, "unmapped": dict,
    "metadata": {"version": str, "uid": str, "event_code": str, "logged_time": int, "log_name": str,
                 "profiles": [str],
                 "product": dict(ENTITY, vendor_name=str, version=str, feature=ENTITY)},
    "cloud": {"provider": str, "region": str, "zone": str, "account": ACCOUNT},
}
OCSF_API = {
    "actor": {"user": USER, "session": SESSION, "idp": ENTITY, "invoked_by": str, "app_name": str},
    "api": {"operation": str, "version": str, "service": ENTITY,
            "request": {"uid": str, "data": "json"},
            "response": {"error": str, "message": str, "data": "json"}},
    "src_endpoint": ENDPOINT, "http_request": {"user_agent": str},
}
OCSF_MORE = {
    0: {},
    3001: dict(OCSF_API, user=USER, policy=ENTITY),
    3002: dict(OCSF_API, user=USER, session=SESSION, is_mfa=bool, dst_endpoint=ENDPOINT,
               service=ENTITY),
    4001: {"action_id": int, "action": str, "disposition_id": int, "disposition": str,
           "start_time": int, "start_time_dt": str, "end_time": int, "end_time_dt": str,
           "connection_info": {"direction_id": int, "direction": str, "boundary_id": int,
                               "boundary": str, "protocol_num": int, "protocol_ver_id": int,
                               "protocol_ver": str, "tcp_flags": int},
           "src_endpoint": ENDPOINT, "dst_endpoint": ENDPOINT,
           "traffic": {"bytes": int, "packets": int}},
    6003: dict(OCSF_API, resources=[dict(ENTITY, type=str, owner={"account": ACCOUNT})]),
}
OCSF_REQUIRED = {0: (), 3001: ("user",), 3002: ("user",), 4001: ("connection_info",),
                 6003: ("actor", "api", "src_endpoint")}


def check_shape(value, shape, where):
    if shape == "ip":
        ipaddress.ip_address(value)
    elif shape == "json":
        if not value.endswith("[truncated]"):
            json.loads(value)
    elif isinstance(shape, list):
        need(isinstance(value, list) and value, "%s: a list with something in it" % where)
        for item in value:
            check_shape(item, shape[0], where)
    elif isinstance(shape, dict):
        need(isinstance(value, dict) and value, "%s: an object with something in it" % where)
        for name, inner in value.items():
            need(name in shape, "%s.%s is not in the schema" % (where, name))
            check_shape(inner, shape[name], "%s.%s" % (where, name))
    else:
        need(type(value) is shape, "%s: %r is no %s" % (where, value, shape.__name__))


def check_caption(event, name, captions):
    value = event.get(name + "_id", event.get(name + "_uid"))
    if value is not None:
        need(captions.get(value) == event.get(name, event.get(name + "_name")),
             "%s: %r" % (name, value))


def check_ocsf(text):
    event = json.loads(text)
    need(event["class_uid"] in OCSF_CLASSES, "class_uid")
    name, category, category_name, activities = OCSF_CLASSES[event["class_uid"]]
    check_shape(event, dict(OCSF_BASE, **OCSF_MORE[event["class_uid"]]), "event")
    need((event["class_name"], event["category_uid"], event["category_name"]) ==
         (name, category, category_name), "names of class and category")
    activity = event["activity_id"]
    need(activities.get(activity) == event["activity_name"], "activity %r" % activity)
    need(event["type_uid"] == event["class_uid"] * 100 + activity, "type_uid")
    need(event["type_name"] == "%s: %s" % (name, event["activity_name"]), "type_name")
    need((event["severity_id"], event["severity"]) == (1, "Informational"), "severity")
    need(OCSF_STATUS[event["status_id"]] == event["status"], "status")
    need(event["metadata"]["version"] == "1.5.0", "version")
    for required in ("time", "metadata", "cloud") + OCSF_REQUIRED[event["class_uid"]]:
        need(required in event, "%s is missing" % required)
    need("product" in event["metadata"] and "provider" in event["cloud"], "product and provider")
    if "actor" in event:
        need({"user", "session", "invoked_by", "app_name"} & set(event["actor"]), "an empty actor")
    for user in [event.get("user"), event.get("actor", {}).get("user")]:
        need(user is None or {"name", "uid", "account", "type", "uid_alt", "credential_uid"} &
             set(user), "a user of nothing")
    if "request" in event.get("api", {}):
        need("uid" in event["api"]["request"], "a request needs its uid")
    if event["class_uid"] == 3002:
        need("service" in event or "dst_endpoint" in event, "what was signed in to")
    connection = event.get("connection_info")
    if connection is not None:
        need(OCSF_DIRECTION[connection["direction_id"]] == connection["direction"], "direction")
        if "boundary_id" in connection:
            need(OCSF_BOUNDARY[connection["boundary_id"]] == connection["boundary"], "boundary")
        need(OCSF_ACTION[event["action_id"]] == event["action"], "action")
        need(OCSF_DISPOSITION[event["disposition_id"]] == event["disposition"], "disposition")
    return event


# --- ECS ---

ECS_TYPES = {
    "api": "access admin allowed change creation deletion denied end info start user",
    "authentication": "start end info",
    "configuration": "access change creation deletion info",
    "iam": "admin change creation deletion group info user",
    "file": "access change creation deletion info",
    "database": "access change info error",
    "network": "access allowed connection denied end info protocol start",
}


def check_ecs(text):
    event = json.loads(text)
    need(event["event.kind"] == "event" and event["event.module"] == "aws", "kind and module")
    categories = event.get("event.category", [])
    allowed = set(" ".join(ECS_TYPES[category] for category in categories).split())
    need(set(event.get("event.type", [])) <= allowed, "type %r of %r" % (event.get("event.type"),
                                                                     categories))
    first = event.get("event.type", [None])[0]
    need(not categories or first in ECS_TYPES[categories[0]].split() or
         ("api" in categories and first in ("start", "end")), "type %r" % first)
    need(event.get("event.outcome", "unknown") in ("success", "failure", "unknown"), "outcome")
    for key in ("source.ip", "destination.ip"):
        if key in event:
            ipaddress.ip_address(event[key])
    for address in event.get("related.ip", []):
        ipaddress.ip_address(address)
    for key in ("@timestamp", "event.created", "event.start", "event.end"):
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.get(
            key, "2000-01-01T00:00:00.000Z")), key)
    need(len(set(event.get("related.user", []))) == len(event.get("related.user", [])), "twice")
    return event


# --- Syslog ---

def split_octets(data):
    """The messages of an octet-counted stream (RFC 6587)."""
    messages = []
    while data:
        match = re.match(rb"([1-9][0-9]*) ", data)
        need(match, "no count where one is due: %r" % data[:20])
        size = int(match.group(1))
        message = data[match.end():match.end() + size]
        need(len(message) == size, "the stream ends early")
        messages.append(message)
        data = data[match.end() + size:]
    return messages
