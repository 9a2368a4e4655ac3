"""What a CloudTrail message means, worked out in Python from the rules: the independent opinion that
records are compared with. Tables come as arguments."""
import ipaddress
import json
import re
from datetime import datetime, timezone

DENIED = ("AccessDenied Unauthorized NotAuthorized Forbidden UnrecognizedClient InvalidClientTokenId "
          "SignatureDoesNotMatch ExpiredToken AuthFailure OptInRequired").split()
NETWORK = re.compile("Vpc|Subnet|SecurityGroup|NetworkAcl|Route|Gateway|NetworkInterface|Address|"
                     "FlowLogs|Peering|Vpn|TransitGateway|DhcpOptions|Endpoint")
PROTECTED = ("DynamoDB", "OAuth2", "OAuth", "IPv4", "IPv6", "IdP")
WORD = re.compile("(?:%s)(?![a-z])|[A-Z]{2,}s(?![a-z])[0-9]*|[A-Z]+(?=[A-Z][a-z])[0-9]*|"
                  "[A-Z]+[a-z0-9]*" % "|".join(PROTECTED))


def words(name):
    if not re.fullmatch("[A-Z][A-Za-z0-9]*", name):
        return [name]
    plain = re.sub(r"(?:19|20)[0-9]{6}(?:v[0-9]+)?$", "", name) or name
    return WORD.findall(plain)


class Tables:
    def __init__(self, verbs, exceptions, domains):
        self.verbs, self.exceptions, self.domains = verbs, exceptions, domains

    def activity(self, name, read_only):
        if name in self.exceptions:
            return self.exceptions[name]
        list_ = words(name)
        verb = list_[1] if list_[0] in ("Batch", "Admin", "Bulk", "Transact") and list_[1:] \
            else list_[0]
        activity = self.verbs.get(verb, "other")
        return "read" if activity == "other" and read_only else activity

    def domain(self, service, name, activity):
        if activity in ("login", "logout"):
            return "auth"
        if service == "ec2" and NETWORK.search(name):
            return "network"
        return self.domains.get(service, "other")


def text(value):
    """Strings and numbers; what is empty is absent."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return None
    return str(value) or None


def flag(value):
    word = str(value).lower()
    return True if word in ("true", "yes") else False if word in ("false", "no") else None


def member(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def in_arn(arn):
    parts = (arn or "").split(":", 5)
    return parts[5] if len(parts) == 6 else ""


def user_of(event):
    """User and session."""
    identity = member(event, "userIdentity") or {}

    def get(*names):
        return text(member(identity, *names))
    kind, name, arn, session = get("type"), get("userName"), get("arn"), None
    last = in_arn(arn).rsplit("/", 1)[-1] or None
    if kind is None:
        user = None
    elif kind == "Root":
        user = "root"
    elif kind == "AssumedRole":
        match = re.fullmatch("assumed-role/([^/]*)(?:/(?:.*/)?([^/]*))?", in_arn(arn), re.S)
        session = match.group(2) if match else None
        if not session and ":" in (get("principalId") or ""):
            session = get("principalId").rsplit(":", 1)[1]
        user = get("sessionContext", "sessionIssuer", "userName") or (match and match.group(1))
    elif kind == "FederatedUser":
        user = last
    elif kind == "AWSService":
        user = get("invokedBy")
    elif kind == "AWSAccount":
        user = "anonymous" if get("accountId") == "ANONYMOUS_PRINCIPAL" else get("accountId")
    elif kind == "IdentityCenterUser":
        user = text(member(event, "additionalEventData", "UserName")) or \
            get("onBehalfOf", "userId") or get("userId")
    else:
        user = name or last or get("principalId") or get("userId")
    return user or name or get("invokedBy") or get("principalId") or get("accountId"), session or None


def outcome_of(event, name, kind):
    for part in ("responseElements", "serviceEventDetails"):
        word = text(member(event, part, name)) if name else None
        if word and word.lower() in ("success", "failure"):
            return word.lower()
    if kind == "cloudtrail_insight":
        return "unknown"
    return "failure" if text(event.get("errorCode")) or text(event.get("errorMessage")) \
        else "success"


def kind_of(event):
    kind, category = event.get("eventType"), event.get("eventCategory")
    if kind == "AwsCloudTrailInsight" or category == "Insight":
        return "cloudtrail_insight"
    if kind == "AwsVpceEvent" or category == "NetworkActivity":
        return "cloudtrail_network"
    return "cloudtrail"


def version_of(address):
    try:
        return ipaddress.ip_address(address).version if "%" not in address else None
    except ValueError:
        return None


def is_host(address):
    label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return re.fullmatch(r"(?:%s\.)+%s" % (label, label), address) is not None and \
        not address.rsplit(".", 1)[1][0].isdigit()


def time_of(value):
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?", value or "")
    if not match:
        return None
    moment = datetime.strptime("%sT%s" % match.group(1, 2), "%Y-%m-%dT%H:%M:%S")
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) * 1000 + \
        int(((match.group(3) or "") + "000")[:3])


def is_event(value):
    return isinstance(value, dict) and bool(
        text(value.get("eventVersion")) or
        (text(value.get("eventSource")) and text(value.get("eventName"))))


def record_of(event, tables):
    """The fields by which records are judged; None: absent."""
    kind = kind_of(event)
    insight = member(event, "insightDetails")
    name = text(event.get("eventName")) or text(member(insight, "eventName"))
    source = text(event.get("eventSource")) or text(member(insight, "eventSource"))
    service = source.split(".")[0] if source else None
    read_only = flag(event.get("readOnly"))
    activity = tables.activity(name or "", read_only)
    user, session = user_of(event)
    error = text(event.get("errorCode"))
    address = text(event.get("sourceIPAddress"))
    version = version_of(address or "")
    parameters = member(event, "requestParameters")
    resources = [r for r in event.get("resources") or [] if isinstance(r, dict) and
                 (text(r.get("ARN")) or text(r.get("arn")))]
    mfa = flag(member(event, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated"))
    used = member(event, "additionalEventData", "MFAUsed")
    outcome = outcome_of(event, name, kind)
    console = activity == "read" and \
        member(event, "userIdentity", "invokedBy") == "signin.amazonaws.com"
    title = " ".join(words(name)) if name else None
    if kind == "cloudtrail_insight" and text(member(insight, "insightType")):
        title = " ".join(words(insight["insightType"]) + words(insight["state"]))
    return {
        "kind": kind, "name": name, "source": source, "service": service,
        "title": "Console Login" if console else title,
        "category": "General Audit Event" if console or kind == "cloudtrail_insight" else None,
        "time_ms": time_of(event.get("eventTime")),
        "activity": activity, "domain": tables.domain(service, name or "", activity),
        "outcome": outcome, "denied": any(word in (error or "") for word in DENIED),
        "read_only": read_only, "management": flag(event.get("managementEvent")),
        "region": text(event.get("awsRegion")), "event_id": text(event.get("eventID")),
        "account": text(event.get("recipientAccountId")) or
        text(member(event, "userIdentity", "accountId")),
        "request_id": text(event.get("requestID")), "user_agent": text(event.get("userAgent")),
        "error_message": text(event.get("errorMessage")),
        "actor_user": user, "actor_session": session,
        "actor_mfa": mfa if flag(used) is None else flag(used),
        "src_address": address, "src_ip": address if version else None, "src_ip_version": version,
        "src_host": address if address and not version and is_host(address) else None,
        "target_name": text(member(parameters, "userName")) or text(member(parameters, "roleName"))
        or text(member(parameters, "groupName")) or
        (text(member(parameters, "roleArn")) or "").rsplit("/", 1)[-1] or None,
        "target_arn": text(member(parameters, "policyArn")) or text(member(parameters, "roleArn")),
        "resource_arn": (text(resources[0].get("ARN")) or text(resources[0].get("arn")))
        if resources else None,
    }


def well_formed(text_):
    def refuse(word):
        raise ValueError(word)
    try:
        return True, json.loads(text_, parse_constant=refuse, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return False, None
